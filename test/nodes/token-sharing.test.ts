import { setImmediate as nextTurn } from 'node:timers/promises';
import should from 'should';
import { password } from '../support/pools';
import { freePort, silentServer } from '../support/servers';
import {
  type Arrival,
  type Message,
  type Settings,
  type Setup,
  SignInFlow,
  stopFlowAfterEach,
  TestPool,
  typed,
} from '../support/sign-in-flow';
import { accountOfMessage, bearerOf, ownAccount, userOf } from '../support/tokens';

const account = { ...typed('username', 'str', 'ada'), ...typed('password', 'cred') };
const tokenNode = { type: 'cognito-token', ...account, credentials: { password } };

describe('nodes “token” of one Node-RED', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const signIns = (): number => pool.requests('InitiateAuth').length;
  const refreshes = (): number => pool.requests('GetTokensFromRefreshToken').length;
  const own = (settings: Settings = {}): Setup => ownAccount(pool.clientSide(), 'ada', settings);
  const poolNode = () => ({ type: 'cognito-user-pool', ...pool.clientSide().pool });

  /** Waits for a message of the node's own. */
  async function sentUnasked(flow: SignInFlow, count: number): Promise<Message[]> {
    while (flow.arrivals.length < count) await nextTurn();
    return flow.arrivals.map(({ msg }) => msg);
  }

  describe('share the tokens of an account', () => {
    it('with one user pool node, or with one each', async () => {
      const flow = await SignInFlow.start({
        ...own(),
        others: { same: tokenNode, pool2: poolNode(), another: { ...tokenNode, userPool: 'pool2' } },
      });
      const messages = await Promise.all([
        flow.leaves('port 1', {}),
        ...['same', 'another', 'same'].map(async (id) => (await flow.sendTo(id, {})).msg),
      ]);
      should(new Set(messages.map(bearerOf)).size).equal(1);
      should(bearerOf(messages[0])).not.be.empty();
      should(signIns()).equal(1);
      const forced = await flow.sendTo('another', { ...messages[0], forceRefresh: true });
      should(bearerOf(await flow.leaves('port 1', {}))).equal(bearerOf(forced.msg));
      should(refreshes()).equal(1);
    });

    it('whether it stands in the node or on the message', async () => {
      const flow = await SignInFlow.start({
        ...own(),
        others: { byMessage: { type: 'cognito-token', ...accountOfMessage({}).settings } },
      });
      const first = await flow.leaves('port 1', {});
      const { msg } = await flow.sendTo('byMessage', { username: 'ada', password });
      should(bearerOf(msg)).equal(bearerOf(first));
      should(signIns()).equal(1);
    });

    it('over full and partial deploys', async () => {
      let flow = await SignInFlow.start(own());
      const token = bearerOf(await flow.leaves('port 1', {}));
      flow = await SignInFlow.start(own());
      should(bearerOf(await flow.leaves('port 1', {}))).equal(token);
      await SignInFlow.deploy(own({ name: 'another name' }));
      should(bearerOf(await flow.leaves('port 1', {}))).equal(token);
      await SignInFlow.deploy({ ...own({ name: 'another name' }), ...pool.clientSide({ timeout: 7 }) });
      const before = await flow.leaves('port 1', {});
      should(bearerOf(before)).equal(token);
      should(userOf(await flow.leaves('port 1', { ...before, forceRefresh: true }))).equal('ada');
      should([signIns(), refreshes()]).deepEqual([1, 1]);
    });

    it('and renew them when the one is gone that signed in', async () => {
      const asks = { type: 'cognito-initiate-auth' };
      const another = { pool2: poolNode(), another: { ...tokenNode, userPool: 'pool2' } };
      const flow = await SignInFlow.start({ ...own(), others: { asks, ...another } });
      await flow.sendTo('another', {});
      const before = bearerOf(await flow.leaves('port 1', {}));
      await SignInFlow.deploy({ ...own(), others: { asks } });
      // Most of the hour that tokens live has passed; the nodes know the time from Cognito's last answer, to anybody.
      pool.local.clock.advance(50 * 60_000);
      await flow.sendTo('asks', { payload: { username: 'nobody', password } });
      while (bearerOf(await flow.leaves('port 1', {})) === before) await nextTurn();
      should(refreshes()).equal(1);
    });
  });

  describe('send tokens of their own accord', () => {
    it('when the flows start, and when tokens are new, none twice', async () => {
      const flow = await SignInFlow.start(own({ sendOnRenewal: true, accessTokenTo: 'broker.password' }));
      const [first] = await sentUnasked(flow, 1);
      should(Object.keys(first!)).containEql('broker');
      should(first).not.have.property('payload');
      const asked = await flow.leaves('port 1', {});
      should(asked.broker).deepEqual(first!.broker);
      should(flow.arrivals).have.length(2);
      const forced = await flow.leaves('port 1', { ...structuredClone(asked), forceRefresh: true });
      should(forced.broker).not.deepEqual(first!.broker);
      const sent = await sentUnasked(flow, 4);
      should(sent.slice(2).map(({ broker }) => broker)).deepEqual([forced.broker, forced.broker]);
      await flow.leaves('port 1', {});
      should(flow.arrivals).have.length(5);
      should(signIns()).equal(1);
    });

    it('each of them, where several share an account', async () => {
      const flow = await SignInFlow.start({
        ...own({ sendOnRenewal: true }),
        others: { another: { ...tokenNode, sendOnRenewal: true }, silent: tokenNode },
      });
      const sent = await sentUnasked(flow, 2);
      should(new Set(sent.map(bearerOf)).size).equal(1);
      const { msg } = await flow.sendTo('silent', { ...structuredClone(sent[0]!), forceRefresh: true });
      const all = await sentUnasked(flow, 5);
      should(all.filter((each) => bearerOf(each) === bearerOf(msg))).have.length(3);
    });

    it('after a deploy too', async () => {
      const setup = own({ sendOnRenewal: true });
      const [first] = await sentUnasked(await SignInFlow.start(setup), 1);
      const flow = await SignInFlow.start(setup);
      const [again] = await sentUnasked(flow, 1);
      should(bearerOf(again!)).equal(bearerOf(first!));
      should(signIns()).equal(1);
    });

    it('and not where the account comes with messages', async () => {
      const setup = accountOfMessage(pool.clientSide(), { sendOnRenewal: true });
      const flow = await SignInFlow.start(setup);
      const msg = await flow.leaves('port 1', { username: 'ada', password });
      await flow.leaves('port 1', { ...msg, password, forceRefresh: true });
      should(flow.arrivals).have.length(2);
    });

    it('or tell why there are none, in the status and to Catch', async () => {
      const setup = own({ sendOnRenewal: true });
      const flow = await SignInFlow.start({ ...setup, credentials: { password: 'Wrong-Password-1' } });
      const [msg] = await sentUnasked(flow, 1);
      should(msg!.error).match({ code: 'NotAuthorizedException', source: { id: 'node' } });
      while (!JSON.stringify(flow.statuses).includes('NotAuthorizedException')) await flow.nextStatus();
      await flow.caught({}, 'NotAuthorizedException');
      should(signIns()).equal(1);
    });
  });

  describe('that are stopped', () => {
    const waitingMessages = async (setup: Setup, count = 100) => {
      const flow = await SignInFlow.start(setup);
      const messages = Array.from({ length: count }, (_, payload) => flow.send({ payload }));
      return { flow, messages };
    };
    const abortedOnce = async (flow: SignInFlow, messages: Promise<Arrival>[]) => {
      for (const { by, msg } of await Promise.all(messages)) {
        should(by).equal('Catch');
        should(msg.error).have.property('code', 'Aborted');
      }
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      should(flow.arrivals).have.length(messages.length);
    };

    it('end the messages that wait for an answer, each once', async () => {
      const silent = await silentServer();
      const warnings: Error[] = [];
      const listen = (warning: Error): number => warnings.push(warning);
      process.on('warning', listen);
      const endpoint = `http://127.0.0.1:${silent.port}`;
      const { flow, messages } = await waitingMessages(ownAccount(pool.clientSide({ endpoint }), 'ada'));
      while (silent.connections() === 0) await silent.change();
      await flow.stopNode();
      await abortedOnce(flow, messages);
      process.off('warning', listen);
      should(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).be.empty();
      await silent.close();
    });

    it('end the messages that wait between two tries, each once', async () => {
      const endpoint = `http://127.0.0.1:${await freePort()}`;
      const { flow, messages } = await waitingMessages(ownAccount(pool.clientSide({ endpoint }), 'ada'));
      while (!JSON.stringify(flow.statuses).includes('NetworkError')) await flow.nextStatus();
      await flow.stopNode();
      await abortedOnce(flow, messages);
    });

    it('end the messages that have only come, each once', async () => {
      const endpoint = `http://127.0.0.1:${await freePort()}`;
      const { flow, messages } = await waitingMessages(ownAccount(pool.clientSide({ endpoint }), 'ada'));
      await flow.stopNode();
      await abortedOnce(flow, messages);
    });

    it('hand the tokens that they waited for to the next', async () => {
      pool.local.faults.inject({ operation: 'InitiateAuth', delay: 50, times: 1 });
      const { messages } = await waitingMessages(own());
      while (pool.requests('InitiateAuth').length === 0) await nextTurn();
      const flow = await SignInFlow.start(own());
      should(userOf(await flow.leaves('port 1', {}))).equal('ada');
      should(messages).have.length(100);
    });
  });

  describe('show', () => {
    const shown = async (flow: SignInFlow, text: RegExp): Promise<void> => {
      while (!flow.statuses.some((status) => text.test(String(status.text)))) await flow.nextStatus();
      should(JSON.stringify(flow.statuses)).not.match(/\bada\b/);
    };

    it('how many messages wait, and then that there is a token', async () => {
      pool.local.faults.inject({ operation: 'InitiateAuth', drop: true, times: 2 });
      const flow = await SignInFlow.start(own());
      const messages = Array.from({ length: 3 }, () => flow.send({}));
      await shown(flow, /3/);
      await Promise.all(messages);
      await shown(flow, /withToken|with token/);
    });

    it('what keeps messages waiting, while they wait', async () => {
      pool.local.faults.inject({ exception: 'TooManyRequestsException' });
      const flow = await SignInFlow.start(own());
      const sent = flow.send({});
      await shown(flow, /TooManyRequestsException/);
      should(flow.arrivals).be.empty();
      pool.local.faults.clear();
      should((await sent).by).equal('port 1');
    });

    it('the code of an error', async () => {
      const flow = await SignInFlow.start(ownAccount(pool.clientSide(), 'disabled'));
      await flow.caught({}, 'NotAuthorizedException');
      await shown(flow, /^NotAuthorizedException$/);
    });
  });

  describe('say what is wrong with', () => {
    const wrong: Record<string, readonly [setup: () => Setup, code: string, field: string]> = {
      'a user pool that is missing': [() => own({ userPool: 'none' }), 'UserPoolMissing', 'userPool'],
      'a user pool that is disabled': [
        () => ({ ...own(), pool: { ...pool.clientSide().pool, d: true } }),
        'UserPoolMissing',
        'userPool',
      ],
      'a user pool that can’t be': [
        () => ({ ...own(), ...pool.clientSide({ userPoolId: 'nonsense' }) }),
        'UserPoolInvalid',
        'userPoolId',
      ],
      'an encryption key from a variable that is not set': [
        () => ({ ...own(), ...pool.clientSide({}, { encryptionKey: '${COGNITO_TEST_UNSET}' }) }),
        'EnvironmentVariableUnset',
        'encryptionKey',
      ],
      'a flow of the other API': [
        () => own(typed('authFlow', 'str', 'ADMIN_USER_PASSWORD_AUTH')),
        'AuthFlowNotOnThisApi',
        'ADMIN_USER_PASSWORD_AUTH',
      ],
    };
    for (const [what, [setup, code, field]] of Object.entries(wrong)) {
      it(what, async () => {
        const flow = await SignInFlow.start(setup());
        for (const round of [1, 2]) {
          const msg = await flow.caught({ payload: round }, code);
          should(msg.error.cause).have.property('field', field);
          should(msg).have.property('payload', round);
        }
        should(pool.local.requests).be.empty();
      });
    }
  });
});
