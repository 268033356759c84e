import should from 'should';
import { turn } from '../../../../nodes/lib/cognito/turns';

/** Holds up the event loop. @param ms how long */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('work that takes turns', () => {
  /** Has pieces of work done at once. @returns the turn of the event loop that each was done in, counted from any number */
  async function turnsOf(pieces: readonly (() => unknown)[]): Promise<number[]> {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    const seen: number[] = [];
    const done = async (piece: () => unknown): Promise<void> => {
      await turn();
      await piece();
      seen.push(turns);
    };
    await Promise.all(pieces.map(done));
    clearImmediate(immediate);
    return seen;
  }

  it('is done in the order it was asked for', async () => {
    const order: number[] = [];
    await turnsOf([1, 2, 3, 4, 5].map((number) => () => order.push(number)));
    should(order).deepEqual([1, 2, 3, 4, 5]);
  });

  it('is done at once where there is little of it', async () => {
    should(new Set(await turnsOf([() => undefined])).size).equal(1);
    let hasTurned = false;
    setImmediate(() => (hasTurned = true));
    await turn();
    should(hasTurned).be.false();
  });

  it('lets the event loop turn between two pieces that take long', async () => {
    const seen = await turnsOf([1, 2, 3].map(() => () => {
      work(3);
    }));
    should(new Set(seen).size).equal(3);
  });

  it('counts what a piece does after what it waited for was there already', async () => {
    const afterSteps = async (): Promise<void> => {
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
      work(3);
    };
    const seen = await turnsOf([afterSteps, afterSteps, afterSteps]);
    should(new Set(seen).size).equal(3);
  });

  it('goes on when the line has been empty', async () => {
    for (let round = 0; round < 3; round += 1) {
      const seen = await turnsOf([() => { work(3); }, () => { work(3); }]);
      should(new Set(seen).size).equal(2);
    }
  });
});
