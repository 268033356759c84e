import 'should';
import { LocalCognito } from '@cognito-flows/local-cognito';
import { password, poolId, publicClient, rotatingPools } from '../support/pools';
import { signOutEverywhere } from '../support/administrator';
import { Gateway, SimulatedTime, tokenOf } from '../support/simulated-gateway';
import { typed } from '../support/sign-in-flow';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What a token says. */
function claims(token: string): { exp: number; jti: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number; jti: string };
}

describe('a gateway that stays signed in', function () {
  this.timeout(180_000);
  let time: SimulatedTime;
  let local: LocalCognito;
  let gateway: Gateway;
  /** What the store of the gateway holds, over its restarts. */
  const context = new Map<string, unknown>();
  const account = { ...typed('username', 'str', 'ada'), ...typed('password', 'cred') };
  /** Every token that a message left with. */
  const seen = new Set<string>();
  /** What the user was signed out of: no message may leave with it once its API has said so. */
  const revoked = new Set<string>();

  function start(): void {
    gateway = new Gateway({
      pool: { userPoolId: poolId, clientId: publicClient, endpoint: local.endpoint },
      settings: account,
      credentials: { password },
      context,
    });
  }

  /** Hands a message to the gateway, and expects a token that is good at the moment when it leaves. */
  async function send(msg: object = {}): Promise<string> {
    const token = tokenOf(await time.until(gateway.send({ payload: 'a reading', ...msg })));
    (claims(token).exp * second).should.be.above(local.clock.now());
    seen.add(token);
    return token;
  }

  /** Lets time pass, with a message every five minutes. When an API rejects its token, it comes back once. */
  async function work(duration: number): Promise<void> {
    for (let left = duration; left > 0; left -= 5 * minute) {
      await time.pass(5 * minute);
      const token = await send();
      if (!revoked.has(token)) continue;
      const again = await send({ forceRefresh: true, headers: { Authorization: `Bearer ${token}` } });
      revoked.has(again).should.be.false();
    }
  }

  beforeEach(async () => {
    time = new SimulatedTime();
    local = new LocalCognito({ pools: rotatingPools(10) });
    await local.listen(0);
    for (const collection of [context, seen, revoked]) collection.clear();
    start();
  });
  afterEach(async () => {
    time.end();
    await gateway.close();
    await local.close();
  });

  it('has a valid token on every message of a month, and signs in when it has to', async () => {
    await work(3 * day);
    time.callsOf('InitiateAuth').should.equal(1);

    // A restart, and one in an outage: the store has what is needed.
    await gateway.close();
    start();
    await work(day);
    await gateway.close();
    local.faults.inject({ drop: true });
    start();
    await send();
    local.faults.clear();
    await work(day);
    time.callsOf('InitiateAuth').should.equal(1);

    // Outages of ten minutes: tokens of an hour outlast them.
    for (let outage = 0; outage < 10; outage += 1) {
      await work(3 * hour + outage * 7 * minute);
      local.faults.inject({ drop: true });
      await work(10 * minute);
      local.faults.clear();
    }
    // Throttling, and answers that are none.
    local.faults.inject({ exception: 'TooManyRequestsException', times: 40 });
    await work(3 * hour);
    local.faults.inject({ status: 503, times: 40 });
    await work(3 * hour);
    local.faults.clear();
    time.callsOf('InitiateAuth').should.equal(1);

    // A clock that is 40 s a day slow, one that is set back for hours, and one that is set forward.
    for (let days = 0; days < 5; days += 1) {
      await work(day);
      local.clock.advance(40 * second);
    }
    for (const jump of [-5 * hour, 7 * hour, -2 * hour]) {
      time.setClock(Date.now() + jump);
      local.clock.advance(-jump);
      await work(day);
    }
    time.callsOf('InitiateAuth').should.equal(1);

    // An administrator signs the user out; the API behind sees that the token was revoked.
    revoked.add(await send());
    await signOutEverywhere(local, poolId, 'ada');
    await work(day);
    time.callsOf('InitiateAuth').should.equal(2);

    await work(31 * day - 16 * day);
    time.callsOf('InitiateAuth').should.equal(2);
    // Refreshed about every 42 minutes, which is 70 % of their life.
    const refreshes = time.callsOf('GetTokensFromRefreshToken');
    refreshes.should.be.within(31 * 24, 31 * 24 * 2);
    seen.size.should.be.within(31 * 24, refreshes + 2);
    gateway.warnings.should.eql([]);
  });
});
