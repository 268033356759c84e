import type { Pool } from '../pool';
import type { Service } from '../service';
import type { User } from '../user';
import type { Input } from './input';
import { accessToken, userPoolId, username } from './members';
import type { Shape } from './shape';

/** Whose affairs a request is about: users look after their own, administrators after everybody's. */
export interface Caller {
  readonly signed: boolean;
  readonly shape: Shape;
  /** @throws NotAuthorizedException, UserNotFoundException, ResourceNotFoundException for a pool */
  readonly find: (service: Service, input: Input) => { pool: Pool; user: User };
}

/** The user of the access token. */
export const owner: Caller = {
  signed: false,
  shape: { AccessToken: { ...accessToken, required: true } },
  find: ({ tokens }, input) => tokens.authorize(input.text('AccessToken')),
};

export const administrator: Caller = {
  signed: true,
  shape: { UserPoolId: userPoolId, Username: username },
  find: ({ pools }, input) => {
    const pool = pools.get(input.text('UserPoolId'));
    return { pool, user: pool.user(input.text('Username')) };
  },
};
