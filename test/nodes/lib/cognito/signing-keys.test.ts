import should from 'should';
import { SigningKeys } from '../../../../nodes/lib/cognito/signing-keys';
import type { PublicDocument } from '../../../../nodes/lib/cognito/public-document';
import { TestKey } from '../../../support/token-issuer';

/** A server that publishes keys, without a network. */
class Publisher {
  keys = [new TestKey()];
  reads = 0;
  fails = false;

  readonly read = (): Promise<PublicDocument> => {
    this.reads += 1;
    if (this.fails) return Promise.reject(new Error('out of reach'));
    const text = JSON.stringify({ keys: this.keys.map(({ published }) => published) });
    return Promise.resolve({ status: 200, text, serverTime: undefined });
  };

  get kid(): string {
    return this.keys[0]!.kid;
  }
}

const interval = 300;

describe('a user pool’s signing keys', () => {
  let publisher: Publisher;
  let keys: SigningKeys;
  beforeEach(() => {
    publisher = new Publisher();
    keys = new SigningKeys('https://cognito.example/jwks.json', interval);
  });

  const find = (kid: string) => keys.find(kid, publisher.read);
  const madeUp = (count: number, prefix = 'kid') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  it('are read once for all who wait', async () => {
    const found = await Promise.all(Array.from({ length: 1_000 }, () => find(publisher.kid)));
    should(found.every((key) => key?.kid === publisher.kid)).be.true();
    should(publisher.reads).equal(1);
  });

  it('are not read again for a thousand names that were made up, one after the other', async () => {
    await find(publisher.kid);
    const began = performance.now();
    for (const kid of madeUp(5)) {
      should(await Promise.all(madeUp(200, kid).map(find))).deepEqual(Array(200).fill(undefined));
    }
    should(publisher.reads - 1).be.belowOrEqual(1 + (performance.now() - began) / interval);
  });

  it('that are known are found at once while others wait', async () => {
    await find(publisher.kid);
    let waiting = 500;
    const flood = madeUp(500).map((kid) => find(kid).finally(() => (waiting -= 1)));
    should((await find(publisher.kid))?.kid).equal(publisher.kid);
    should(waiting).equal(500);
    await Promise.all(flood);
  });

  it('are found after Cognito has changed them, in the middle of a flood', async () => {
    await find(publisher.kid);
    const flood = madeUp(900).map(find);
    publisher.keys = [new TestKey()];
    should((await find(publisher.kid))?.kid).equal(publisher.kid);
    should(publisher.reads).equal(2);
    await Promise.all(flood);
  });

  it('that were withdrawn are not found any more once they were read again', async () => {
    const [withdrawn] = publisher.keys;
    await find(withdrawn!.kid);
    publisher.keys = [new TestKey()];
    await find(publisher.kid);
    should(await find(withdrawn!.kid)).be.undefined();
  });

  it('let only so many wait', async () => {
    await find(publisher.kid);
    const answered: number[] = [];
    const flood = madeUp(3_000).map((kid, index) => find(kid).then(() => answered.push(index)));
    await Promise.all(flood.slice(1_000));
    should(Math.min(...answered)).equal(1_000);
    await Promise.all(flood);
    should(publisher.reads).equal(2);
  });

  it('are asked for once by one name that is not there', async () => {
    await find(publisher.kid);
    await find('unknown');
    const { reads } = publisher;
    for (let times = 0; times < 100; times += 1) should(await find('unknown')).be.undefined();
    should(publisher.reads).equal(reads);
  });

  it('have no names of more than 256 characters', async () => {
    should(await find('x'.repeat(257))).be.undefined();
    should(publisher.reads).equal(0);
  });

  it('stay known while they can’t be read', async () => {
    await find(publisher.kid);
    publisher.fails = true;
    await find('unknown').should.be.rejectedWith({ code: 'UnexpectedError' });
    should((await find(publisher.kid))?.kid).equal(publisher.kid);
  });

  it('are not tried to be read by each of a thousand messages while they can’t be', async () => {
    publisher.fails = true;
    for (const kid of madeUp(1_000)) await find(kid).should.be.rejectedWith({ code: 'UnexpectedError' });
    should(publisher.reads).be.below(20);
    publisher.fails = false;
    while (!(await find(publisher.kid).catch(() => undefined)));
    should((await find(publisher.kid))?.kid).equal(publisher.kid);
  });

  it('are read ahead, and then not again', async () => {
    await keys.load(publisher.read);
    await keys.load(publisher.read);
    await find(publisher.kid);
    should(publisher.reads).equal(1);
  });

  it('count as RS256 where a server does not say so', async () => {
    const { kty, n, e, kid } = publisher.keys[0]!.published;
    const text = JSON.stringify({ keys: [{ kty, n, e, kid }, { kty, n, e }] });
    const read = () => Promise.resolve({ status: 200, text, serverTime: undefined });
    should(await keys.find(kid, read)).match({ alg: 'RS256' });
  });
});
