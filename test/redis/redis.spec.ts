import { setTimeout as sleep } from 'node:timers/promises';
import should from 'should';
import { password, poolId } from '../support/pools';
import { TestPool } from '../support/sign-in-flow';
import { Gateway, rotatingPools, tokenLife, username } from './gateway';
import { RedisServer } from './redis-server';

/** How old tokens are that are to be renewed for certain, and are still good, in ms. */
const dueAge = 0.85 * tokenLife;

describe('Node-REDs that share the tokens of cognito-token by one Redis', () => {
  let redis: RedisServer;
  const running: Gateway[] = [];

  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
    await redis.stop();
  });

  async function start(pool: TestPool, encryptionKey = 'shared by all'): Promise<Gateway> {
    const gateway = await Gateway.start(pool, redis.url);
    running.push(gateway);
    await gateway.deploy(encryptionKey);
    return gateway;
  }

  /** How often ada has signed in. */
  function signIns(pool: TestPool): number {
    should(pool.local.requests.length).be.below(200); // it remembers no more
    const starts = pool.requests('InitiateAuth') as { AuthParameters?: { USERNAME?: string } }[];
    return starts.filter(({ AuthParameters }) => AuthParameters?.USERNAME === username).length;
  }

  /** Makes the tokens older, and lets the gateways know. */
  async function advance(pool: TestPool, ms: number, gateways: readonly Gateway[]): Promise<void> {
    pool.local.clock.advance(ms);
    await Promise.all(gateways.map((gateway) => gateway.learnTime()));
  }

  /** Sends messages until one gets another token than this, which Cognito takes. */
  async function tokenAfter(gateway: Gateway, before: string): Promise<string> {
    while ((await gateway.anyToken()) === before) await sleep(50);
    return gateway.token();
  }

  function warnings(): string[] {
    return running.flatMap((gateway) => gateway.warnings);
  }

  describe('whose refresh tokens rotate with no grace period', () => {
    const pool = new TestPool(() => ({ pools: rotatingPools(0) }));

    it('sign in once between them', async () => {
      const one = await start(pool);
      const other = await start(pool);
      const token = await one.token();
      should(await other.token()).equal(token);
      should(signIns(pool)).equal(1);
      should(warnings()).eql([]);
    });

    it('need no sign-in after they were killed and started anew', async () => {
      const gateway = await start(pool);
      const token = await gateway.token();
      await gateway.crash();
      should(await gateway.token()).equal(token);
      pool.local.clock.advance(tokenLife); // which it has to find out
      await gateway.crash();
      should(await gateway.token()).not.equal(token);
      should(signIns(pool)).equal(1);
      should(warnings()).eql([]);
    });

    it('sign in once more for a rotation whose answer takes too long', async () => {
      const gateways = [await start(pool), await start(pool)];
      for (const gateway of gateways) await gateway.token();
      const rotations = 2;
      for (let rotation = 0; rotation < rotations; rotation += 1) {
        await advance(pool, tokenLife, gateways);
        pool.local.faults.inject({ operation: 'GetTokensFromRefreshToken', delay: 4_000, times: 1 });
        await Promise.all(gateways.map((gateway) => gateway.token()));
      }
      should(signIns(pool)).equal(1 + rotations);
      should(warnings()).eql([]);
    });

    it('leave nothing in Redis that could be read', async () => {
      const gateway = await start(pool);
      const first = await gateway.token();
      await advance(pool, tokenLife, [gateway]);
      const second = await gateway.token();
      await gateway.signOut();
      await gateway.token();

      const content = await redis.content();
      should(content).match(/cognitoTokens_/).and.match(/cognitoSignOuts_/);
      const refreshTokens = pool.requests('GetTokensFromRefreshToken').map(({ RefreshToken }) => String(RefreshToken));
      const { sub } = pool.user('ada');
      const parts = [first, second].flatMap((token) => token.split('.'));
      const secrets = [...parts, ...refreshTokens, username, sub, password, poolId];
      for (const secret of secrets) {
        for (const form of [secret, ...['hex', 'base64', 'base64url'].map((encoding) => encoded(secret, encoding))]) {
          should(content).not.containEql(form);
        }
      }
    });

    it('that have another encryption key sign in for themselves, and leave the others’ tokens alone', async () => {
      const one = await start(pool);
      const token = await one.token();
      const other = await start(pool, 'another');
      should(await other.token()).not.equal(token);
      should(signIns(pool)).equal(2);
      await one.crash();
      should(await one.token()).equal(token);
      should(signIns(pool)).equal(2);
      should(warnings()).eql([]);
    });

    for (const { damage, to } of [
      { damage: 'changed in one character', to: (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1) },
      { damage: 'cut off', to: (text: string) => text.slice(0, 20) },
      { damage: 'replaced by something else', to: () => ({ accessToken: 'of somebody', expiresAt: 1e15 }) },
    ]) {
      it(`sign in once where what they had stored was ${damage}`, async () => {
        const gateway = await start(pool);
        const token = await gateway.token();
        await redis.change('cognitoTokens_', to);
        await gateway.crash();
        const renewed = await gateway.token();
        should(renewed).not.equal(token);
        await gateway.crash();
        should(await gateway.token()).equal(renewed);
        should(signIns(pool)).equal(2);
        should(warnings()).eql([]);
      });
    }

    it('forget, within half a minute, a user whom one of them has signed out', async () => {
      const one = await start(pool);
      const other = await start(pool);
      const token = await one.token();
      should(await other.token()).equal(token);

      const signedOutAt = performance.now();
      await one.signOut();
      const renewed = await tokenAfter(other, token);
      should(performance.now() - signedOutAt).be.below(30_000);
      should(await one.token()).equal(renewed);
      should(signIns(pool)).equal(2);
      should(warnings()).eql([]);
    });

    it('go on without Redis, say so once, and write to it as soon as it is back', async () => {
      const gateway = await start(pool);
      await gateway.token();
      await redis.stop();
      for (let renewal = 0; renewal < 3; renewal += 1) {
        await advance(pool, tokenLife, [gateway]);
        for (let message = 0; message < 5; message += 1) await gateway.token();
      }
      should(gateway.warnings).have.length(1);
      should(gateway.warnings[0]).match(/context store/);

      await redis.startAgain();
      await redis.untilUsed();
      await advance(pool, tokenLife, [gateway]);
      const token = await gateway.token();
      const other = await start(pool);
      should(await other.token()).equal(token);
      should(signIns(pool)).equal(1);
      should(warnings()).have.length(1);
    });
  });

  for (const grace of [10, 0]) {
    describe(`whose refresh tokens rotate with a grace period of ${grace} s`, () => {
      const pool = new TestPool(() => ({ pools: rotatingPools(grace) }));
      const rotations = 10;

      for (const { state, age } of [
        { state: 'have expired', age: tokenLife },
        { state: 'are due', age: dueAge },
      ]) {
        it(`renew tokens that ${state} at the same moment, without another sign-in`, async () => {
          const gateways = [await start(pool), await start(pool)];
          for (const gateway of gateways) await gateway.token();
          // Both have asked before either knows the answer.
          pool.local.faults.inject({ operation: 'GetTokensFromRefreshToken', delay: 200 });
          for (let rotation = 0; rotation < rotations; rotation += 1) {
            const before = await Promise.all(gateways.map((gateway) => gateway.token()));
            await advance(pool, age, gateways);
            await Promise.all([...gateways, ...gateways].map((gateway) => gateway.token()));
            await Promise.all(gateways.map((gateway, index) => tokenAfter(gateway, before[index]!)));
          }
          should(pool.requests('GetTokensFromRefreshToken').length).be.above(rotations);
          should(signIns(pool)).equal(1);
          should(warnings()).eql([]);
        });
      }
    });
  }
});

function encoded(text: string, encoding: string): string {
  return Buffer.from(text).toString(encoding as BufferEncoding);
}
