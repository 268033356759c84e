import { LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import type { Finding } from '../../nodes/lib/cognito/pool-check';
import { clientSecret, poolId, publicClient, secretClient, testPools } from '../support/pools';
import { linked, RealNodeRed } from '../support/real-node-red';

const keys = { accessKeyId: 'AKIATESTOFTHEROUTES', secretAccessKey: 'secret-key-of-the-routes' };
const encryptionKey = 'encryption-key-of-the-routes';

interface Body {
  readonly findings: Finding[];
  readonly finding?: Finding;
  readonly facts: Record<string, unknown>;
  readonly choices?: { id: string; name: string }[];
  readonly code?: string;
}

describe('the test of a user pool, by the admin API', function () {
  this.timeout(60_000);
  let nodeRed: RealNodeRed;
  const local = new LocalCognito({ pools: testPools(), iamUsers: [keys] });

  before(async () => {
    await local.listen(0);
    nodeRed = await RealNodeRed.start(linked);
  });
  after(async () => {
    await nodeRed.stop();
    await local.close();
  });

  const settings = () => ({
    userPoolId: poolId,
    clientId: secretClient,
    api: 'server-side',
    credentialsSource: 'keys',
    endpoint: local.endpoint,
  });
  const secrets = { ...keys, clientSecret, encryptionKey };
  const ask = async (action: string, body: unknown, id = 'never-deployed'): Promise<Body> =>
    (await (await nodeRed.post(`/cognito-user-pool/${id}/${action}`, body)).json()) as Body;

  it('finds everything right', async () => {
    const answer = await ask('test', { settings: settings(), secrets });
    console.log(JSON.stringify(answer, null, 1));
    console.log(await ask('pools', { settings: settings(), secrets }), await ask('clients', { settings: settings(), secrets }));
    console.log(JSON.stringify(await ask('test', { settings: {...settings(), api: 'client-side', clientId: publicClient} })));
    should(answer.findings.filter(({ outcome }) => outcome !== 'ok')).be.empty();
  });
});
