/** What goes wrong, exactly one of these. */
export type Failure =
  /** The named exception; HTTP 500 for InternalErrorException, else 400. */
  | { exception: string; message?: string }
  /** A bare HTTP status, as a load balancer in front of the service gives it. */
  | { status: number }
  /** The right answer, this many ms of real time late. */
  | { delay: number }
  /** The connection breaks without an answer. */
  | { drop: true };

export type Fault = Failure & {
  /** Only requests of this operation; any operation unless given. */
  operation?: string;
  /** How many requests fail; all until {@link Faults.clear} unless given. */
  times?: number;
  /** How many matching requests pass first; none unless given. */
  after?: number;
};

/** Faults that a test or a demonstration injects. The first that matches a request decides. */
export class Faults {
  #faults: { fault: Fault; pass: number; left: number }[] = [];

  inject(fault: Fault): void {
    this.#faults.push({ fault, pass: fault.after ?? 0, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
  }

  /** @internal The failure for this request, counted as used. */
  next(operation: string): Failure | undefined {
    const matching = this.#faults.filter(({ fault }) => fault.operation === undefined || fault.operation === operation);
    for (const entry of matching) {
      if (entry.pass > 0) {
        entry.pass -= 1;
      } else if (entry.left > 0) {
        entry.left -= 1;
        return entry.fault;
      }
    }
    return undefined;
  }
}
