import type { Clock } from './clock';
import type { Faults } from './faults';
import type { SrpStarts } from './challenges/password-verifier';
import type { Outbox } from './outbox';
import type { Pools } from './pool';
import type { Registrations } from './passkeys/registrations';
import type { Sessions } from './sessions';
import type { SignUps } from './sign-ups';
import type { Tokens } from './tokens';

/** Everything an operation works with. */
export interface Service {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly pools: Pools;
  readonly registrations: Registrations;
  readonly sessions: Sessions;
  readonly signUps: SignUps;
  readonly srpStarts: SrpStarts;
  readonly tokens: Tokens;
  /** How long a trigger may take, in ms. */
  readonly triggerTimeout: number;
}
