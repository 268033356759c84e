/**
 * The pool's time, in ms since 1970: sessions, tokens, codes, lockouts, the HTTP Date header and SigV4 all read it.
 * It runs at the speed of real time from wherever it was set.
 */
export class Clock {
  readonly #realTime: () => number;
  #offset = 0;

  constructor(realTime: () => number = Date.now) {
    this.#realTime = realTime;
  }

  now(): number {
    return this.#realTime() + this.#offset;
  }

  set(ms: number): void {
    this.#offset = ms - this.#realTime();
  }

  advance(ms: number): void {
    this.#offset += ms;
  }

  /** Back to real time. */
  reset(): void {
    this.#offset = 0;
  }
}
