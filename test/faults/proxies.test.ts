import { setTimeout as sleep } from 'node:timers/promises';
import should from 'should';
import { password } from '../support/pools';
import { type Setup, SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';
import { FaultyProxy, type Refusal } from './faulty-proxy';
import { countLeaks } from './leaks';

/** In ms: the SDK and the agent may have to be loaded first, on a machine that has much else to do. */
const timeout = 5_000;
const credentials = { username: 'jane', password: 'Secret-Of-The-Proxy' };

/** What proxies do to those who ask them for a way, and what comes of it. */
const refusals: Record<string, readonly [how: Refusal, code: string, cause: object]> = {
  'never answers': [() => undefined, 'TimeoutError', {}],
  'closes the connection': [(socket) => socket.end(), 'NetworkError', { systemCode: 'ECONNRESET' }],
  'resets the connection': [(socket) => socket.resetAndDestroy(), 'NetworkError', { systemCode: 'ECONNRESET' }],
  'wants other credentials': [
    (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n'),
    'AnswerUnexpected',
    { httpStatusCode: 407 },
  ],
  'finds no way': [
    (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
    'AnswerUnexpected',
    { httpStatusCode: 502 },
  ],
  'speaks something else': [(socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'NetworkError', {}],
};

describe('a proxy on the way to Cognito that', () => {
  const pool = new TestPool();
  let proxy: FaultyProxy;
  let assertNoLeaks: () => Promise<void>;

  before(async () => {
    await SignInFlow.start({});
    await SignInFlow.stop();
  });
  beforeEach(async () => {
    assertNoLeaks = await countLeaks();
    proxy = new FaultyProxy();
    await proxy.listen();
  });
  stopFlowAfterEach();
  afterEach(() => proxy.close());

  const ada = () => ({ payload: { username: 'ada', password } });
  const through = (endpoint: string, noproxy: string[] = []): Setup => ({
    ...pool.clientSide({ proxy: 'proxy', endpoint, timeout: timeout / 1000 }),
    proxy: { url: `http://${proxy.host}`, noproxy },
    proxyCredentials: credentials,
  });

  for (const [what, [refusal, code, cause]] of Object.entries(refusals)) {
    it(`${what} is ${code}, and leaves nothing open`, async () => {
      proxy.refusal = refusal;
      const flow = await SignInFlow.start(through('https://cognito.example'));
      const { error } = await flow.caught(ada(), code);
      should(error.cause).match(cause);
      should(proxy.asked[0]).match({ target: 'cognito.example:443', credentials: 'jane:Secret-Of-The-Proxy' });
      // Without waiting for a deploy.
      for (let waited = 0; proxy.connections > 0; waited += 10) {
        should(waited).be.below(timeout);
        await sleep(10);
      }
      should(JSON.stringify([error, flow.logged])).not.containEql('Secret-Of-The-Proxy');
      await SignInFlow.stop();
      await proxy.close();
      await assertNoLeaks();
    });
  }

  it('is passed by leaves nothing open once the flow has stopped', async () => {
    const flow = await SignInFlow.start(through(pool.local.endpoint, ['127.0.0.1']));
    await flow.signedIn(ada());
    should(proxy.asked).be.empty();
    await SignInFlow.stop();
    await proxy.close();
    await assertNoLeaks();
  });
});
