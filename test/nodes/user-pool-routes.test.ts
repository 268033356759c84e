import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import type { Finding } from '../../nodes/lib/cognito/pool-check';
import { poolId, publicClient, secretClient, testPools } from '../support/pools';
import { linked, RealNodeRed } from '../support/real-node-red';

/** One in every secret field, to be found nowhere. */
const secrets = {
  clientSecret: 'canary-client-secret',
  accessKeyId: 'AKIACANARYOFTHEROUTES',
  secretAccessKey: 'canary-secret-access-key',
  encryptionKey: 'canary-encryption-key',
};
const sessionToken = 'canary-session-token';

interface Body {
  readonly findings?: Finding[];
  readonly finding?: Finding;
  readonly choices?: { id: string; name: string }[];
  readonly code?: string;
}

/** Writes down what it is sent, and answers with a secret-looking text. */
function recordingServer(): { server: Server; received: string[]; listen: () => Promise<string> } {
  const received: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(JSON.stringify(request.headers) + Buffer.concat(chunks).toString());
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"InternalDocumentException","message":"an-inner-document"}');
    });
  });
  const listen = async (): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return { server, received, listen };
}

describe('the test of a user pool, by the admin API', function () {
  this.timeout(60_000);
  let nodeRed: RealNodeRed;
  let elsewhere: string;
  const recorder = recordingServer();
  const answers: string[] = [];
  const pools = testPools();
  const local = new LocalCognito({
    pools: pools.map((pool) => ({
      ...pool,
      clients: pool.clients.map((client) => (client.clientSecret ? { ...client, clientSecret: secrets.clientSecret } : client)),
    })),
    iamUsers: [{ accessKeyId: secrets.accessKeyId, secretAccessKey: secrets.secretAccessKey }],
  });

  const settings = () => ({
    userPoolId: poolId,
    clientId: secretClient,
    api: 'server-side',
    credentialsSource: 'keys',
    endpoint: local.endpoint,
  });

  before(async () => {
    await local.listen(0);
    elsewhere = await recorder.listen();
    process.env.COGNITO_TEST_ENDPOINT = local.endpoint;
    nodeRed = await RealNodeRed.start(linked);
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'tab' },
      { id: 'pool', type: 'cognito-user-pool', name: '', ...settings(), timeout: 15, credentials: secrets },
      { id: 'other', type: 'inject', z: 'tab', wires: [[]] },
    ]);
  });
  after(async () => {
    delete process.env.COGNITO_TEST_ENDPOINT;
    await nodeRed.stop();
    await local.close();
    recorder.server.close();
  });
  beforeEach(() => {
    recorder.received.length = 0;
  });

  const ask = async (action: string, body: unknown, id = 'pool'): Promise<Body> => {
    const text = await (await nodeRed.post(`/cognito-user-pool/${id}/${action}`, body)).text();
    answers.push(text);
    return JSON.parse(text) as Body;
  };
  const outcomeOf = ({ findings = [] }: Body, check: string): string => {
    const found = findings.find((finding) => finding.check === check);
    return `${found?.outcome}: ${found?.reason}`;
  };

  it('finds the deployed node right, with the secrets that are stored', async () => {
    const { findings } = await ask('test', {});
    should(findings?.filter(({ outcome }) => outcome !== 'ok')).deepEqual([]);
    should(findings?.map(({ check }) => check)).containDeep(['region', 'credentials', 'secret', 'permission', 'storage']);
  });

  it('finds a node right that was never deployed, with what is typed', async () => {
    const { findings } = await ask('test', { settings: settings(), secrets }, 'new');
    should(findings?.filter(({ outcome }) => outcome !== 'ok')).deepEqual([]);
  });

  it('has no stored secrets for a node that was never deployed', async () => {
    const answer = await ask('test', { settings: settings(), secrets: { clientSecret: '__PWRD__' } }, 'new');
    should(answer.findings?.[0]?.values).have.property('field', 'accessKeyId');
  });

  it('takes what is typed in place of what is stored', async () => {
    should(outcomeOf(await ask('test', { secrets: { clientSecret: 'wrong' } }), 'secret')).equal('failed: secretWrong');
    should(outcomeOf(await ask('test', { secrets: { clientSecret: '' } }), 'secret')).equal('failed: secretMissing');
    should(outcomeOf(await ask('test', { settings: { clientId: publicClient } }), 'secret')).equal('failed: secretSuperfluous');
    should(outcomeOf(await ask('test', { settings: { contextStore: 'none' } }), 'storage')).equal('failed: noSuchStore');
  });

  it('reads environment variables on the server, and names one that is not set', async () => {
    should(outcomeOf(await ask('test', { settings: { endpoint: '${COGNITO_TEST_ENDPOINT}' } }), 'region')).equal('ok: reached');
    const { findings } = await ask('test', { settings: { endpoint: '${COGNITO_TEST_NOT_SET}' } });
    should(findings?.[0]).match({ outcome: 'failed', values: { field: 'endpoint', expected: 'COGNITO_TEST_NOT_SET' } });
    should(findings?.slice(1).every(({ outcome }) => outcome === 'unknown')).be.true();
  });

  it('sends no stored secret to another endpoint, through another proxy or for another role', async () => {
    const role = { credentialsSource: 'role', roleArn: 'arn:aws:iam::123456789012:role/other' };
    for (const changed of [{ endpoint: elsewhere }, { endpoint: '' }, { proxy: 'other' }, role]) {
      for (const action of ['test', 'pools', 'clients']) {
        const answer = await ask(action, { settings: changed });
        const finding = answer.finding ?? answer.findings?.[0];
        should(finding).match({ reason: 'typeAgain', values: { fields: /accessKeyId secretAccessKey/ } });
      }
    }
    const someTyped = await ask('test', { settings: { endpoint: elsewhere }, secrets: { clientSecret: 'typed' } });
    should(someTyped.findings?.[0]?.values).deepEqual({ fields: 'accessKeyId secretAccessKey' });
    should(recorder.received).deepEqual([]);
  });

  it('sends there what is typed, and hands back nothing of the answer', async () => {
    const answer = await ask('test', {
      settings: { endpoint: elsewhere },
      secrets: { clientSecret: 'typed', accessKeyId: 'AKIATYPEDTYPEDTYPED', secretAccessKey: 'typed', sessionToken },
    });
    should(recorder.received.join()).containEql('AKIATYPEDTYPEDTYPED').and.not.match(/CANARYOFTHEROUTES|canary-client/);
    should(JSON.stringify(answer)).not.match(/an-inner-document|InternalDocument/);
  });

  it('sends a stored client secret elsewhere on no API', async () => {
    const answer = await ask('test', { settings: { api: 'client-side', endpoint: elsewhere } });
    should(answer.findings?.[0]?.values).deepEqual({ fields: 'clientSecret' });
    should(recorder.received).deepEqual([]);
  });

  it('signs no list with stored keys for another endpoint, whichever API is chosen', async () => {
    for (const action of ['pools', 'clients']) {
      const settings = { api: 'client-side', endpoint: elsewhere };
      const answer = await ask(action, { settings, secrets: { clientSecret: '' } });
      should(answer.finding?.values).deepEqual({ fields: 'accessKeyId secretAccessKey' });
    }
    should(recorder.received).deepEqual([]);
  });

  it('refuses a proxy that is not deployed', async () => {
    const { findings } = await ask('test', { settings: { ...settings(), proxy: 'drawn-only' }, secrets }, 'new');
    should(findings?.[0]?.reason).equal('proxyNotDeployed');
  });

  it('lists user pools and app clients', async () => {
    should((await ask('pools', { settings: { userPoolId: 'eu-west-1_' } })).choices?.map(({ id }) => id)).deepEqual([
      poolId,
      'eu-west-1_OtherPool',
    ]);
    should((await ask('clients', {})).choices?.map(({ id }) => id)).containDeep([secretClient, publicClient]);
    should((await ask('pools', { settings: { userPoolId: 'evil.example_' } })).finding).match({ reason: 'settingsWrong' });
  });

  it('answers other types’ ids, and what is no question, with a refusal', async () => {
    const statusOf = async (id: string, body: unknown) => (await nodeRed.post(`/cognito-user-pool/${id}/test`, body)).status;
    should(await statusOf('other', {})).equal(404);
    should(await statusOf('__proto__', {})).equal(404);
    for (const body of [[], { settings: [] }, { settings: { endpoint: {} } }, { secrets: { clientSecret: ['x'] } }]) {
      should(await statusOf('pool', body)).equal(400, JSON.stringify(body));
    }
    should(await statusOf('pool', { settings: { profile: 'x'.repeat(10_000) } })).equal(400);
    const form = { method: 'POST', body: new URLSearchParams({ settings: 'x' }) };
    should((await nodeRed.fetch('/cognito-user-pool/pool/test', form)).status).equal(415);
    const polluting = '{"settings":{"__proto__":{"endpoint":"http://127.0.0.1:1"}}}';
    const headers = { 'Content-Type': 'application/json' };
    const response = await nodeRed.fetch('/cognito-user-pool/pool/test', { method: 'POST', body: polluting, headers });
    should(outcomeOf((await response.json()) as Body, 'region')).equal('ok: reached');
  });

  it('has put no secret into an answer, or into the log at its most talkative', () => {
    const told = answers.join('\n') + nodeRed.output;
    should(answers.length).be.above(20);
    for (const secret of [...Object.values(secrets), sessionToken, 'an-inner-document']) {
      should(told.includes(secret)).be.false(secret);
    }
  });
});

describe('the test of a user pool, where people have to log in', function () {
  this.timeout(60_000);
  let nodeRed: RealNodeRed;

  // Without a login everybody may read.
  before(async () => {
    nodeRed = await RealNodeRed.start(linked, {
      adminAuth: { type: 'credentials', users: [], default: { permissions: 'read' } },
    });
  });
  after(() => nodeRed.stop());

  it('is for those alone who may deploy', async () => {
    for (const action of ['test', 'pools', 'clients']) {
      const response = await nodeRed.post(`/cognito-user-pool/new/${action}`, { settings: {} });
      should(response.status).equal(401);
      const bearer = { Authorization: 'Bearer made-up' };
      should((await nodeRed.post(`/cognito-user-pool/new/${action}`, {}, bearer)).status).equal(401);
    }
  });
});
