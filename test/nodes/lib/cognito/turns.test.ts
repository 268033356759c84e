import should from 'should';
import { inTurn } from '../../../../nodes/lib/cognito/turns';

describe('work that takes turns', () => {
  const { signal } = new AbortController();

  it('is done in the order it was asked for', async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4, 5].map((number) => inTurn(() => order.push(number), signal)));
    should(order).deepEqual([1, 2, 3, 4, 5]);
  });

  it('hands back what was worked out', async () => {
    should(await inTurn(() => 42, signal)).equal(42);
  });

  it('lets the event loop turn between two pieces', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    const seen: number[] = [];
    await Promise.all([1, 2, 3].map(() => inTurn(() => seen.push(turns), signal)));
    clearImmediate(immediate);
    should(new Set(seen).size).equal(3);
  });

  it('does not start before the caller has gone on', () => {
    let started = false;
    void inTurn(() => (started = true), signal);
    should(started).be.false();
  });

  it('goes on after a piece that failed, and tells only the one who asked for it', async () => {
    const failing = inTurn(() => {
      throw new RangeError('this piece');
    }, signal);
    const next = inTurn(() => 'next', signal);
    await failing.should.be.rejectedWith({ name: 'RangeError', message: 'this piece' });
    should(await next).equal('next');
  });

  it('is not done when it was aborted before its turn came', async () => {
    const aborting = new AbortController();
    let done = false;
    const piece = inTurn(() => (done = true), aborting.signal);
    aborting.abort();
    await piece.should.be.rejectedWith({ code: 'Aborted' });
    should(done).be.false();
  });
});
