import { LocalCognito, type PoolConfig, practiceCredentials } from '@cognito-flows/local-cognito';
import should from 'should';
import { checkPool, type Report } from '../../../../nodes/lib/cognito/pool-check';
import { UserPool, type UserPoolSettings } from '../../../../nodes/lib/cognito/user-pool';
import { bareClient, clientSecret, poolId, publicClient, secretClient, testPools } from '../../../support/pools';
import { fixedServer, freePort, selfSignedServer, silentServer, type TestServer } from '../../../support/servers';

const mighty = { accessKeyId: 'AKIAMAYDOEVERYTHING', secretAccessKey: 'right' };
const weak = {
  accessKeyId: 'AKIAMAYSIGNUSERSIN',
  secretAccessKey: 'right',
  denied: ['AdminUserGlobalSignOut', 'DescribeUserPool', 'DescribeUserPoolClient', 'GetUserPoolMfaConfig'],
};
const powerless = {
  ...weak,
  accessKeyId: 'AKIAMAYDONOTHING',
  denied: [...weak.denied, 'AdminInitiateAuth', 'AdminRespondToAuthChallenge'],
};

type Change = Partial<UserPoolSettings> & { readonly secret?: string | null };

describe('the check of a user pool', () => {
  let local: LocalCognito;
  const servers: TestServer[] = [];

  const start = async (change: Partial<PoolConfig> = {}): Promise<void> => {
    const [first, ...others] = testPools();
    local = new LocalCognito({ pools: [{ ...first!, ...change }, ...others], iamUsers: [mighty, weak, powerless] });
    await local.listen(0);
  };
  beforeEach(() => start());
  afterEach(async () => {
    await local.close();
    for (const server of servers.splice(0)) await server.close();
  });

  /** @param secret null for none */
  const check = async ({ secret = clientSecret, ...change }: Change = {}): Promise<Report> => {
    const { accessKeyId, secretAccessKey } = mighty;
    const pool = new UserPool({
      userPoolId: poolId,
      clientId: secretClient,
      ...(secret !== null && { clientSecret: secret }),
      api: 'server-side',
      credentials: { source: 'keys', keys: { accessKeyId, secretAccessKey } },
      endpoint: local.endpoint,
      timeout: 3_000,
      ...change,
    });
    try {
      return await checkPool(pool, AbortSignal.timeout(10_000));
    } finally {
      await pool.close();
    }
  };
  const client = (clientId: string): Change => ({
    api: 'client-side',
    clientId,
    secret: null,
    credentials: { source: 'default' },
  });
  const keys = ({ accessKeyId, secretAccessKey }: typeof mighty) =>
    ({ credentials: { source: 'keys', keys: { accessKeyId, secretAccessKey } } }) as const;
  /** The outcomes and reasons that are not `ok`. */
  const problems = ({ findings }: Report): string[] =>
    findings.flatMap(({ outcome, check: about, reason }) => (outcome === 'ok' ? [] : [`${about} ${outcome}: ${reason}`]));

  it('finds what is right, and what the client allows', async () => {
    const report = await check();
    should(problems(report)).deepEqual([]);
    should(report.facts).containDeep({
      disabledFlows: ['USER_AUTH', 'CUSTOM_AUTH'],
      mfa: 'OPTIONAL',
      mfaTypes: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
      accessToken: { value: 1, unit: 'hours' },
      refreshToken: { value: 30, unit: 'days' },
      session: { value: 3, unit: 'minutes' },
      tracksDevices: false,
    });
    should(JSON.stringify(report)).not.containEql(clientSecret);
  });

  it('signs nobody in, names nobody, and sends no code', async () => {
    await check();
    await check(client(publicClient));
    await check(keys(weak));
    should(local.outbox.messages).be.empty();
    const sent = local.requests.map(({ body }) => JSON.stringify(body)).join('\n');
    should(sent).not.match(/"(PASSWORD|SRP_A)":/);
    const named = [...sent.matchAll(/"(?:USERNAME|Username)":"([^"]*)"/g)].map(([, name = '']) => name);
    should(named.length).be.above(3);
    should(named.filter((name) => !name.startsWith('made-up-'))).deepEqual([]);
    should(local.requests.length).be.above(10);
  });

  it('tells what is unknown without permission to describe, and finds flows that are off', async () => {
    const report = await check(keys(weak));
    should(problems(report)).deepEqual(['permission warning: signOutDenied', 'facts unknown: factsDenied']);
    should(report.facts).deepEqual({ disabledFlows: ['USER_AUTH', 'CUSTOM_AUTH'] });
    should(report.findings.at(-1)?.values?.permissions).equal(
      'cognito-idp:DescribeUserPoolClient, cognito-idp:DescribeUserPool, cognito-idp:GetUserPoolMfaConfig',
    );
    should(report.findings.find(({ check: about }) => about === 'secret')?.reason).equal('secretNotRefused');
  });

  it('tells which permissions to sign in are missing', async () => {
    should(problems(await check(keys(powerless)))).deepEqual([
      'client unknown: notTested',
      'secret unknown: notTested',
      'permission failed: denied',
      'permission failed: denied',
      'permission warning: signOutDenied',
      'facts unknown: factsDenied',
    ]);
  });

  const behind = ['userPool', 'client', 'secret', 'permission', 'permission', 'permission'];
  const untold = (from: number) => behind.slice(from).map((about) => `${about} unknown: notTested`);

  it('tells an unknown access key and a wrong secret key, and nothing behind them', async () => {
    for (const [wrong, advice] of [
      [{ ...mighty, accessKeyId: 'AKIANOBODYKNOWSIT' }, 'UnrecognizedClientException'],
      [{ ...mighty, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ] as const) {
      const report = await check(keys(wrong));
      should(problems(report)).deepEqual(['credentials failed: credentialsRefused', ...untold(1)]);
      should(report.findings.find(({ check: about }) => about === 'credentials')?.advice).deepEqual([advice]);
    }
  });

  it('tells expired credentials, and credentials that can’t be had', async () => {
    local.faults.inject({ exception: 'ExpiredTokenException' });
    const expired = await check();
    should(problems(expired)).containEql('credentials failed: credentialsRefused');
    local.faults.clear();
    const missing = await check({ credentials: { source: 'profile', profile: 'no-such-profile-anywhere' } });
    should(problems(missing)).deepEqual(['credentials failed: credentialsRefused', ...untold(1)]);
  });

  it('tells a user pool, a client and a region that are not there', async () => {
    const nowhere = { userPoolId: 'eu-west-1_Nowhere' };
    const noPool = 'userPool failed: userPoolNotFound';
    const noClient = 'client failed: clientNotFound';
    should(problems(await check(nowhere))).containDeep([noPool, 'client unknown: notTested']);
    should(problems(await check({ clientId: 'nobodysclient' }))).containDeep([noClient, 'secret unknown: notTested']);
    should(problems(await check({ userPoolId: poolId.replace('west', 'north') }))).containEql(noPool);
    should(problems(await check({ ...client(publicClient), ...nowhere }))).containEql(noPool);
    should(problems(await check(client('nobodysclient')))).containEql(noClient);
  });

  for (const api of ['server-side', 'client-side'] as const) {
    it(`tells a secret that is wrong, missing or superfluous (${api})`, async () => {
      const secretOf = async (settings: Change) => {
        const { findings } = await check({ api, ...settings });
        return findings.find((found) => found.check === 'secret')?.reason;
      };
      should(await secretOf({ secret: 'wrong' })).equal('secretWrong');
      should(await secretOf({ secret: null })).equal('secretMissing');
      should(await secretOf({ clientId: publicClient })).equal('secretSuperfluous');
      should(await secretOf({ clientId: publicClient, secret: null })).equal('secretNotNeeded');
    });
  }

  it('warns of a default flow that is off, and of devices on the server-side API', async () => {
    const bare = await check({ clientId: bareClient, secret: null });
    should(problems(bare)).deepEqual(['flows warning: defaultFlowDisabled']);
    await local.close();
    await start({ deviceConfiguration: {} });
    should(problems(await check())).deepEqual(['devices warning: devicesTracked']);
  });

  it('warns of a clock that is off', async () => {
    local.clock.advance(120_000);
    should(problems(await check())).deepEqual(['clock warning: clockBehind']);
  });

  it('tells who could not be reached, and how', async () => {
    const silent = await silentServer();
    const tls = await selfSignedServer();
    const login = await fixedServer(200, { 'content-type': 'text/html' }, '<html>log in</html>');
    servers.push(silent, tls, login);
    for (const [endpoint, advice] of [
      [`http://127.0.0.1:${await freePort()}`, 'NetworkError'],
      [`http://127.0.0.1:${silent.port}`, 'TimeoutError'],
      [`https://127.0.0.1:${tls.port}`, 'CertificateError'],
      [`http://127.0.0.1:${login.port}`, 'AnswerUnexpected'],
      ['http://nowhere.invalid', 'HostNotFound'],
    ] as const) {
      const { findings } = await check({ endpoint, timeout: 1_000 });
      should(findings[0]).match({ check: 'region', outcome: 'failed', reason: 'notReached', advice: [advice] });
      should(findings.find(({ check: about }) => about === 'client')?.outcome).equal('unknown');
    }
  });

  it('tells a proxy that refuses, and one that is not there, by host and port alone', async () => {
    const refusing = await fixedServer(407, {}, '');
    servers.push(refusing);
    for (const [port, reason] of [
      [refusing.port, 'proxyRefuses'],
      [await freePort(), 'proxyNotReached'],
    ] as const) {
      const { findings } = await check({ proxyForUrl: () => `http://me:Proxy-Secret-1@127.0.0.1:${port}` });
      const values = { proxy: `127.0.0.1:${port}` };
      should(findings.find(({ check: about }) => about === 'proxy')).match({ outcome: 'failed', reason, values });
      should(findings[0]).match({ check: 'region', outcome: 'unknown' });
      should(JSON.stringify(findings)).not.containEql('Proxy-Secret-1');
    }
  });

  it('says nothing of where a call would have gone that this machine refused', async () => {
    const proxy = `http://127.0.0.1:${await freePort()}`; // lets nothing through to AWS
    const pool = new UserPool({
      userPoolId: poolId,
      clientId: secretClient,
      api: 'server-side',
      credentials: { source: 'keys', keys: practiceCredentials },
      proxyForUrl: () => proxy,
      timeout: 3_000,
    });
    const { findings } = await checkPool(pool, AbortSignal.timeout(10_000));
    await pool.close();
    should(findings.find(({ check: about }) => about === 'credentials')).match({
      outcome: 'failed',
      advice: ['PracticeCredentialsRefused'],
    });
    should(findings.filter(({ outcome }) => outcome === 'ok')).be.empty();
  });

  it('takes no word of a stranger who answers in Cognito’s place', async () => {
    const stranger = await fixedServer(404, { 'content-type': 'text/html' }, 'Not Found');
    servers.push(stranger);
    const { findings } = await check({ endpoint: `http://127.0.0.1:${stranger.port}` });
    for (const about of ['clock', 'userPool', 'client', 'secret']) {
      should(findings.find(({ check: one }) => one === about)?.outcome).equal('unknown', about);
    }
  });
});
