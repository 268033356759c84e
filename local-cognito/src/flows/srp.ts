import { refuse } from '../exceptions';
import type { AuthResponse } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import { readSrpA } from '../protocol/srp';
import type { Service } from '../service';
import type { StartRequest } from './flow';

/** USER_SRP_AUTH: the password is proven and never sent. The answer carries no Session. */
export function startWithSrp(service: Service, { api, pool, client, parameters }: StartRequest): AuthResponse {
  const username = parameters.need('USERNAME');
  checkSecretHash(client, username, parameters.get('SECRET_HASH'));
  const A = readSrpA(parameters.need('SRP_A'));
  if (A === undefined) throw refuse('srpAInvalid');
  const user = pool.findUser(username);
  if (!user && client.preventUserExistenceErrors !== 'ENABLED') throw refuse('userNotFound');
  if (user && !user.enabled) throw refuse('userDisabled');
  const { userId, verifier } = user ? { userId: user.username, verifier: user.verifier } : pool.simulateUser(username);
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: service.srpStarts.start({ api, pool, client, user, userId, verifier, A }),
  };
}
