/** What one comparison found. */
export interface Measurement {
  readonly name: string;
  /** Ours against the peer's, in the same run. */
  readonly ratio: number;
  readonly goal: number;
  /** Whether the goal is a lower bound; otherwise it is an upper one. */
  readonly atLeast: boolean;
  /** The figures behind the ratio, with their units. */
  readonly details: Readonly<Record<string, string>>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Three digits that matter. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** How long a piece of work takes, in ms. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
