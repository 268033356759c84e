import { setImmediate as nextTurn } from 'node:timers/promises';
import should from 'should';
import { password, poolId, testPools } from '../support/pools';
import { type Message, SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';
import { accountOfMessage, bearerOf, ownAccount, userOf } from '../support/tokens';

/** What an http request node leaves of the headers. */
const responseHeaders = { 'content-type': 'text/plain', 'x-node-red-request-node': '12345678' };

/** What can have happened to a message on its way back. */
const waysBack: Record<string, (msg: Message) => Message> = {
  'as it was': (msg) => msg,
  'with the headers of a response': (msg) => ({ ...msg, headers: responseHeaders }),
  'without headers': ({ headers: _headers, ...msg }) => msg,
  'with headers of another kind': (msg) => ({ ...msg, headers: { Authorization: 'Basic YTpi' } }),
};

describe('a token that was rejected', () => {
  const pool = new TestPool(() => {
    const bob = { username: 'bob', password, attributes: { email: 'bob@example.com', name: 'Bob' } };
    return { pools: testPools().map((each) => (each.id === poolId ? { ...each, users: [...each.users, bob] } : each)) };
  });
  stopFlowAfterEach();

  const start = () => SignInFlow.start(ownAccount(pool.clientSide(), 'ada'));
  const refreshes = (): number => pool.requests('GetTokensFromRefreshToken').length;

  /** Waits until so many messages have arrived. */
  async function arrived(flow: SignInFlow, count: number): Promise<Message[]> {
    while (flow.arrivals.length < count) await nextTurn();
    return flow.arrivals.slice(0, count).map(({ msg }) => msg);
  }

  for (const [way, onWayBack] of Object.entries(waysBack)) {
    it(`is replaced when the message comes back ${way}`, async () => {
      const flow = await start();
      let msg = await flow.leaves('port 1', { payload: 'a reading' });
      const tokens = new Set([bearerOf(msg)]);
      for (const round of [2, 3]) {
        msg = await flow.leaves('port 1', { ...onWayBack(msg), forceRefresh: true });
        tokens.add(bearerOf(msg));
        should(tokens.size).equal(round);
        should(msg).not.have.property('forceRefresh');
        should(msg.payload).equal('a reading');
      }
      should(refreshes()).equal(2);
    });

    it(`is not replaced when that has been done before the message comes back ${way}`, async () => {
      const flow = await start();
      const first = await flow.leaves('port 1', {});
      const second = await flow.leaves('port 1', {});
      const replaced = await flow.leaves('port 1', { ...onWayBack(first), forceRefresh: true });
      const msg = await flow.leaves('port 1', { ...onWayBack(second), forceRefresh: true });
      should(bearerOf(msg)).equal(bearerOf(replaced));
      should(refreshes()).equal(1);
    });
  }

  it('is replaced by one call for a thousand messages that come back, in any order and at any time', async () => {
    const delete_ = { t: 'delete', p: 'headers', pt: 'msg' };
    const set = { t: 'set', p: 'forceRefresh', pt: 'msg', to: 'true', tot: 'bool' };
    const flow = await SignInFlow.start({
      ...ownAccount(pool.clientSide(), 'ada'),
      others: { change: { type: 'change', rules: [set, delete_] } },
    });
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const first = await Promise.all(numbers.map((payload) => flow.leaves('port 1', { payload })));
    const token = bearerOf(first[0]!);
    const ways = Object.values(waysBack);
    const sent: Promise<Message>[] = [];
    for (const [index, msg] of first.reverse().entries()) {
      if (index % 100 === 0) await sent.at(-1); // those before have their tokens
      const onWayBack = ways[index % 5];
      const back = onWayBack
        ? { ...onWayBack(msg), forceRefresh: true }
        : (await flow.sendTo('change', structuredClone(msg))).msg;
      sent.push(flow.leaves('port 1', back));
    }
    const second = await Promise.all(sent);
    should(new Set(second.map(({ payload }) => payload)).size).equal(1000);
    should(second.filter(({ payload }) => typeof payload === 'number')).have.length(1000);
    const tokens = new Set(second.map(bearerOf));
    should(tokens.size).equal(1);
    should(tokens.has(token)).be.false();
    should(refreshes()).equal(1);
  });

  it('is replaced by one call for the parts of one message, which share its id', async () => {
    const flow = await start();
    const parts = Array.from({ length: 100 }, (_, payload) => ({ _msgid: 'of all parts', payload }));
    for (const part of parts) flow.node.receive(part);
    const first = await arrived(flow, 100);
    should(new Set(first.map(bearerOf)).size).equal(1);
    for (const [index, msg] of first.entries()) {
      flow.node.receive({ ...msg, headers: responseHeaders, forceRefresh: true });
      if (index % 10 === 0) await arrived(flow, 100 + index);
    }
    const second = await arrived(flow, 200);
    should(new Set(second.map(bearerOf)).size).equal(2);
    should(refreshes()).equal(1);
  });

  it('is replaced for the user whose it is, where the parts of one message are for several', async () => {
    const flow = await SignInFlow.start(accountOfMessage(pool.clientSide()));
    const users = ['ada', 'bob', 'ada', 'bob'];
    for (const username of users) flow.node.receive({ _msgid: 'of all parts', username, password });
    const first = await arrived(flow, 4);
    for (const msg of first) flow.node.receive({ ...msg, password, headers: responseHeaders, forceRefresh: true });
    const second = await arrived(flow, 8);
    for (const msg of second) should(userOf(msg)).equal(msg.username);
    should(new Set(second.map(bearerOf)).size).equal(4);
    should(refreshes()).equal(2);
  });

  it('is replaced only where the message says so', async () => {
    const flow = await start();
    const token = bearerOf(await flow.leaves('port 1', {}));
    for (const forceRefresh of [false, 'false', 'no', 'off', '', 0, '0', null, undefined]) {
      const msg = await flow.leaves('port 1', { forceRefresh });
      should(bearerOf(msg)).equal(token);
      should(msg.forceRefresh).be.undefined();
    }
    should(refreshes()).equal(0);
    for (const forceRefresh of [true, 'true', 1, 'yes']) {
      const before = bearerOf(await flow.leaves('port 1', { _msgid: String(forceRefresh) }));
      const msg = await flow.leaves('port 1', { _msgid: String(forceRefresh), forceRefresh });
      should(bearerOf(msg)).not.equal(before);
    }
    should(refreshes()).equal(4);
  });

  it('does not change the order in which messages leave that say that theirs was not', async () => {
    const flow = await start();
    await flow.leaves('port 1', {});
    const numbers = Array.from({ length: 20 }, (_, payload) => payload);
    await Promise.all(
      numbers.map((payload) => flow.leaves('port 1', { payload, ...(payload % 2 && { forceRefresh: false }) })),
    );
    should(flow.arrivals.slice(1).map(({ msg }) => msg.payload)).deepEqual(numbers);
  });

  it('is replaced for a message that never got it here, once in a while', async () => {
    const flow = await start();
    const token = bearerOf(await flow.leaves('port 1', {}));
    const tokens = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      tokens.add(bearerOf(await flow.leaves('port 1', { forceRefresh: true })));
    }
    should(tokens.size).equal(1);
    should(tokens.has(token)).be.false();
    should(refreshes()).equal(1);
  });
});
