import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PoolConfig, UserConfig } from '@cognito-flows/local-cognito';
import should from 'should';
import { password, poolId, testPools } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { accountOfMessage, bearerOf, ownAccount, userOf } from '../support/tokens';

const people = 30;
const passwordOf = (number: number): string => `Password-Of-${number}`;

/** The pools of all tests, with people who have passwords of their own. */
function crowdedPools(): PoolConfig[] {
  const crowd = Array.from({ length: people }, (_, number): UserConfig => ({
    username: `person${number}`,
    password: passwordOf(number),
    attributes: { email: `person${number}@example.com`, email_verified: 'true', name: `Person ${number}` },
  }));
  return testPools().map((pool) => (pool.id === poolId ? { ...pool, users: [...pool.users, ...crowd] } : pool));
}

describe('the account of cognito-token', () => {
  const pool = new TestPool(() => ({ pools: crowdedPools() }));
  stopFlowAfterEach();

  const accesses: Record<string, () => Pick<Setup, 'pool' | 'poolCredentials'>> = {
    'server-side at a client with a secret': () => pool.serverSide(),
    'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
    'client-side at a client with a secret': () => pool.clientSideWithSecret(),
    'client-side at a client without a secret': () => pool.clientSide(),
  };
  const signIns = (): number => pool.requests('InitiateAuth').length + pool.requests('AdminInitiateAuth').length;

  for (const [name, access] of Object.entries(accesses)) {
    it(`can stand in the node, ${name}`, async () => {
      const flow = await SignInFlow.start(ownAccount(access(), 'ada'));
      should(userOf(await flow.leaves('port 1', {}))).equal('ada');
      should(userOf(await flow.leaves('port 1', {}))).equal('ada');
      should(signIns()).equal(1);
    });

    it(`can be a refresh token in the node, ${name}`, async () => {
      const refreshToken = await refreshTokenOf(access());
      const started = signIns();
      const flow = await SignInFlow.start({
        type: 'cognito-token',
        ...access(),
        settings: typed('refreshToken', 'cred'),
        credentials: { refreshToken },
      });
      for (const forceRefresh of [false, true]) {
        should(userOf(await flow.leaves('port 1', { forceRefresh }))).equal('ada');
      }
      should(pool.requests('GetTokensFromRefreshToken')).have.length(2);
      should(signIns()).equal(started);
    });

    it(`can be a refresh token on the message, ${name}`, async () => {
      const refreshToken = await refreshTokenOf(access());
      const started = signIns();
      const flow = await SignInFlow.start({
        type: 'cognito-token',
        ...access(),
        settings: typed('refreshToken', 'msg', 'payload.refreshToken'),
      });
      for (const round of [1, 2]) {
        const msg = await flow.leaves('port 1', { payload: { refreshToken, round } });
        should(userOf(msg)).equal('ada');
        should(msg.payload).deepEqual({ round });
      }
      should(pool.requests('GetTokensFromRefreshToken')).have.length(1);
      should(signIns()).equal(started);
    });
  }

  /** The refresh token of a sign-in of ada's. */
  async function refreshTokenOf(access: Pick<Setup, 'pool' | 'poolCredentials'>): Promise<string> {
    const flow = await SignInFlow.start(access);
    const { payload } = await flow.signedIn({ payload: { username: 'ada', password } });
    return (payload as { RefreshToken: string }).RefreshToken;
  }

  it('can come from the environment', async () => {
    process.env.COGNITO_TEST_USER = 'ada';
    process.env.COGNITO_TEST_PASSWORD = password;
    try {
      for (const [user, secret] of [
        [typed('username', 'env', 'COGNITO_TEST_USER'), typed('password', 'env', 'COGNITO_TEST_PASSWORD')],
        [typed('username', 'str', '${COGNITO_TEST_USER}'), typed('password', 'cred')],
      ] as const) {
        const own = ownAccount(pool.clientSide(), '', { ...user, ...secret });
        const flow = await SignInFlow.start({ ...own, credentials: { password: '${COGNITO_TEST_PASSWORD}' } });
        should(userOf(await flow.leaves('port 1', {}))).equal('ada');
      }
    } finally {
      delete process.env.COGNITO_TEST_USER;
      delete process.env.COGNITO_TEST_PASSWORD;
    }
  });

  it('names the variable of the environment that is not set', async () => {
    const flow = await SignInFlow.start(
      ownAccount(pool.clientSide(), '', typed('username', 'env', 'COGNITO_TEST_UNSET')),
    );
    const { error } = await flow.caught({}, 'EnvironmentVariableUnset');
    should(error.cause).match({ field: 'username', expected: 'COGNITO_TEST_UNSET' });
    should(pool.local.requests).be.empty();
  });

  it('goes on with the password once its refresh token is no good any more', async () => {
    const own = ownAccount(pool.clientSide(), 'ada', typed('refreshToken', 'cred'));
    const flow = await SignInFlow.start({ ...own, credentials: { password, refreshToken: 'no-good' } });
    should(userOf(await flow.leaves('port 1', {}))).equal('ada');
    should(pool.local.requests.map(({ operation }) => operation)).deepEqual([
      'GetTokensFromRefreshToken',
      'InitiateAuth',
      'RespondToAuthChallenge',
    ]);
  });

  it('is refused with a refresh token alone that is no good', async () => {
    const flow = await SignInFlow.start({
      type: 'cognito-token',
      ...pool.clientSide(),
      settings: typed('refreshToken', 'cred'),
      credentials: { refreshToken: 'no-good' },
    });
    const { error } = await flow.caught({}, 'NotAuthorizedException');
    should(error.message).containEql('Invalid Refresh Token');
  });

  it('has to have a name, or a refresh token', async () => {
    for (const setup of [ownAccount(pool.clientSide(), ''), accountOfMessage(pool.clientSide())]) {
      const flow = await SignInFlow.start(setup);
      const msg = await flow.caught({ password, payload: 'kept' }, 'InputMissing');
      should(msg.error.cause).match({ field: 'username' });
      should(msg.payload).equal('kept');
    }
    should(pool.local.requests).be.empty();
  });

  describe('on the message', () => {
    const start = (settings = {}) => SignInFlow.start(accountOfMessage(pool.clientSide(), settings));

    it('loses its password, and nothing else', async () => {
      const flow = await start({ ...typed('password', 'msg', 'payload.password') });
      for (const round of [1, 2]) {
        const payload = { password, kept: round };
        const req = { body: payload };
        const msg = await flow.leaves('port 1', { username: 'ada', payload, req });
        should(msg).match({ username: 'ada', payload: { kept: round } });
        should(payload).deepEqual({ kept: round });
      }
    });

    it('loses its password whatever fails', async () => {
      const failures: [string, object, Partial<Setup>][] = [
        ['NotAuthorizedException', { password: 'Wrong-Password-1' }, {}],
        ['UserNotFoundException', { username: 'nobody' }, {}],
        ['InputMissing', { username: undefined }, {}],
        ['InputInvalid', { headers: 1 }, { settings: { accessTokenTo: 'headers.a.b' } }],
        ['InputInvalid', {}, { settings: { accessTokenTo: '..' } }],
        ['InputInvalid', {}, { settings: typed('clientMetadata', 'jsonata', '(') }],
        ['InputInvalid', { username: 'person1' }, { settings: { maxWait: 'long' } }],
        ['UserPoolMissing', {}, { settings: { userPool: 'none' } }],
        ['UserPoolInvalid', {}, { pool: { userPoolId: '' } }],
        ['EnvironmentVariableUnset', {}, { poolCredentials: { encryptionKey: '${COGNITO_TEST_UNSET}' } }],
      ];
      for (const [code, change, { settings, ...access }] of failures) {
        const setup = accountOfMessage(pool.clientSide(access.pool, access.poolCredentials), settings);
        const flow = await SignInFlow.start(setup);
        const msg = await flow.caught({ username: 'ada', password, ...change }, code);
        should(msg).not.have.property('password');
      }
    });

    it('gets its tokens again by the same password', async () => {
      const flow = await start();
      const first = await flow.leaves('port 1', { username: 'ada', password });
      const second = await flow.leaves('port 1', { username: 'ada', password });
      should(bearerOf(second)).equal(bearerOf(first));
      should(signIns()).equal(1);
    });

    it('gets no tokens by another password, nor by none', async () => {
      const flow = await start();
      await flow.leaves('port 1', { username: 'ada', password });
      for (const wrong of ['Wrong-Password-1', `${password} `, password.toLowerCase()]) {
        const msg = await flow.caught({ username: 'ada', password: wrong }, 'NotAuthorizedException');
        should(msg).not.have.property('headers');
      }
      for (const none of [undefined, '', null]) {
        const msg = await flow.caught({ username: 'ada', password: none }, 'InputMissing');
        should(msg).not.have.property('headers');
      }
      // What was refused has not taken the tokens away.
      await flow.leaves('port 1', { username: 'ada', password });
    });

    it('does not ask Cognito twice whether a password is wrong', async () => {
      const flow = await start();
      for (const round of [1, 2, 3]) {
        await flow.caught({ username: 'ada', password: 'Wrong-Password-1', round }, 'NotAuthorizedException');
      }
      should(signIns()).equal(1);
      await flow.leaves('port 1', { username: 'ada', password });
    });

    it('takes no words of one input for those of another', async () => {
      const flow = await start(typed('answer', 'msg', 'answer'));
      await flow.leaves('port 1', { username: 'ada', password });
      await flow.caught({ username: 'ada', answer: password }, 'TokensMissing');
      await flow.caught({ username: `ada","${password}`, password: '' }, 'InputMissing');
    });

    it('is each one’s own when many come at once', async () => {
      const flow = await start();
      const sent: Promise<Message>[] = [];
      for (let index = 0; index < 600; index += 1) {
        const number = (index * 7) % people;
        sent.push(flow.leaves('port 1', { username: `person${number}`, password: passwordOf(number), number, index }));
        if (index % 40 === 0) await nextTurn();
      }
      const arrivals = await Promise.all(sent);
      for (const msg of arrivals) should(userOf(msg)).equal(`person${String(msg.number)}`);
      should(signIns()).equal(people);
      for (let number = 0; number < people; number += 1) {
        const indexes = flow.arrivals.filter(({ msg }) => msg.number === number).map(({ msg }) => Number(msg.index));
        should(indexes).have.length(600 / people);
        should(indexes).deepEqual([...indexes].sort((one, other) => one - other));
      }
    });

    it('is not held up by the account of another message that has to wait', async () => {
      const flow = await start();
      await flow.leaves('port 1', { username: 'ada', password });
      pool.local.faults.inject({ drop: true });
      const waiting = flow.leaves('port 1', { username: 'person1', password: passwordOf(1) });
      await flow.leaves('port 1', { username: 'ada', password });
      should(flow.arrivals).have.length(2);
      pool.local.faults.clear();
      should(userOf(await waiting)).equal('person1');
    });
  });
});
