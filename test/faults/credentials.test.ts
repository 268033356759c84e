import { password } from '../support/pools';
import { silentServer } from '../support/servers';
import { SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';
import { countLeaks } from './leaks';

describe('AWS’s token service that never answers', () => {
  const pool = new TestPool();
  const saved = process.env.AWS_ENDPOINT_URL_STS;
  stopFlowAfterEach();
  afterEach(() => {
    if (saved === undefined) Reflect.deleteProperty(process.env, 'AWS_ENDPOINT_URL_STS');
    else process.env.AWS_ENDPOINT_URL_STS = saved;
  });

  it('is TimeoutError for each message, and is not asked for ever', async () => {
    await SignInFlow.start({});
    await SignInFlow.stop();
    const assertNoLeaks = await countLeaks();
    const service = await silentServer();
    process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${service.port}`;
    const keys = { accessKeyId: 'AKIAOFTHISTEST', secretAccessKey: 'of this test' };
    const role = { credentialsSource: 'role', roleArn: 'arn:aws:iam::123456789012:role/test', timeout: 1 };
    const flow = await SignInFlow.start(pool.serverSide(role, keys));
    for (let times = 0; times < 3; times += 1) {
      await flow.caught({ payload: { username: 'ada', password } }, 'TimeoutError');
      // The asking is given up too: else the next message would wait for the same one.
      while (service.connections() > 0) await service.change();
    }
    await SignInFlow.stop();
    await service.close();
    await assertNoLeaks();
  });
});
