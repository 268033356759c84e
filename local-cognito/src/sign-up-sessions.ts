import { randomBytes } from 'node:crypto';
import type { Clock } from './clock';
import type { ClientConfig } from './config';
import { refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';
import type { Pool } from './pool';
import type { User } from './user';

/** A sign-up that was confirmed by a code. */
export interface ConfirmedSignUp {
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly user: User;
  /** The first factor that the code's way of delivery stands for. */
  readonly confirmedBy: 'EMAIL_OTP' | 'SMS_OTP';
}

const LIMIT = 10_000;
const SESSION_BYTES = 1122;

/**
 * The sessions that ConfirmSignUp answers with. Given to USER_AUTH, each signs its user in once without a further
 * challenge, where the user is offered the one-time code that confirmed it (developer guide, "Automatic sign-in with
 * OTPs"). Assumption: it lives AuthSessionValidity minutes; where the user is not offered that code, USER_AUTH goes on
 * as without it.
 */
export class SignUpSessions {
  readonly #confirmed: ExpiringMap<ConfirmedSignUp>;

  constructor(private readonly clock: Clock) {
    this.#confirmed = new ExpiringMap(clock, LIMIT);
  }

  /** The Session of a ConfirmSignUp answer. */
  start(signUp: ConfirmedSignUp): string {
    const id = randomBytes(SESSION_BYTES).toString('base64url');
    const expiresAt = this.clock.now() + (signUp.client.authSessionValidity ?? 3) * 60_000;
    this.#confirmed.set(id, signUp, expiresAt);
    return id;
  }

  /** Takes a session in. @throws NotAuthorizedException for one that is unknown, expired, used or of another client */
  spend(id: string, caller: { pool: Pool; client: ClientConfig }): ConfirmedSignUp {
    const signUp = this.#confirmed.get(id);
    if (signUp?.pool !== caller.pool || signUp.client !== caller.client) throw refuse('sessionBogus');
    if (!signUp.user.enabled) throw refuse('userDisabled');
    this.#confirmed.delete(id);
    return signUp;
  }
}
