import fc from 'fast-check';

/**
 * What the made-up cases of this run come from. Another one each time, since every run is to look where none has looked
 * before: what one finds is a defect, whoever's change it was. It stands in the titles; ABUSE_SEED=… repeats its cases.
 */
export const seed = Number(process.env.ABUSE_SEED ?? Math.floor(Math.random() * 2 ** 31));

const share = Number(process.env.ABUSE_SHARE ?? 1);

/** How many cases a run tries: ABUSE_SHARE=… of the usual number, 1 unless set. */
export function usually(cases: number): number {
  return Math.ceil(cases * share);
}

/** The title of a suite of made-up cases. */
export function seeded(title: string): string {
  return `${title} (ABUSE_SEED=${seed})`;
}

/** Tries a property with made-up cases. Fails with the smallest case that breaks it, and the way to repeat it. */
export async function holds<T>(
  cases: fc.Arbitrary<T>,
  runs: number,
  property: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(cases, property), {
    seed,
    numRuns: usually(runs),
    endOnFailure: process.env.ABUSE_SHRINK === undefined,
    interruptAfterTimeLimit: 120_000,
    markInterruptAsFailure: true,
  });
}
