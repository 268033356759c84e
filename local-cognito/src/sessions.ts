import { randomBytes } from 'node:crypto';
import type { ChallengeName } from './challenges/names';
import type { Clock } from './clock';
import { CognitoException, refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';
import type { Judge, SignIn } from './sign-in';

interface Session {
  readonly signIn: SignIn;
  readonly challenge: ChallengeName;
  readonly judge: Judge;
  /** Inside MFA_SETUP the TOTP secret given out and not confirmed yet; base32. */
  readonly pendingTotpSecret: string | undefined;
  readonly expiresAt: number;
  used: boolean;
}

/** An expired or used session is remembered that long, to be refused by the right message. */
const REMEMBERED_MS = 60 * 60_000;
const LIMIT = 10_000;
/** Makes 1496 characters, about as long as Cognito's own. */
const SESSION_BYTES = 1122;

/** The opaque sessions that tie a challenge to its answer. */
export class Sessions {
  readonly #sessions: ExpiringMap<Session>;

  constructor(private readonly clock: Clock) {
    this.#sessions = new ExpiringMap(clock, LIMIT);
  }

  /** Starts a session. It lives AuthSessionValidity minutes, 3 unless the client says otherwise. */
  start(signIn: SignIn, challenge: ChallengeName, judge: Judge, pendingTotpSecret?: string): string {
    const id = randomBytes(SESSION_BYTES).toString('base64url');
    const expiresAt = this.clock.now() + (signIn.client.authSessionValidity ?? 3) * 60_000;
    const session = { signIn, challenge, judge, pendingTotpSecret, expiresAt, used: false };
    this.#sessions.set(id, session, expiresAt + REMEMBERED_MS);
    return id;
  }

  /**
   * A live session for this challenge; recalling it does not end it, {@link use} and {@link spend} do.
   * Assumption: a password that changed meanwhile does not end it either.
   * @throws NotAuthorizedException for a session that is bogus, expired, used, or of another challenge
   */
  recall(id: string, challenge: ChallengeName): Readonly<Session> {
    const session = this.#sessions.get(id);
    if (!session) throw refuse('sessionBogus');
    if (session.used) throw refuse('sessionUsed');
    if (session.expiresAt <= this.clock.now()) throw refuse('sessionExpired');
    // Assumption: AWS's message for a session that was issued for another challenge is not known.
    if (session.challenge !== challenge) throw refuse('sessionBogus');
    return session;
  }

  /**
   * Has an answer judged: the session is spent when the judge accepts, and usable again when it throws, unless the
   * refusal ends the attempt. In between it counts as used, so that of several answers at once one alone is accepted.
   */
  async use<T>(id: string, judge: () => T | Promise<T>): Promise<T> {
    const session = this.#sessions.get(id);
    if (!session) throw refuse('sessionBogus');
    if (session.used) throw refuse('sessionUsed');
    session.used = true;
    try {
      return await judge();
    } catch (error) {
      session.used = error instanceof CognitoException && error.endsAttempt;
      throw error;
    }
  }

  /** Ends a session whose step is done. */
  spend(id: string): void {
    const session = this.#sessions.get(id);
    if (session) session.used = true;
  }
}
