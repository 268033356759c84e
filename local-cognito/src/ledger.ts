import { randomBytes } from 'node:crypto';
import type { Clock } from './clock';
import type { ClientConfig } from './config';
import { CognitoException, refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';

interface Entry<T> {
  readonly value: T;
  readonly expiresAt: number;
  used: boolean;
}

/** An expired or used session is remembered that long, to be refused by the right message. */
const REMEMBERED_MS = 60 * 60_000;
const LIMIT = 10_000;
/** Makes 1496 characters, about as long as Cognito's own. */
const SESSION_BYTES = 1122;

/** What lies behind the opaque sessions given out, each of which expires and counts once. */
export class Ledger<T> {
  readonly #entries: ExpiringMap<Entry<T>>;

  constructor(private readonly clock: Clock) {
    this.#entries = new ExpiringMap(clock, LIMIT);
  }

  /** @returns a session that lives AuthSessionValidity minutes, 3 unless the client says otherwise */
  issue(value: T, { authSessionValidity = 3 }: ClientConfig): string {
    const id = randomBytes(SESSION_BYTES).toString('base64url');
    const expiresAt = this.clock.now() + authSessionValidity * 60_000;
    this.#entries.set(id, { value, expiresAt, used: false }, expiresAt + REMEMBERED_MS);
    return id;
  }

  /**
   * What lies behind a live session; recalling does not end it, {@link use} and {@link spend} do.
   * @throws NotAuthorizedException for a session that is bogus, used or expired
   */
  recall(id: string): T {
    const { value, expiresAt } = this.#unused(id);
    if (expiresAt <= this.clock.now()) throw refuse('sessionExpired');
    return value;
  }

  /**
   * Has an answer judged: the session is spent when the judge accepts, and usable again when it throws, unless the
   * refusal ends the attempt. In between it counts as used, so that of several answers at once one alone is accepted.
   */
  async use<R>(id: string, judge: () => R | Promise<R>): Promise<R> {
    const entry = this.#unused(id);
    entry.used = true;
    try {
      return await judge();
    } catch (error) {
      entry.used = error instanceof CognitoException && error.endsAttempt;
      throw error;
    }
  }

  /** Ends a session whose step is done. */
  spend(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.used = true;
  }

  #unused(id: string): Entry<T> {
    const entry = this.#entries.get(id);
    if (!entry) throw refuse('sessionBogus');
    if (entry.used) throw refuse('sessionUsed');
    return entry;
  }
}
