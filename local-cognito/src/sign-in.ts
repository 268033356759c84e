import type { ChallengeName } from './challenges/names';
import type { ClientConfig } from './config';
import type { Parameters } from './parameters';
import type { Pool } from './pool';
import type { User } from './user';

/** The two families of operations: unsigned ones for clients, signed ones (AdminInitiateAuth, ...) for servers. */
export type Api = 'client' | 'admin';

/** Who is signing in, where. Stays the same through all challenges. */
export interface SignIn {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly user: User;
}

/** What an accepted answer has proven, or the challenge that the user chose next. */
export type Progress = 'password' | 'new password' | 'second factor' | { ask: ChallengeName };

/** Judges the answer to a challenge, at once or later. @throws the refusal of a wrong one */
export type Judge = (responses: Parameters) => Progress | Promise<Progress>;
