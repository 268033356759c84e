import { refuse } from '../exceptions';
import type { Pool } from '../pool';
import { type AuthResponse, proceed } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import type { Service } from '../service';
import type { ClientConfig } from '../config';
import type { User } from '../user';
import type { StartRequest } from './flow';

/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself is sent. */
export function startWithPassword(service: Service, request: StartRequest): AuthResponse {
  const { api, pool, client, parameters, forced } = request;
  const username = parameters.need('USERNAME');
  checkSecretHash(client, username, parameters.get('SECRET_HASH'));
  const user = findUser(pool, client, username);
  const signIn = { api, pool, client, user };
  if (forced) return withUserId(proceed(service, signIn, { ask: forced.challenge }), user);
  const isRight = () => user.hasPassword(parameters.need('PASSWORD'));
  user.provePassword(isRight, service.clock.now(), pool.passwordPolicy.temporaryPasswordValidityDays);
  return withUserId(proceed(service, signIn, 'password'), user);
}

/** The user by name or alias, refused as PreventUserExistenceErrors says. */
function findUser(pool: Pool, client: ClientConfig, username: string): User {
  const user = pool.findUser(username);
  if (!user) throw refuse(client.preventUserExistenceErrors === 'ENABLED' ? 'wrongPassword' : 'userNotFound');
  if (!user.enabled) throw refuse('userDisabled');
  return user;
}

/** The first answer of a sign-in names the canonical username, whichever challenge it poses (API reference). */
function withUserId(response: AuthResponse, user: User): AuthResponse {
  if (!response.ChallengeName) return response;
  return { ...response, ChallengeParameters: { ...response.ChallengeParameters, USER_ID_FOR_SRP: user.username } };
}
