import { refuse } from '../exceptions';
import type { AuthResponse } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import type { Service } from '../service';
import type { StartRequest } from './flow';

/** REFRESH_TOKEN_AUTH. SECRET_HASH is over the canonical username, which the request does not name (boto/boto3#2736). */
export function startWithRefreshToken(service: Service, { api, pool, client, parameters }: StartRequest): AuthResponse {
  if (client.refreshTokenRotation?.feature === 'ENABLED') throw refuse('rotationForbidsRefreshAuth');
  const caller = { api, pool, client, deviceKey: parameters.get('DEVICE_KEY') };
  const grant = service.tokens.grant(parameters.need('REFRESH_TOKEN'), caller);
  const { user } = grant.signIn;
  checkSecretHash(client, user.username, parameters.get('SECRET_HASH'));
  if (!user.enabled) throw refuse('userDisabled');
  return { ChallengeParameters: {}, AuthenticationResult: service.tokens.refresh(grant) };
}
