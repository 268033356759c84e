import { LocalCognito } from '@cognito-flows/local-cognito';
import 'should';
import { TokenCache } from '../../nodes/lib/cognito/token-cache';
import { signOutEverywhere } from '../support/administrator';
import { password, poolId, publicClient, testPools } from '../support/pools';
import { type Departure, Gateway, SimulatedTime, tokenOf } from '../support/simulated-gateway';
import { typed } from '../support/sign-in-flow';

const minute = 60_000;

describe('cognito-token, at the worst moment', function () {
  this.timeout(60_000);
  let time: SimulatedTime;
  let local: LocalCognito;
  const gateways: Gateway[] = [];

  function start(
    settings: object = {},
    { context = new Map<string, unknown>(), cache = new TokenCache(), credentials = { password } } = {},
  ): Gateway {
    const gateway = new Gateway({
      pool: { userPoolId: poolId, clientId: publicClient, endpoint: local.endpoint },
      settings: { ...typed('username', 'str', 'ada'), ...typed('password', 'cred'), ...settings },
      credentials,
      context,
      cache,
    });
    gateways.push(gateway);
    return gateway;
  }

  const send = (gateway: Gateway, msg: object = {}): Promise<Departure> => time.until(gateway.send({ ...msg }));

  beforeEach(async () => {
    time = new SimulatedTime();
    local = new LocalCognito({ pools: testPools() });
    await local.listen(0);
  });
  afterEach(async () => {
    time.end();
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
    await local.close();
  });

  it('lets no message wait that comes while it closes', async () => {
    const gateway = start();
    local.faults.inject({ drop: true });
    const closed = gateway.close();
    const [{ error }] = await Promise.all([gateway.send({}), closed]);
    error!.code!.should.equal('Aborted');
  });

  it('keeps no tokens fresh once it is closed, though it was closed before it had any', async () => {
    const cache = new TokenCache();
    await time.until(start({ sendOnRenewal: true }, { cache }).close());
    await send(start({}, { cache }));
    for (let passed = 0; passed < 180; passed += 1) await time.pass(minute);
    time.callsOf('GetTokensFromRefreshToken').should.equal(1); // for the other's message
  });

  it('gives nobody tokens from before a sign-out, though they were being stored then', async () => {
    const cache = new TokenCache();
    let signOut: (() => void) | undefined;
    class SlowStore extends Map<string, unknown> {
      override set(name: string, value: unknown): this {
        signOut?.();
        signOut = undefined;
        return super.set(name, value);
      }
    }
    const gateway = start({}, { cache, context: new SlowStore() });
    signOut = () => {
      cache.forget(gateway.pool, ['ada']);
    };
    const token = tokenOf(await send(gateway));
    time.callsOf('InitiateAuth').should.equal(2);
    await signOutEverywhere(local, poolId, 'ada');
    tokenOf(await send(gateway)).should.equal(token);
  });

  it('tries a refused account again by itself, though timers fire early', async () => {
    const gateway = start({ sendOnRenewal: true }, { credentials: { password: 'Wrong-Password-1' } });
    const exact = setTimeout;
    const early = (work: () => void, wait: number) => exact(work, wait - 1);
    Object.assign(globalThis, { setTimeout: early });
    await send(gateway);
    for (let passed = 0; passed < 50; passed += 1) await time.pass(minute);
    time.callsOf('InitiateAuth').should.equal(4);
    gateway.errors.map(({ code }) => code).should.eql(Array(4).fill('NotAuthorizedException'));
  });

  it('does not try a refused password again because other client metadata comes with it', async () => {
    const gateway = start(typed('clientMetadata', 'msg', 'about'), { credentials: { password: 'Wrong-Password-1' } });
    for (const about of [{ at: '1' }, { at: '2' }, { at: '3' }]) {
      (await send(gateway, { about })).error!.code!.should.equal('NotAuthorizedException');
    }
    time.callsOf('InitiateAuth').should.equal(1);
  });

  it('is not disturbed by a node of the same account that can’t place the tokens', async () => {
    const cache = new TokenCache();
    const other = start({ sendOnRenewal: true, accessTokenTo: 'payload[msg.topic]' }, { cache });
    tokenOf(await send(start({}, { cache }))).should.not.equal('');
    other.own.should.eql([]);
  });

  it('waits for as long as is set, longer than a timer can', async () => {
    const gateway = start({ maxWait: 1e9 });
    local.faults.inject({ drop: true });
    const departing = gateway.send({});
    for (let passed = 0; passed < 20; passed += 1) await time.pass(minute);
    local.faults.clear();
    tokenOf(await time.until(departing)).should.not.equal('');
  });
});
