import { refuse } from '../exceptions';
import type { AuthResponse } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import { rotates } from '../refresh-tokens';
import type { Service } from '../service';
import type { StartRequest } from './flow';

/** REFRESH_TOKEN_AUTH. SECRET_HASH is over the canonical username, which the request does not name (boto/boto3#2736). */
export function startWithRefreshToken(
  { tokens }: Service,
  { api, pool, client, parameters }: StartRequest,
): AuthResponse {
  if (rotates(client)) throw refuse('rotationForbidsRefreshAuth');
  const caller = { api, pool, client, deviceKey: parameters.get('DEVICE_KEY') };
  const refreshToken = parameters.need('REFRESH_TOKEN');
  const grant = tokens.refreshTokens.redeem(refreshToken, caller);
  checkSecretHash(client, grant.signIn.user.username, parameters.get('SECRET_HASH'));
  return { ChallengeParameters: {}, AuthenticationResult: tokens.refresh(refreshToken, grant) };
}
