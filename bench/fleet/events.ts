/** How finely simulated time is divided, in ms: what happens in between happens in the order it was planned. */
const step = 10;

/** What is due when, in simulated time: a queue of slots, since millions of events would make a sorted one slow. */
export class Events {
  readonly #slots: (number[] | undefined)[];
  #now = 0;

  /** @param horizon the end of simulated time, in ms; what is planned beyond it never happens */
  constructor(private readonly horizon: number) {
    this.#slots = Array.from({ length: Math.ceil(horizon / step) }, () => undefined);
  }

  /** In ms. */
  get now(): number {
    return this.#now;
  }

  /** @param wait in ms */
  plan(wait: number, who: number): void {
    const at = Math.floor((this.#now + Math.max(wait, step)) / step);
    if (at * step < this.horizon) (this.#slots[at] ??= []).push(who);
  }

  /** Lets time pass until nothing is planned any more. */
  run(happens: (who: number) => void): void {
    for (let slot = 0; slot < this.#slots.length; slot += 1) {
      this.#now = slot * step;
      for (const who of this.#slots[slot] ?? []) happens(who);
      this.#slots[slot] = undefined;
    }
  }
}
