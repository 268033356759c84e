import { LONGEST_VALUE } from '../attributes';
import type { ClientConfig } from '../config';
import { withDevice, withKnownDevice } from '../device';
import { refuse } from '../exceptions';
import type { Pool } from '../pool';
import type { AuthResponse } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import type { SignIn } from '../sign-in';
import type { User } from '../user';
import { hidesUsers } from '../user-existence';
import type { StartRequest } from './flow';

/**
 * Who signs in, by name or alias. Where PreventUserExistenceErrors is ENABLED a simulated user stands in for an unknown
 * one. SECRET_HASH is judged before the user, so that a wrong one tells nothing about users.
 */
export function signInOf({ api, pool, client, parameters }: StartRequest): SignIn {
  const username = parameters.need('USERNAME');
  if (username.length > LONGEST_VALUE) throw refuse('usernameTooLong', { max: String(LONGEST_VALUE) });
  checkSecretHash(client, username, parameters.get('SECRET_HASH'));
  const user = pool.findUser(username) ?? simulated(pool, client, username);
  // Assumption: also where PreventUserExistenceErrors is ENABLED.
  if (!user.enabled) throw refuse('userDisabled');
  const signIn = { api, pool, client, user };
  return parameters.get('SRP_A') ? withKnownDevice(signIn, parameters) : withDevice(signIn, parameters);
}

/** The first answer of a sign-in names the canonical username, whichever challenge it poses (API reference). */
export function withUserId(response: AuthResponse, { username }: User): AuthResponse {
  if (!response.ChallengeName) return response;
  return { ...response, ChallengeParameters: { ...response.ChallengeParameters, USER_ID_FOR_SRP: username } };
}

function simulated(pool: Pool, client: ClientConfig, username: string): User {
  if (!hidesUsers(client)) throw refuse('userNotFound');
  return pool.simulateUser(username);
}
