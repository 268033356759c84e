import should from 'should';
import { password } from '../../../support/pools';
import { TestProxy } from '../../../support/proxy';
import { freePort } from '../../../support/servers';
import { SignInFlow, stopFlowAfterEach, TestPool } from '../../../support/sign-in-flow';

describe('a proxy', () => {
  const pool = new TestPool();
  let proxy: TestProxy;
  const variables = [
    'HTTP_PROXY',
    'http_proxy',
    'NO_PROXY',
    'no_proxy',
    'ALL_PROXY',
    'all_proxy',
    'HTTPS_PROXY',
    'https_proxy',
  ];
  const saved = new Map(variables.map((name) => [name, process.env[name]]));

  beforeEach(async () => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    proxy = new TestProxy();
    await proxy.listen();
  });
  stopFlowAfterEach();
  afterEach(async () => {
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await proxy.close();
  });

  const ada = () => ({ payload: { username: 'ada', password } });
  const throughProxy = () => pool.serverSide({ proxy: 'proxy' });

  it('is not used where there is none', async () => {
    await (await SignInFlow.start(pool.serverSide())).signedIn(ada());
    should(proxy.requests).be.empty();
  });

  it('of Node-RED’s own config node is used', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: `http://${proxy.host}` } });
    await flow.signedIn(ada());
    should(proxy.requests).match([{ url: `${pool.local.endpoint}/` }]);
  });

  it('is asked for the server by every call, the second one as the first', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: `http://${proxy.host}` } });
    for (let calls = 0; calls < 3; calls += 1) await flow.signedIn(ada());
    should(proxy.requests.map(({ url }) => url)).deepEqual(Array(3).fill(`${pool.local.endpoint}/`));
  });

  it('may be given without a scheme, as http request takes it', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: proxy.host } });
    await flow.signedIn(ada());
    should(proxy.requests).have.length(1);
  });

  it('gets the name and password of the config node', async () => {
    const flow = await SignInFlow.start({
      ...throughProxy(),
      proxy: { url: `http://${proxy.host}` },
      proxyCredentials: { username: 'j@ne', password: 'p:w/d' },
    });
    await flow.signedIn(ada());
    should(proxy.requests).match([{ credentials: 'j@ne:p:w/d' }]);
  });

  it('is passed by for the hosts that the config node excepts', async () => {
    const flow = await SignInFlow.start({
      ...throughProxy(),
      proxy: { url: `http://${proxy.host}`, noproxy: ['example.com', ' 127.0.0.1 '] },
    });
    await flow.signedIn(ada());
    should(proxy.requests).be.empty();
  });

  it('of the environment is used, and its exceptions are kept', async () => {
    process.env.HTTP_PROXY = `http://${proxy.host}`;
    await (await SignInFlow.start(pool.serverSide())).signedIn(ada());
    should(proxy.requests).have.length(1);
    process.env.NO_PROXY = '127.0.0.1';
    await (await SignInFlow.start(pool.serverSide())).signedIn(ada());
    should(proxy.requests).have.length(1);
  });

  it('of the config node goes before that of the environment', async () => {
    process.env.HTTP_PROXY = `http://127.0.0.1:${await freePort()}`;
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: `http://${proxy.host}` } });
    await flow.signedIn(ada());
    should(proxy.requests).have.length(1);
  });

  it('that does not answer is a NetworkError, without its password', async () => {
    const flow = await SignInFlow.start({
      ...throughProxy(),
      proxy: { url: `http://127.0.0.1:${await freePort()}` },
      proxyCredentials: { username: 'jane', password: 'Secret-Of-The-Proxy' },
    });
    const { error } = await flow.caught(ada(), 'NetworkError');
    should(JSON.stringify(error)).not.containEql('Secret-Of-The-Proxy');
  });

  it('whose variable is not set is refused by name', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: '${COGNITO_TEST_NOT_SET}' } });
    const { error } = await flow.caught(ada(), 'EnvironmentVariableUnset');
    should(error.cause).match({ field: 'proxy', expected: 'COGNITO_TEST_NOT_SET' });
  });

  it('of a kind that nobody knows is refused by name, without its password', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: 'ftp://me:Proxy-Secret-1@proxy.example' } });
    const { error } = await flow.caught(ada(), 'UserPoolInvalid');
    should(error.cause).have.property('field', 'proxy');
    should(JSON.stringify(error)).not.containEql('Proxy-Secret-1');
  });

  it('that is no URL is refused by name', async () => {
    const flow = await SignInFlow.start({ ...throughProxy(), proxy: { url: 'http://not a host' } });
    const { error } = await flow.caught(ada(), 'UserPoolInvalid');
    should(error.cause).have.property('field', 'proxy');
  });
});
