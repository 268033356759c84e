import type { Method, StepUp } from './acr-levels';
import type { Begin } from './challenges/challenge';
import type { ChallengeName } from './challenges/names';
import type { ClientConfig } from './config';
import type { Device } from './device';
import type { Parameters } from './parameters';
import type { Pool } from './pool';
import type { ChallengeResult } from './triggers';
import type { User } from './user';

/** The two families of operations: unsigned ones for clients, signed ones (AdminInitiateAuth, ...) for servers. */
export type Api = 'client' | 'admin';

/**
 * Who is signing in, where. Stays the same through all challenges, but for the device, which an answer may name, and what
 * has been seen on the way.
 */
export interface SignIn {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly user: User;
  /** The device that the client has named, where devices are tracked. */
  readonly device?: Device;
  /** In USER_AUTH with TARGET_ACR_VALUES alone. */
  readonly stepUp?: StepUp;
  /** In CUSTOM_AUTH alone. */
  readonly custom?: CustomAuth | undefined;
}

/** What CUSTOM_AUTH carries from step to step. */
export interface CustomAuth {
  /** Oldest first. */
  readonly history: readonly ChallengeResult[];
  /** SRP_A of the start, if it was given. */
  readonly A: bigint | undefined;
  /** The device that has proven itself; a later answer may name another one. */
  readonly provenDevice?: Device | undefined;
}

/** A challenge that comes next, because the user chose it or the pool demands it. */
export interface Choice {
  readonly ask: ChallengeName;
  /** How it begins, where that is not as the table of challenges says. */
  readonly begin?: Begin;
}

/**
 * What an accepted answer has proven, the challenge that comes next, or what came of a custom challenge.
 * `alone`: a passwordless factor, which no second one follows.
 */
export type Progress =
  'password' | 'new password' | 'second factor' | 'device' | { alone: Method } | Choice | { result: ChallengeResult };

/** Judges the answer to a challenge, at once or later. @throws the refusal of a wrong one */
export type Judge = (
  responses: Parameters,
  clientMetadata: Readonly<Record<string, string>> | undefined,
) => Progress | Promise<Progress>;
