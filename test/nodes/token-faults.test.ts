import { LocalCognito, type PoolConfig } from '@cognito-flows/local-cognito';
import should from 'should';
import { TokenCache } from '../../nodes/lib/cognito/token-cache';
import { signOutEverywhere } from '../support/administrator';
import { password, poolId, publicClient, rotatingPools, testPools } from '../support/pools';
import { answerLosingServer, type TestServer } from '../support/servers';
import { type Departure, Gateway, SimulatedTime, tokenOf } from '../support/simulated-gateway';
import { typed } from '../support/sign-in-flow';

const second = 1_000;
const minute = 60 * second;

describe('cognito-token, when something fails', function () {
  this.timeout(60_000);
  let time: SimulatedTime;
  let local: LocalCognito;
  let relay: TestServer | undefined;
  const gateways: Gateway[] = [];

  async function listen(pools: PoolConfig[] = testPools()): Promise<void> {
    local = new LocalCognito({ pools });
    await local.listen(0);
  }

  /** What may differ between the gateways of a test. */
  interface Change {
    readonly settings?: object;
    readonly credentials?: object;
    readonly pool?: object;
    readonly context?: Map<string, unknown>;
    readonly cache?: TokenCache;
  }

  function start({ settings, credentials = { password }, pool, context, cache }: Change = {}): Gateway {
    const gateway = new Gateway({
      pool: { userPoolId: poolId, clientId: publicClient, endpoint: local.endpoint, ...pool },
      settings: { ...typed('username', 'str', 'ada'), ...typed('password', 'cred'), ...settings },
      credentials,
      ...(context && { context }),
      ...(cache && { cache }),
    });
    gateways.push(gateway);
    return gateway;
  }

  const send = (gateway: Gateway, msg: object = {}): Promise<Departure> => time.until(gateway.send({ ...msg }));

  /** The codes that messages went to Catch with; undefined for those that left by a port. */
  const codes = (departures: readonly Departure[]) => departures.map(({ error }) => error?.code);

  beforeEach(() => {
    time = new SimulatedTime();
  });
  afterEach(async () => {
    time.end();
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
    await relay?.close();
    relay = undefined;
    await local.close();
  });

  /** A gateway whose tokens have just expired, with the network gone. */
  async function cutOff(settings: object = {}): Promise<Gateway> {
    await listen(rotatingPools(10));
    const gateway = start({ settings });
    await send(gateway);
    local.faults.inject({ drop: true });
    await time.pass(61 * minute);
    return gateway;
  }

  /** Sends a message every ten seconds, and does not wait for them. */
  async function sendEvery10s(gateway: Gateway, duration: number): Promise<Promise<Departure>[]> {
    const departing: Promise<Departure>[] = [];
    for (let passed = 0; passed < duration; passed += 10 * second) {
      departing.push(gateway.send({ payload: departing.length }));
      await time.pass(10 * second);
    }
    return departing;
  }

  it('loses no message while the network is away for ten minutes, and keeps their order', async () => {
    const gateway = await cutOff();
    const left: unknown[] = [];
    const departing = await sendEvery10s(gateway, 10 * minute);
    for (const departure of departing) void departure.then(({ msg }) => left.push(msg.payload));
    left.should.eql([]);
    local.faults.clear();
    const departures = await time.until(Promise.all(departing));
    codes(departures).should.eql(Array(60).fill(undefined));
    left.should.eql(Array.from({ length: 60 }, (_, index) => index));
    new Set(departures.map(tokenOf)).size.should.equal(1);
    time.callsOf('InitiateAuth').should.equal(1);
  });

  it('tells Catch of each message that waited for too long, and why, and of no other', async () => {
    const gateway = await cutOff({ maxWait: 300 });
    const departing = await sendEvery10s(gateway, 10 * minute);
    local.faults.clear();
    const departures = await time.until(Promise.all(departing));
    const found = codes(departures);
    found.slice(0, 30).should.eql(Array(30).fill('TokensNotInTime'));
    found.slice(-23).should.eql(Array(23).fill(undefined));
    departures[0]!.error!.message.should.match(/^NetworkError: /);
    departures[0]!.error!.cause!.should.containEql({ expected: '300' });
  });

  it('tells Catch at once of messages that are too many to wait', async () => {
    const gateway = await cutOff({ maxWaiting: 3 });
    const departing = [1, 2, 3, 4, 5].map((payload) => gateway.send({ payload }));
    const last = await time.until(Promise.all(departing.slice(3)));
    codes(last).should.eql(['TooManyWaiting', 'TooManyWaiting']);
    local.faults.clear();
    codes(await time.until(Promise.all(departing.slice(0, 3)))).should.eql([undefined, undefined, undefined]);
  });

  it('gives up what waits when it is closed', async () => {
    const gateway = await cutOff();
    const departing = [1, 2].map((payload) => gateway.send({ payload }));
    await time.settle();
    await gateway.close();
    codes(await Promise.all(departing)).should.eql(['Aborted', 'Aborted']);
    gateway.warnings.should.have.length(1);
  });

  it('shows at once that tokens can’t be renewed, while those at hand go on', async () => {
    await listen();
    const gateway = start();
    const token = tokenOf(await send(gateway));
    local.faults.inject({ exception: 'TooManyRequestsException' });
    await time.pass(50 * minute);
    await time.pass(2 * second);
    gateway.statuses.at(-1)!.should.equal('TooManyRequestsException');
    tokenOf(await send(gateway)).should.equal(token);
    await time.pass(2 * second);
    gateway.statuses.at(-1)!.should.equal('withToken · TooManyRequestsException');
    local.faults.clear();
    for (const wait of [minute, minute, 2 * second]) await time.pass(wait);
    gateway.statuses.at(-1)!.should.equal('withToken');
  });

  it('does not try a refused password again, until 15 minutes have passed', async () => {
    await listen();
    const gateway = start({ credentials: { password: 'Wrong-Password-1' } });
    const first = await time.until(Promise.all([1, 2, 3].map((payload) => gateway.send({ payload }))));
    codes(first).should.eql(Array(3).fill('NotAuthorizedException'));
    const { notAskedUntil } = first[0]!.error!.cause!;
    (notAskedUntil as number).should.be.approximately(Date.now() + 15 * minute, second);
    for (let tries = 0; tries < 28; tries += 1) {
      await time.pass(minute / 2);
      const { error } = await send(gateway);
      error!.code!.should.equal('NotAuthorizedException');
      should(error!.cause!.notAskedUntil).equal(notAskedUntil);
    }
    time.callsOf('InitiateAuth').should.equal(1);
    await time.pass(2 * minute);
    codes([await send(gateway)]).should.eql(['NotAuthorizedException']);
    time.callsOf('InitiateAuth').should.equal(2);
  });

  it('tries a refused account again when settings change, and not when the same are deployed', async () => {
    await listen();
    const cache = new TokenCache();
    const wrong = { credentials: { password: 'Wrong-Password-1' }, cache };
    codes([await send(start(wrong))]).should.eql(['NotAuthorizedException']);
    codes([await send(start(wrong))]).should.eql(['NotAuthorizedException']);
    time.callsOf('InitiateAuth').should.equal(1);
    codes([await send(start({ ...wrong, pool: { timeout: 20 } }))]).should.eql(['NotAuthorizedException']);
    time.callsOf('InitiateAuth').should.equal(2);
    codes([await send(start({ cache }))]).should.eql([undefined]);
  });

  it('blames the clock where it is wrong, and does not run into a lockout', async () => {
    await listen();
    local.clock.advance(3 * minute);
    const gateway = start({ credentials: { password: 'Wrong-Password-1' } });
    const { error } = await send(gateway);
    error!.code!.should.equal('ClockSkewed');
    (error!.cause!.clockOffset as number).should.be.approximately(3 * minute, 2 * second);
    await time.pass(10 * minute);
    codes([await send(gateway)]).should.eql(['ClockSkewed']);
    time.callsOf('InitiateAuth').should.equal(1);
  });

  it('signs in once when the refresh token was revoked', async () => {
    await listen();
    const gateway = start();
    const token = tokenOf(await send(gateway));
    await signOutEverywhere(local, poolId, 'ada');
    await time.pass(61 * minute);
    tokenOf(await send(gateway)).should.not.equal(token);
    time.callsOf('InitiateAuth').should.equal(2);
  });

  it('signs in once when the answer to a refresh is lost, and the old token is used up', async () => {
    await listen(rotatingPools(0));
    let toLose = 1;
    relay = await answerLosingServer(
      local.endpoint,
      (operation) => operation === 'GetTokensFromRefreshToken' && toLose-- > 0,
    );
    const gateway = start({ pool: { endpoint: `http://127.0.0.1:${relay.port}` } });
    for (let hours = 0; hours < 3; hours += 1) {
      codes([await send(gateway)]).should.eql([undefined]);
      await time.pass(61 * minute);
    }
    toLose.should.be.below(1);
    time.callsOf('InitiateAuth').should.equal(2);
  });

  it('refreshes by REFRESH_TOKEN_AUTH where the newer operation is not known', async () => {
    await listen();
    local.faults.inject({ operation: 'GetTokensFromRefreshToken', exception: 'UnknownOperationException' });
    const gateway = start();
    const token = tokenOf(await send(gateway));
    for (let hours = 0; hours < 2; hours += 1) {
      await time.pass(61 * minute);
      tokenOf(await send(gateway)).should.not.equal(token);
    }
    time.callsOf('GetTokensFromRefreshToken').should.equal(2);
    const flows = local.requests.filter(({ operation }) => operation === 'InitiateAuth');
    flows
      .map(({ body }) => (body as { AuthFlow: string }).AuthFlow)
      .should.eql(['USER_SRP_AUTH', 'REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN_AUTH']);
  });

  it('goes on without its store, and warns once', async () => {
    await listen();
    class FullDisk extends Map<string, unknown> {
      override set(): never {
        throw new Error('no space left on device');
      }
    }
    const gateway = start({ context: new FullDisk() });
    for (let times = 0; times < 3; times += 1) {
      codes([await send(gateway)]).should.eql([undefined]);
      await time.pass(61 * minute);
    }
    time.callsOf('InitiateAuth').should.equal(1);
    gateway.warnings.should.have.length(1);
  });

  it('signs in anew, and no more than that, when its store can’t be read', async () => {
    await listen();
    const context = new Map<string, unknown>();
    await send(start({ context }));
    for (const name of context.keys()) context.set(name, 'something else');
    const gateway = start({ context });
    codes([await send(gateway)]).should.eql([undefined]);
    time.callsOf('InitiateAuth').should.equal(2);
    gateway.warnings.should.eql([]);
    await send(start({ context }));
    time.callsOf('InitiateAuth').should.equal(2);
  });

  it('hands a new refresh token to the store before the first message leaves', async () => {
    await listen(rotatingPools(0));
    const context = new Map<string, unknown>();
    const gateway = start({ context });
    await send(gateway);
    const before = JSON.stringify([...context]);
    await time.pass(61 * minute);
    const { msg } = await send(gateway);
    should(msg.headers).be.ok();
    JSON.stringify([...context]).should.not.equal(before);
    // Another process takes over from there, with no sign-in.
    await gateway.close();
    await time.pass(61 * minute);
    await send(start({ context }));
    time.callsOf('InitiateAuth').should.equal(1);
  });
});
