import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PoolConfig, UserConfig } from '@cognito-flows/local-cognito';
import RED from 'node-red';
import should from 'should';
import { password, poolId, testPools } from '../support/pools';
import { silentServer, type TestServer } from '../support/servers';
import { type Arrival, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

/** What Node-RED's hook onComplete hands on; its own types leave it open. */
interface CompleteEvent {
  readonly msg: { readonly _msgid?: string };
  readonly node: { readonly id: string };
  readonly error?: { readonly code?: string };
}

const people = 200;
const personsPassword = (number: number) => `Password-Of-${number}`;

/** The pool with two hundred users of their own passwords; every third has MFA. */
function crowdedPools(): PoolConfig[] {
  const users = Array.from({ length: people }, (_, number): UserConfig => ({
    username: `person${number}`,
    password: personsPassword(number),
    attributes: { email: `person${number}@example.com`, email_verified: 'true', name: `Person ${number}` },
    ...(number % 3 === 0 && { mfa: { enabled: ['EMAIL_OTP'] } }),
  }));
  return testPools().map((pool) => (pool.id === poolId ? { ...pool, users } : pool));
}

describe('many sign-ins at once', () => {
  const pool = new TestPool(() => ({ pools: crowdedPools() }));
  stopFlowAfterEach();

  const accesses = { 'client-side': () => pool.clientSide(), 'server-side': () => pool.serverSide() };
  for (const [name, access] of Object.entries(accesses)) {
    it(`of ${people} users by SRP (${name}) mix nothing up`, async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error): number => warnings.push(warning);
      process.on('warning', listen);
      const flow = await SignInFlow.start({
        ...access(),
        settings: typed('authFlow', 'str', 'USER_SRP_AUTH'),
        answer: {},
      });

      const arrivals = await Promise.all(
        Array.from({ length: people }, async (_, number): Promise<Arrival> => {
          const payload = { username: `person${number}@example.com`, password: personsPassword(number) };
          const arrival = await flow.send({ payload, marker: number });
          if (arrival.by !== 'port 2') return arrival;
          const code = pool.local.outbox.latest(`person${number}`)?.code;
          return flow.answer({ payload: { code }, cognito: arrival.msg.cognito, marker: number });
        }),
      );

      arrivals.forEach(({ by, msg }, number) => {
        should(by).equal('port 1');
        should(msg.marker).equal(number);
        should(msg.cognito).match({ username: `person${number}`, claims: { name: `Person ${number}` } });
        const { AccessToken } = msg.payload as { AccessToken: string };
        const claims = JSON.parse(Buffer.from(AccessToken.split('.')[1]!, 'base64url').toString()) as {
          username: string;
        };
        should(claims.username).equal(`person${number}`);
      });
      should(new Set(arrivals.map(({ msg }) => msg.payload)).size).equal(people);
      process.off('warning', listen);
      should(warnings.filter(({ name: kind }) => kind === 'MaxListenersExceededWarning')).be.empty();
    }).timeout(60_000); // on Node 22, whose powers are slower
  }

  it('fail each for themselves', async () => {
    const flow = await SignInFlow.start(pool.clientSide());
    const arrivals = await Promise.all(
      Array.from({ length: 30 }, (_, number) => {
        const right = number % 2 === 0;
        const payload = {
          username: `person${3 * number + 1}`,
          password: right ? personsPassword(3 * number + 1) : 'Wrong-1',
        };
        return flow.send({ payload });
      }),
    );
    should(arrivals.map(({ by }) => by)).deepEqual(
      Array.from({ length: 30 }, (_, number) => (number % 2 === 0 ? 'port 1' : 'Catch')),
    );
  });
});

describe('closing with calls under way', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  let server: TestServer;
  const ends: { id: string | undefined; code: string | undefined }[] = [];

  beforeEach(async () => {
    server = await silentServer();
    ends.length = 0;
    RED.hooks.add('onComplete.test', (event: CompleteEvent) => {
      if (event.node.id === 'node') ends.push({ id: event.msg._msgid, code: event.error?.code });
    });
  });
  afterEach(async () => {
    RED.hooks.remove('*.test');
    await server.close();
  });

  const silent = () => ({ endpoint: `http://127.0.0.1:${server.port}` });
  const ids = ['one', 'two', 'three'];
  const aborted = ids.map((id) => ({ id, code: 'Aborted' }));

  /** Sends three messages and waits until each of them holds a connection. */
  async function callsUnderWay(setup: Setup): Promise<SignInFlow> {
    const flow = await SignInFlow.start(setup);
    for (const _msgid of ids) void flow.send({ _msgid, payload: { username: 'ada', password } });
    while (server.connections() < ids.length) await server.change();
    return flow;
  }

  for (const [name, access] of Object.entries({
    'client-side': () => pool.clientSide(silent()),
    'server-side': () => pool.serverSide(silent()),
  })) {
    it(`(${name}) ends each of them once with Aborted, quickly, and closes the sockets`, async () => {
      const flow = await callsUnderWay(access());
      const began = Date.now();
      await SignInFlow.stop();
      should(Date.now() - began).be.below(1_000);
      should(ends).deepEqual(aborted);
      should(flow.arrivals.filter(({ by }) => by !== 'Catch')).be.empty();
      should(flow.completed).be.empty();
      while (server.connections() > 0) await server.change();
    });
  }

  it('writes one line to the log, since Catch nodes may have stopped already', async () => {
    const flow = await callsUnderWay(pool.clientSide(silent()));
    await flow.stopNode();
    const lines = flow.logged.filter((entry) => /abort/i.test(JSON.stringify((entry as { msg?: unknown }).msg ?? '')));
    should(lines.map((line) => (line as { id?: string }).id)).deepEqual(['node']);
  });

  it('tells Catch where only the changed nodes are deployed again', async () => {
    const setup = pool.clientSide(silent());
    const flow = await callsUnderWay(setup);
    await SignInFlow.deploy({ ...setup, settings: { name: 'changed' } });
    should(ends).deepEqual(aborted);
    should(flow.arrivals.map(({ by, msg }) => [by, msg._msgid, msg.error?.code])).deepEqual(
      ids.map((id) => ['Catch', id, 'Aborted']),
    );
  });

  it('leaves nothing behind that keeps the process or the next deploy busy', async () => {
    await callsUnderWay(pool.clientSide(silent()));
    await SignInFlow.stop();
    while (server.connections() > 0) await server.change();
    const flow = await SignInFlow.start(pool.clientSide());
    await flow.signedIn({ payload: { username: 'ada', password } });
    await SignInFlow.stop();
    // The pool's ends of the connections are in this process too, and hear a moment later that the others have closed.
    while (process.getActiveResourcesInfo().includes('TCPSocketWrap')) await nextTurn();
  });

  it('aborts a TOTP secret that waits for its next code', async () => {
    const flow = await SignInFlow.start({
      ...pool.clientSide(),
      answer: { settings: typed('totpSecret', 'cred'), credentials: { totpSecret: pool.user('tom').totpSecret } },
    });
    const tom = () => ({ payload: { username: 'tom', password } });
    const one = await flow.challenged(tom(), 'SOFTWARE_TOKEN_MFA');
    const two = await flow.challenged(tom(), 'SOFTWARE_TOKEN_MFA');
    should((await flow.answer(one)).by).equal('port 1');
    void flow.answer(two);
    const began = Date.now();
    await SignInFlow.stop();
    should(Date.now() - began).be.below(1_000);
  });
});
