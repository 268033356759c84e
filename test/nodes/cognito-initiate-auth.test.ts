import { createHmac } from 'node:crypto';
import should from 'should';
import { clientSecret, password, poolId, publicClient, secretClient } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { SrpDevice } from '../support/srp-device';

const hash = (username: string) =>
  createHmac('sha256', clientSecret)
    .update(username + secretClient)
    .digest('base64');

interface Tokens {
  AccessToken: string;
  IdToken: string;
  RefreshToken: string;
  TokenType: string;
  ExpiresIn: number;
}

const tokensOf = (msg: Message) => msg.payload as Tokens;
const authParameters = (request: Record<string, unknown> | undefined) =>
  request?.AuthParameters as Record<string, string>;

function isSignedInAs(msg: Message, username: string): void {
  const { AccessToken, IdToken, RefreshToken, TokenType, ExpiresIn } = tokensOf(msg);
  for (const token of [AccessToken, IdToken]) token.split('.').should.have.length(3);
  should(RefreshToken).be.a.String().and.not.be.empty();
  should({ TokenType, ExpiresIn }).deepEqual({ TokenType: 'Bearer', ExpiresIn: 3600 });
  should(msg.cognito).match({ username, claims: { 'cognito:username': username } });
}

describe('the node “initiate auth”', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const start = (access: Pick<Setup, 'pool' | 'poolCredentials'>, rest: Setup = {}) =>
    SignInFlow.start({ ...access, ...rest });
  const withFlow = (authFlow: string): Setup => ({ settings: typed('authFlow', 'str', authFlow) });
  const ada = () => ({ payload: { username: 'ada', password } });

  const accesses = {
    'server-side at a client with a secret': () => pool.serverSide(),
    'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
    'client-side at a client with a secret': () => pool.clientSideWithSecret(),
    'client-side at a client without a secret': () => pool.clientSide(),
  };
  const flows: Record<string, RegExp> = {
    ADMIN_USER_PASSWORD_AUTH: /server/,
    ADMIN_NO_SRP_AUTH: /server/,
    USER_PASSWORD_AUTH: /client-side/,
    USER_SRP_AUTH: /./,
  };

  for (const [name, access] of Object.entries(accesses)) {
    describe(name, () => {
      for (const [authFlow, on] of Object.entries(flows)) {
        if (on.test(name)) {
          it(`signs in by ${authFlow}`, async () => {
            const flow = await start(access(), withFlow(authFlow));
            isSignedInAs(await flow.signedIn(ada()), 'ada');
            should(pool.local.requests[0]?.body).have.property('AuthFlow', authFlow);
          });
        } else {
          it(`refuses ${authFlow}, which is of the other API, without asking Cognito`, async () => {
            const flow = await start(access(), withFlow(authFlow));
            const { error } = await flow.caught(ada(), 'AuthFlowNotOnThisApi');
            should(error.cause).have.property('field', authFlow);
            should(pool.local.requests).be.empty();
          });
        }
      }

      for (const refresh of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']) {
        it(`gets new tokens by ${refresh} and carries the refresh token on`, async () => {
          const signIn = await start(access(), withFlow('USER_SRP_AUTH'));
          const { payload, cognito } = await signIn.signedIn(ada());
          const { RefreshToken, AccessToken } = payload as Tokens;

          const flow = await start(access(), withFlow(refresh));
          const refreshed = await flow.signedIn({ payload: { refreshToken: RefreshToken }, cognito });
          isSignedInAs(refreshed, 'ada');
          should(tokensOf(refreshed).RefreshToken).equal(RefreshToken);
          should(tokensOf(refreshed).AccessToken).not.equal(AccessToken);
        });
      }

      it('gets new tokens for the name that Cognito knows, whatever alias is typed', async () => {
        const flow = await start(access(), { settings: typed('authFlow', 'msg', 'how') });
        const username = 'ada@example.com';
        const { payload, cognito } = await flow.signedIn({ payload: { username, password }, how: 'USER_SRP_AUTH' });
        const refreshToken = (payload as Tokens).RefreshToken;
        isSignedInAs(
          await flow.signedIn({ payload: { username, refreshToken }, cognito, how: 'REFRESH_TOKEN_AUTH' }),
          'ada',
        );
      });

      it('takes the flow from the message', async () => {
        const flow = await start(access(), { settings: typed('authFlow', 'msg', 'how') });
        isSignedInAs(await flow.signedIn({ ...ada(), how: 'USER_SRP_AUTH' }), 'ada');
        should(pool.local.requests[0]?.body).have.property('AuthFlow', 'USER_SRP_AUTH');
      });

      it('takes an e-mail address for the name, and carries the canonical one on', async () => {
        const flow = await start(access(), withFlow('USER_SRP_AUTH'));
        isSignedInAs(await flow.signedIn({ payload: { username: 'ada@example.com', password } }), 'ada');
      });

      it('meets a challenge with that address and the canonical name', async () => {
        const flow = await start(access());
        const msg = await flow.challenged({ payload: { username: 'sam@example.com', password } }, 'SMS_MFA');
        should(msg.cognito).have.property('username', 'sam');
      });
    });
  }

  describe('without a flow in its settings or on the message', () => {
    it('uses ADMIN_USER_PASSWORD_AUTH server-side', async () => {
      await (await start(pool.serverSide())).signedIn(ada());
      should(pool.requests('AdminInitiateAuth')).match([{ AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' }]);
    });

    it('uses USER_SRP_AUTH client-side', async () => {
      await (await start(pool.clientSide())).signedIn(ada());
      should(pool.requests('InitiateAuth')).match([{ AuthFlow: 'USER_SRP_AUTH' }]);
    });

    it('uses the same where the message brings none', async () => {
      const flow = await start(pool.serverSide(), { settings: typed('authFlow', 'msg', 'payload.authFlow') });
      await flow.signedIn(ada());
      should(pool.lastRequest.AuthFlow).equal('ADMIN_USER_PASSWORD_AUTH');
    });
  });

  it('hands a flow that nobody knows yet on to Cognito, with what was given', async () => {
    const flow = await start(pool.clientSide(), {
      settings: { ...typed('authFlow', 'str', 'AUTH_OF_TOMORROW'), ...typed('extraParameters', 'msg', 'extra') },
    });
    await flow.caught({ ...ada(), extra: { RETINA: 'blue' } }, 'InvalidParameterException');
    should(pool.lastRequest).match({
      AuthFlow: 'AUTH_OF_TOMORROW',
      AuthParameters: { USERNAME: 'ada', PASSWORD: password, RETINA: 'blue' },
    });
  });

  describe('SECRET_HASH', () => {
    it('is over the name that was sent, then over the canonical one', async () => {
      const flow = await start(pool.serverSide(), withFlow('USER_SRP_AUTH'));
      await flow.signedIn({ payload: { username: 'ada@example.com', password } });
      const [started] = pool.requests('AdminInitiateAuth');
      should(authParameters(started).SECRET_HASH).equal(hash('ada@example.com'));
      const [answered] = pool.requests('AdminRespondToAuthChallenge');
      should(answered?.ChallengeResponses).match({ USERNAME: 'ada', SECRET_HASH: hash('ada') });
    });

    it('is over the canonical name for a refresh, taken from the carried sign-in', async () => {
      const signIn = await start(pool.serverSide());
      const { payload, cognito } = await signIn.signedIn({ payload: { username: 'ada@example.com', password } });
      const flow = await start(pool.serverSide(), withFlow('REFRESH_TOKEN_AUTH'));
      await flow.signedIn({ payload: { refreshToken: (payload as Tokens).RefreshToken }, cognito });
      should(authParameters(pool.lastRequest)).have.property('SECRET_HASH', hash('ada'));
    });

    it('is over the name given for a refresh where there is no carried sign-in', async () => {
      const signIn = await start(pool.serverSide());
      const { payload } = await signIn.signedIn(ada());
      const flow = await start(pool.serverSide(), withFlow('REFRESH_TOKEN_AUTH'));
      isSignedInAs(
        await flow.signedIn({ payload: { username: 'ada', refreshToken: (payload as Tokens).RefreshToken } }),
        'ada',
      );
    });

    it('can’t be made for a refresh that nobody is named for', async () => {
      const flow = await start(pool.serverSide(), withFlow('REFRESH_TOKEN_AUTH'));
      const { error } = await flow.caught({ payload: { refreshToken: 'a-token' } }, 'InputMissing');
      should(error.cause).have.property('field', 'username');
    });

    it('is not sent by a client without a secret', async () => {
      await (await start(pool.serverSideWithoutSecret(), withFlow('USER_SRP_AUTH'))).signedIn(ada());
      should(JSON.stringify(pool.local.requests)).not.containEql('SECRET_HASH');
    });

    it('may be brought by the message instead', async () => {
      const flow = await start(pool.serverSide({}, { clientSecret: undefined }), {
        settings: typed('extraParameters', 'msg', 'extra'),
      });
      isSignedInAs(await flow.signedIn({ ...ada(), extra: { SECRET_HASH: hash('ada') } }), 'ada');
    });
  });

  describe('SRP', () => {
    it('never sends the password', async () => {
      await (await start(pool.clientSide())).signedIn(ada());
      should(pool.local.requests).have.length(2);
      should(JSON.stringify(pool.local.requests)).not.containEql(password);
    });

    it('is relayed for a device that made SRP_A itself: the challenge leaves as it came', async () => {
      const device = new SrpDevice('ada', password, poolId);
      const flow = await start(pool.clientSide());
      const msg = await flow.challenged({ payload: { username: 'ada', srpA: device.srpA } }, 'PASSWORD_VERIFIER');

      should(pool.local.requests.map(({ operation }) => operation)).deepEqual(['InitiateAuth']);
      should(authParameters(pool.lastRequest)).deepEqual({ USERNAME: 'ada', SRP_A: device.srpA });
      const { ChallengeParameters } = msg.payload as { ChallengeParameters: object };
      should(ChallengeParameters).have.keys('SALT', 'SECRET_BLOCK', 'SRP_B', 'USERNAME', 'USER_ID_FOR_SRP');
    });

    it('is relayed even if a password is there too', async () => {
      const device = new SrpDevice('ada', password, poolId);
      const flow = await start(pool.clientSide());
      await flow.challenged({ payload: { username: 'ada', password, srpA: device.srpA } }, 'PASSWORD_VERIFIER');
    });

    it('goes on to the challenge that follows the proof', async () => {
      const flow = await start(pool.clientSide());
      const msg = await flow.challenged({ payload: { username: 'tom', password } }, 'SOFTWARE_TOKEN_MFA');
      should(msg.payload).match({ ChallengeParameters: { FRIENDLY_DEVICE_NAME: 'Toms phone' } });
    });

    it('fails with a wrong password as Cognito says', async () => {
      const flow = await start(pool.clientSide());
      const { error } = await flow.caught(
        { payload: { username: 'ada', password: 'Wrong-1' } },
        'NotAuthorizedException',
      );
      should(error.message).startWith('NotAuthorizedException: Incorrect username or password.');
      should(error.cause).have.property('message', 'Incorrect username or password.');
    });

    it('names what is missing when there is neither a password nor SRP_A', async () => {
      const flow = await start(pool.clientSide());
      const { error } = await flow.caught({ payload: { username: 'ada' } }, 'InputMissing');
      should(error.cause).have.property('field', 'password');
    });

    it('takes names and passwords of any script', async () => {
      const strange = 'pässwörd-密码-🔑-Z1!';
      pool.user('ada').setPassword(strange);
      const flow = await start(pool.clientSide());
      isSignedInAs(await flow.signedIn({ payload: { username: 'ada', password: strange } }), 'ada');
    });
  });

  describe('request fields', () => {
    const settings = {
      ...typed('clientMetadata', 'json', '{"origin":"test","level":3}'),
      ...typed('analyticsEndpointId', 'str', 'endpoint-7'),
      ...typed('contextData', 'msg', 'context'),
      ...typed('session', 'msg', 'session'),
      ...typed('extraParameters', 'msg', 'extra'),
    };
    const context = { IpAddress: '203.0.113.7', ServerName: 'gateway', ServerPath: '/login', HttpHeaders: { a: 'b' } };
    const session = 'a-session-of-enough-characters';

    it('all arrive server-side', async () => {
      const flow = await start(pool.serverSide(), { settings });
      await flow.signedIn({ ...ada(), context, session, extra: { MORE: 'of it', NUMBER: 5, LEFT_OUT: null } });
      should(pool.lastRequest).match({
        UserPoolId: poolId,
        ClientId: secretClient,
        Session: session,
        ClientMetadata: { origin: 'test', level: '3' },
        AnalyticsMetadata: { AnalyticsEndpointId: 'endpoint-7' },
        ContextData: { ...context, HttpHeaders: [{ headerName: 'a', headerValue: 'b' }] },
      });
      should(authParameters(pool.lastRequest)).match({ MORE: 'of it', NUMBER: '5' }).and.not.have.property('LEFT_OUT');
    });

    it('all arrive client-side, and again in the automatic answer to PASSWORD_VERIFIER', async () => {
      const flow = await start(pool.clientSide(), { settings });
      await flow.signedIn({
        ...ada(),
        context: { IpAddress: '203.0.113.7', EncodedData: 'abc' },
        extra: { MORE: 'of it' },
      });
      const fields = {
        ClientId: publicClient,
        ClientMetadata: { origin: 'test', level: '3' },
        AnalyticsMetadata: { AnalyticsEndpointId: 'endpoint-7' },
        UserContextData: { IpAddress: '203.0.113.7', EncodedData: 'abc' },
      };
      const [started] = pool.requests('InitiateAuth');
      const [answered] = pool.requests('RespondToAuthChallenge');
      should(started).match(fields);
      should(answered).match(fields);
      should(authParameters(started)).have.property('MORE', 'of it');
      should(answered).not.have.property('UserPoolId');
    });

    it('reach the automatic answer server-side too, with the hash over the canonical name', async () => {
      const flow = await start(pool.serverSide(), {
        settings: { ...settings, ...typed('authFlow', 'str', 'USER_SRP_AUTH') },
      });
      await flow.signedIn({ ...ada(), context });
      should(pool.requests('AdminRespondToAuthChallenge')).match([
        { ClientMetadata: { origin: 'test' }, ContextData: { ServerName: 'gateway' }, AnalyticsMetadata: {} },
      ]);
    });

    it('carry a device key from the start into the answer', async () => {
      const flow = await start(pool.clientSide());
      await flow.signedIn({ payload: { username: 'ada', password, deviceKey: 'eu-west-1_a-device' } });
      should(authParameters(pool.requests('InitiateAuth')[0])).have.property('DEVICE_KEY', 'eu-west-1_a-device');
      should(pool.requests('RespondToAuthChallenge')).match([
        { ChallengeResponses: { DEVICE_KEY: 'eu-west-1_a-device' } },
      ]);
    });

    it('are left out where nothing is given', async () => {
      await (await start(pool.serverSide())).signedIn(ada());
      should(Object.keys(pool.lastRequest).sort()).deepEqual(['AuthFlow', 'AuthParameters', 'ClientId', 'UserPoolId']);
    });

    for (const [name, value, field] of [
      ['clientMetadata', 'text', 'clientMetadata'],
      ['extraParameters', ['a'], 'extraParameters'],
      ['contextData', { IpAddress: '203.0.113.7' }, 'contextData'],
    ] as const) {
      it(`are refused by name when ${name} has the wrong shape`, async () => {
        const flow = await start(pool.serverSide(), { settings: typed(name, 'msg', 'given') });
        const { error } = await flow.caught({ ...ada(), given: value }, 'InputInvalid');
        should(error.cause).have.property('field', field);
        should(pool.local.requests).be.empty();
      });
    }
  });
});
