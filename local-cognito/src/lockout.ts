const FREE_FAILURES = 5;
const LONGEST_MS = 15 * 60_000;

/**
 * Cognito's lockout of one user's password (developer guide, "Lockout behavior for failed sign-in attempts"):
 * the fifth failure locks for a second, each further one twice as long, up to 15 minutes. Attempts during a lockout
 * are refused and not counted. Forgotten after a right password, or 15 minutes after the last failure.
 */
export class Lockout {
  #failures = 0;
  #lastFailureAt = 0;

  isLocked(now: number): boolean {
    if (this.#failures < FREE_FAILURES) return false;
    return now < this.#lastFailureAt + Math.min(1000 * 2 ** (this.#failures - FREE_FAILURES), LONGEST_MS);
  }

  fail(now: number): void {
    if (now >= this.#lastFailureAt + LONGEST_MS) this.#failures = 0;
    this.#failures += 1;
    this.#lastFailureAt = now;
  }

  clear(): void {
    this.#failures = 0;
  }
}
