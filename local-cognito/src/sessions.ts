import type { ChallengeName } from './challenges/names';
import type { Clock } from './clock';
import { refuse } from './exceptions';
import { Ledger } from './ledger';
import type { Judge, SignIn } from './sign-in';

interface Session {
  readonly signIn: SignIn;
  readonly challenge: ChallengeName;
  readonly judge: Judge;
  /** Inside MFA_SETUP the TOTP secret given out and not confirmed yet; base32. */
  readonly pendingTotpSecret: string | undefined;
}

/** The opaque sessions that tie a challenge to its answer. */
export class Sessions {
  readonly #ledger: Ledger<Session>;

  constructor(clock: Clock) {
    this.#ledger = new Ledger(clock);
  }

  start(signIn: SignIn, challenge: ChallengeName, judge: Judge, pendingTotpSecret?: string): string {
    return this.#ledger.issue({ signIn, challenge, judge, pendingTotpSecret }, signIn.client);
  }

  /**
   * A live session for this challenge, as by {@link Ledger.recall}.
   * Assumption: a password that changed meanwhile does not end it.
   * @throws NotAuthorizedException also for a session of another challenge
   */
  recall(id: string, challenge: ChallengeName): Session {
    const session = this.#ledger.recall(id);
    // Assumption: AWS's message for a session that was issued for another challenge is not known.
    if (session.challenge !== challenge) throw refuse('sessionBogus');
    return session;
  }

  /** As {@link Ledger.use}. */
  use<T>(id: string, judge: () => T | Promise<T>): Promise<T> {
    return this.#ledger.use(id, judge);
  }

  /** Ends a session whose step is done. */
  spend(id: string): void {
    this.#ledger.spend(id);
  }
}
