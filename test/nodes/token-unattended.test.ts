import type { PoolConfig } from '@cognito-flows/local-cognito';
import should from 'should';
import { openPools, password, poolId } from '../support/pools';
import { questions } from '../support/questions';
import { type Settings, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { accountOfMessage, bearerOf, claimsOf, ownAccount, userOf } from '../support/tokens';

const encryptionKey = 'words that only this test knows';
const deviceConfiguration = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true };
const totpSecret = { settings: typed('totpSecret', 'cred') };

describe('cognito-token signs in with no person at hand', () => {
  let change: Partial<PoolConfig> = {};
  const pool = new TestPool(() => ({ pools: openPools(change), triggers: { [poolId]: questions() } }));
  stopFlowAfterEach();

  const authFlow = (name: string): Settings => typed('authFlow', 'str', name);
  const answered = (): unknown[] =>
    [...pool.requests('RespondToAuthChallenge'), ...pool.requests('AdminRespondToAuthChallenge')].map(
      ({ ChallengeName }) => ChallengeName,
    );

  /** A user with a TOTP secret, whose account stands in the node. */
  const withTotp = (
    access: Pick<Setup, 'pool' | 'poolCredentials'>,
    username: string,
    settings: Settings = {},
  ): Setup => ({
    ...ownAccount(access, username, { ...totpSecret.settings, ...settings }),
    credentials: { password, totpSecret: pool.user(username).totpSecret },
  });

  const cases: Record<string, readonly [setup: () => Setup, username: string, answers: readonly string[]]> = {
    'by SRP': [() => ownAccount(pool.clientSide(), 'ada'), 'ada', ['PASSWORD_VERIFIER']],
    'by SRP, server-side': [
      () => ownAccount(pool.serverSide(), 'ada', authFlow('USER_SRP_AUTH')),
      'ada',
      ['PASSWORD_VERIFIER'],
    ],
    'by an alias': [() => ownAccount(pool.serverSide(), 'ada@example.com'), 'ada', []],
    'by USER_PASSWORD_AUTH': [
      () => ownAccount(pool.clientSideWithSecret(), 'ada', authFlow('USER_PASSWORD_AUTH')),
      'ada',
      [],
    ],
    'with a TOTP secret': [() => withTotp(pool.serverSide(), 'tom'), 'tom', ['SOFTWARE_TOKEN_MFA']],
    'with a TOTP secret among several second factors': [
      () => withTotp(pool.clientSide(), 'lin'),
      'lin',
      ['PASSWORD_VERIFIER', 'SELECT_MFA_TYPE', 'SOFTWARE_TOKEN_MFA'],
    ],
    'by USER_AUTH, where it chooses the password': [
      () => ownAccount(pool.clientSide(), 'ada', authFlow('USER_AUTH')),
      'ada',
      ['SELECT_CHALLENGE', 'PASSWORD_VERIFIER'],
    ],
    'by USER_AUTH with a first factor that is set': [
      () =>
        ownAccount(pool.clientSide(), 'ada', {
          ...authFlow('USER_AUTH'),
          ...typed('preferredChallenge', 'str', 'PASSWORD'),
        }),
      'ada',
      [],
    ],
    'by CUSTOM_AUTH with an answer': [
      () => ({
        ...ownAccount(pool.clientSide(), 'ada', { ...authFlow('CUSTOM_AUTH'), ...typed('answer', 'cred') }),
        credentials: { answer: '1' },
      }),
      'ada',
      ['CUSTOM_CHALLENGE'],
    ],
  };
  for (const [name, [setup, username, answers]] of Object.entries(cases)) {
    it(`${name}, and refreshes`, async () => {
      const flow = await SignInFlow.start(setup());
      const first = await flow.leaves('port 1', {});
      should(userOf(first)).equal(username);
      should(answered()).deepEqual(answers);
      const second = await flow.leaves('port 1', { ...first, forceRefresh: true });
      should(userOf(second)).equal(username);
      should(bearerOf(second)).not.equal(bearerOf(first));
      should(answered()).have.length(answers.length);
    });
  }

  it('by the password once more where Cognito asks for it', async () => {
    pool.user('ada').adminNoSrpAuth = true;
    const flow = await SignInFlow.start(ownAccount(pool.serverSide(), 'ada'));
    should(userOf(await flow.leaves('port 1', {}))).equal('ada');
    should(answered()).deepEqual(['ADMIN_NO_SRP_AUTH']);
  });

  it('no more often than once with an answer that is wrong', async () => {
    const custom = { ...authFlow('CUSTOM_AUTH'), ...typed('answer', 'cred') };
    const flow = await SignInFlow.start({
      ...ownAccount(pool.clientSide(), 'ada', custom),
      credentials: { answer: 'wrong' },
    });
    const sent = flow.send({});
    while (flow.arrivals.length === 0 && answered().length < 3) await new Promise((resolve) => setImmediate(resolve));
    should(answered()).deepEqual(['CUSTOM_CHALLENGE']);
    should(flow.arrivals[0]).match({ by: 'port 2', msg: { payload: { ChallengeName: 'CUSTOM_CHALLENGE' } } });
    await flow.stopNode();
    await sent;
  });

  it('with client metadata, that refreshes take along', async () => {
    const metadata = typed('clientMetadata', 'json', '{"gateway":"7"}');
    const flow = await SignInFlow.start(ownAccount(pool.clientSide(), 'ada', metadata));
    const msg = await flow.leaves('port 1', {});
    await flow.leaves('port 1', { ...msg, forceRefresh: true });
    for (const operation of ['InitiateAuth', 'RespondToAuthChallenge', 'GetTokensFromRefreshToken']) {
      should(pool.requests(operation)[0]).have.property('ClientMetadata', { gateway: '7' });
    }
  });

  it('and sends the client secret with refreshes, where there is one', async () => {
    const flow = await SignInFlow.start(ownAccount(pool.clientSideWithSecret(), 'ada'));
    const msg = await flow.leaves('port 1', {});
    await flow.leaves('port 1', { ...msg, forceRefresh: true });
    should(pool.requests('GetTokensFromRefreshToken')[0]).have.properties(['ClientId', 'ClientSecret', 'RefreshToken']);
  });

  describe('where the pool tracks devices', () => {
    before(() => {
      change = { deviceConfiguration };
    });
    after(() => {
      change = {};
    });
    const devices = (username: string) => pool.user(username).devices;
    const access = () => pool.clientSide({}, { encryptionKey });

    it('has its device remembered, and names it when it refreshes', async () => {
      for (const setup of [ownAccount(pool.clientSide(), 'ada'), accountOfMessage(pool.clientSide())]) {
        const flow = await SignInFlow.start(setup);
        const account = { username: 'ada', ...(setup.credentials ? {} : { password }) };
        const first = await flow.leaves('port 1', { ...account });
        const second = await flow.leaves('port 1', { ...first, ...account, forceRefresh: true });
        should(bearerOf(second)).not.equal(bearerOf(first));
        const key = claimsOf(bearerOf(first)).device_key;
        should(key).be.a.String();
        should(devices('ada').at(-1)).match({ key });
        should(pool.requests('GetTokensFromRefreshToken').at(-1)).have.property('DeviceKey', key);
      }
    });

    it('shows its device at the next sign-in, in place of a second factor', async () => {
      const flow = await SignInFlow.start(withTotp(access(), 'tom'));
      const first = await flow.leaves('port 1', {});
      should(answered()).containEql('SOFTWARE_TOKEN_MFA');
      const before = answered().length;
      pool.local.faults.inject({
        operation: 'GetTokensFromRefreshToken',
        exception: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
      });
      const second = await flow.leaves('port 1', { ...first, forceRefresh: true });
      should(userOf(second)).equal('tom');
      should(answered().slice(before)).deepEqual(['PASSWORD_VERIFIER', 'DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']);
      should(devices('tom')).have.length(1);
    });

    it('and a person answered once, the next sign-in needs none', async () => {
      const flow = await SignInFlow.start({
        ...ownAccount(access(), 'sam'),
        answer: { settings: { rememberTokens: true } },
      });
      const waiting = flow.send({});
      while (flow.arrivals.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await flow.answer({ ...flow.arrivals[0]!.msg, payload: { code: pool.codeOf('sam') } });
      const { msg: first } = await waiting;
      const refreshed = await flow.leaves('port 1', { ...first, forceRefresh: true });
      should(pool.requests('GetTokensFromRefreshToken')).have.length(1);
      pool.local.faults.inject({
        operation: 'GetTokensFromRefreshToken',
        exception: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
      });
      const second = await flow.leaves('port 1', { ...refreshed, forceRefresh: true });
      should(bearerOf(second)).not.equal(bearerOf(refreshed));
      should(answered().at(-1)).equal('DEVICE_PASSWORD_VERIFIER');
    });
  });
});
