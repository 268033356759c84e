import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { ownErrorCodes } from '../../nodes/lib/cognito/errors';
import { documentedExceptions } from '../support/documented-exceptions';
import { bareClient, password, poolId, temporaryPassword } from '../support/pools';
import { answerLosingServer, fixedServer, freePort, selfSignedServer, silentServer } from '../support/servers';
import { type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

const hour = 3_600_000;

describe('what reaches Catch', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const ada = () => ({ payload: { username: 'ada', password } });
  const withFlow = (authFlow: string): Setup => ({ settings: typed('authFlow', 'str', authFlow) });
  const openSmsChallenge = (api: string) => ({
    version: 1,
    userPoolId: poolId,
    clientId: api === 'server-side' ? 'clientwithsecret' : 'clientwithoutsecret',
    api,
    authFlow: 'USER_SRP_AUTH',
    issuedAt: Date.now(),
    username: 'sam',
    challengeName: 'SMS_MFA',
    session: 'a-session-of-enough-characters',
  });

  describe('when Cognito answers with an exception that is documented for', () => {
    const operations = {
      AdminInitiateAuth: { type: 'cognito-initiate-auth', api: 'server-side' },
      InitiateAuth: { type: 'cognito-initiate-auth', api: 'client-side' },
      AdminRespondToAuthChallenge: { type: 'cognito-respond-to-challenge', api: 'server-side' },
      RespondToAuthChallenge: { type: 'cognito-respond-to-challenge', api: 'client-side' },
    } as const;

    for (const [operation, { type, api }] of Object.entries(operations)) {
      describe(operation, () => {
        it('the list of them is known', () => {
          should(documentedExceptions(operation).length).be.aboveOrEqual(15);
          should(documentedExceptions(operation)).containDeep(['InternalErrorException', 'NotAuthorizedException']);
        });

        for (const exception of documentedExceptions(operation)) {
          it(`is ${exception}, with Cognito’s message`, async () => {
            const words = `Cognito’s own words about ${exception}`;
            pool.local.faults.inject({ operation, exception, message: words });
            const access = api === 'server-side' ? pool.serverSide() : pool.clientSide();
            const flow = await SignInFlow.start({ type, ...access });
            const msg =
              type === 'cognito-initiate-auth'
                ? ada()
                : { payload: { code: '123456' }, cognito: openSmsChallenge(api) };
            const { error } = await flow.caught(msg, exception);
            should(error.message).startWith(`${exception}: ${words}`);
            should(error.cause).match({
              message: words,
              httpStatusCode: exception === 'InternalErrorException' ? 500 : 400,
              requestId: /./,
            });
            should(error.source.id).equal('node');
          });
        }
      });
    }
  });

  describe('in a situation that Cognito refuses', () => {
    const start = (rest: Setup = {}) => SignInFlow.start({ ...pool.serverSide(), ...rest });

    const cases: Record<string, [code: string, words: string | RegExp, setup: () => Setup, payload: object]> = {
      'a wrong password': [
        'NotAuthorizedException',
        'Incorrect username or password.',
        () => ({}),
        { username: 'ada', password: 'No-1' },
      ],
      'an unknown user': [
        'UserNotFoundException',
        'User does not exist.',
        () => ({}),
        { username: 'nobody', password },
      ],
      'a disabled user': [
        'NotAuthorizedException',
        'User is disabled.',
        () => ({}),
        { username: 'disabled', password },
      ],
      'an unconfirmed user': [
        'UserNotConfirmedException',
        'User is not confirmed.',
        () => ({}),
        { username: 'unconfirmed', password },
      ],
      'a password to be reset': [
        'PasswordResetRequiredException',
        /^Password reset required/,
        () => ({}),
        { username: 'reset', password },
      ],
      'a wrong client secret': [
        'NotAuthorizedException',
        /^Unable to verify secret hash for client/,
        () => pool.serverSide({}, { clientSecret: 'wrong' }),
        { username: 'ada', password },
      ],
      'a missing client secret': [
        'NotAuthorizedException',
        /is configured with secret but SECRET_HASH was not received$/,
        () => pool.serverSide({}, { clientSecret: undefined }),
        { username: 'ada', password },
      ],
      'an unknown client': [
        'ResourceNotFoundException',
        /client/,
        () => pool.serverSide({ clientId: 'unknown' }),
        { username: 'ada', password },
      ],
      'an unknown pool': [
        'ResourceNotFoundException',
        /^User pool/,
        () => pool.serverSide({ userPoolId: 'eu-west-1_Unknown' }),
        { username: 'ada', password },
      ],
      'a flow that is not enabled': [
        'InvalidParameterException',
        /not enabled for this client/,
        () => pool.serverSide({ clientId: bareClient }, { clientSecret: undefined }),
        { username: 'ada', password },
      ],
      'a wrong refresh token': [
        'NotAuthorizedException',
        'Invalid Refresh Token.',
        () => withFlow('REFRESH_TOKEN_AUTH'),
        { username: 'ada', refreshToken: 'no-such-token' },
      ],
      'an unknown access key': [
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
        () => pool.serverSide({}, { accessKeyId: 'AKIAUNKNOWN' }),
        { username: 'ada', password },
      ],
      'a wrong secret access key': [
        'InvalidSignatureException',
        /^The request signature we calculated does not match/,
        () => pool.serverSide({}, { secretAccessKey: 'wrong' }),
        { username: 'ada', password },
      ],
    };
    for (const [description, [code, words, setup, payload]] of Object.entries(cases)) {
      it(`${description}: ${code}`, async () => {
        const flow = await start(setup());
        const { error } = await flow.caught({ payload }, code);
        should(error.cause?.message).match(words);
      });
    }

    it('a temporary password that has expired: NotAuthorizedException', async () => {
      pool.local.clock.advance(8 * 24 * hour);
      const flow = await SignInFlow.start(pool.clientSide());
      const { error } = await flow.caught(
        { payload: { username: 'grace', password: temporaryPassword } },
        'NotAuthorizedException',
      );
      should(error.cause?.message).match(/^Temporary password has expired/);
    });

    it('too many wrong passwords: NotAuthorizedException, also for the right one', async () => {
      const flow = await start();
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await flow.caught({ payload: { username: 'ada', password: 'Wrong-1' } }, 'NotAuthorizedException');
      }
      const { error } = await flow.caught(ada(), 'NotAuthorizedException');
      should(error.cause?.message).equal('Password attempts exceeded');
    });

    it('a session that has expired: NotAuthorizedException', async () => {
      const flow = await SignInFlow.start({ ...pool.clientSide(), answer: {} });
      const open = await flow.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
      pool.local.clock.advance(4 * 60_000);
      const { by, msg } = await flow.answer({ payload: { code: pool.codeOf('sam') }, cognito: open.cognito });
      should(by).equal('Catch');
      should(msg.error).match({
        code: 'NotAuthorizedException',
        cause: { message: 'Invalid session for the user, session is expired.' },
      });
    });

    it('a session that was used: NotAuthorizedException', async () => {
      const flow = await SignInFlow.start({ ...pool.clientSide(), answer: {} });
      const { cognito } = await flow.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
      const answer = () => ({ payload: { code: pool.codeOf('sam') }, cognito });
      should((await flow.answer(answer())).by).equal('port 1');
      const { msg } = await flow.answer(answer());
      should(msg.error?.cause?.message).equal('Invalid session for the user, session can only be used once.');
    });

    it('a TOTP code that was used: ExpiredCodeException', async () => {
      const flow = await SignInFlow.start({ ...pool.clientSide(), answer: {} });
      const code = currentTotpCode(pool.user('tom').totpSecret!);
      const results: string[] = [];
      while (results.length < 2) {
        const { cognito } = await flow.challenged({ payload: { username: 'tom', password } }, 'SOFTWARE_TOKEN_MFA');
        const { by, msg } = await flow.answer({ payload: { code }, cognito });
        results.push(msg.error?.code ?? by);
      }
      should(results).deepEqual(['port 1', 'ExpiredCodeException']);
    });

    it('a required attribute that is missing: InvalidParameterException', async () => {
      const flow = await SignInFlow.start({ ...pool.clientSide(), answer: {} });
      const { cognito } = await flow.challenged(
        { payload: { username: 'grace', password: temporaryPassword } },
        'NEW_PASSWORD_REQUIRED',
      );
      const { msg } = await flow.answer({ payload: { newPassword: 'New-Password-1' }, cognito });
      should(msg.error).match({
        code: 'InvalidParameterException',
        cause: { message: 'Invalid attributes given, name is missing' },
      });
    });
  });

  describe('when Cognito never gets to answer', () => {
    it('is NetworkError where nobody listens', async () => {
      const flow = await SignInFlow.start(pool.clientSide({ endpoint: `http://127.0.0.1:${await freePort()}` }));
      const { error } = await flow.caught(ada(), 'NetworkError');
      should(error.cause).have.property('systemCode', 'ECONNREFUSED');
    });

    it('is NetworkError where the connection breaks each time', async () => {
      pool.local.faults.inject({ drop: true });
      const flow = await SignInFlow.start(pool.serverSide());
      await flow.caught(ada(), 'NetworkError');
    });

    it('is NetworkError, and no refusal, where the answer to a proof or a code was lost on its way back', async () => {
      let lost = 0;
      const server = await answerLosingServer(pool.local.endpoint, (operation) => {
        if (operation !== 'RespondToAuthChallenge') return false;
        lost += 1;
        return lost === 1;
      });
      try {
        const flow = await SignInFlow.start(pool.clientSide({ endpoint: `http://127.0.0.1:${server.port}` }));
        await flow.caught(ada(), 'NetworkError');
        should(lost).equal(2);
        await flow.signedIn(ada());
      } finally {
        await server.close();
      }
    });

    it('is still a refusal where a sign-in with a wrong password got through at the second try only', async () => {
      pool.local.faults.inject({ operation: 'AdminInitiateAuth', drop: true, times: 1 });
      const flow = await SignInFlow.start(pool.serverSide());
      await flow.caught({ payload: { username: 'ada', password: 'Wrong-1234' } }, 'NotAuthorizedException');
    });

    for (const [what, answer] of Object.entries<[status: number, headers: Record<string, string>, body: string]>({
      'a page of HTML': [200, { 'content-type': 'text/html' }, '<!DOCTYPE html><title>Hotel</title>'],
      'an empty failure': [503, {}, ''],
      'a redirection': [302, { location: 'http://127.0.0.1/' }, ''],
      'a refusal in HTML': [403, { 'content-type': 'text/html' }, '<h1>Forbidden</h1>'],
      'neither tokens nor a challenge': [200, { 'content-type': 'application/x-amz-json-1.1' }, '{}'],
      'a challenge of the wrong shape': [200, {}, '{"ChallengeName":5,"ChallengeParameters":[]}'],
    })) {
      it(`is AnswerUnexpected where what comes back is ${what}, which is not quoted`, async () => {
        const server = await fixedServer(...answer);
        const flow = await SignInFlow.start(pool.clientSide({ endpoint: `http://127.0.0.1:${server.port}` }));
        const { error } = await flow.caught(ada(), 'AnswerUnexpected').finally(server.close);
        should(error.cause).have.property('httpStatusCode', answer[0]);
        should(JSON.stringify(error)).not.match(/<h1|DOCTYPE|\$response/);
      });
    }

    it('is HostNotFound where the name does not exist', async () => {
      const flow = await SignInFlow.start(pool.clientSide({ endpoint: 'https://cognito-idp.invalid' }));
      await flow.caught(ada(), 'HostNotFound');
    });

    it('is CertificateError where nobody vouches for the server', async () => {
      const server = await selfSignedServer();
      const flow = await SignInFlow.start(pool.clientSide({ endpoint: `https://127.0.0.1:${server.port}` }));
      await flow.caught(ada(), 'CertificateError').finally(server.close);
    });

    it('is TimeoutError after the seconds that the pool allows', async () => {
      const server = await silentServer();
      const flow = await SignInFlow.start(
        pool.clientSide({ endpoint: `http://127.0.0.1:${server.port}`, timeout: '0.2' }),
      );
      const began = Date.now();
      await flow.caught(ada(), 'TimeoutError').finally(server.close);
      should(Date.now() - began).be.within(190, 2_000);
    });

    it('is TimeoutError where the answer comes too late', async () => {
      pool.local.faults.inject({ delay: 5_000 });
      const flow = await SignInFlow.start(pool.serverSide({ timeout: 0.2 }));
      await flow.caught(ada(), 'TimeoutError');
    });

    it('goes on where only the first attempt fails', async () => {
      pool.local.faults.inject({ drop: true, times: 1 });
      const flow = await SignInFlow.start(pool.serverSide());
      await flow.signedIn(ada());
    });

    it('goes on where Cognito is busy at first', async () => {
      pool.local.faults.inject({ exception: 'TooManyRequestsException', times: 1 });
      const flow = await SignInFlow.start(pool.serverSide());
      await flow.signedIn(ada());
    });
  });

  describe('for want of AWS credentials', () => {
    const saved = { ...process.env };
    beforeEach(() => {
      for (const name of Object.keys(process.env))
        if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, {
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: '/nonexistent/config',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
      });
    });
    afterEach(() => {
      for (const name of Object.keys(process.env))
        if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, saved);
    });

    it('is CredentialsProviderError with the default provider chain', async () => {
      const flow = await SignInFlow.start(pool.serverSide({ credentialsSource: 'default' }));
      await flow.caught(ada(), 'CredentialsProviderError');
      should(pool.local.requests).be.empty();
    });

    it('is CredentialsProviderError with a profile that does not exist', async () => {
      const flow = await SignInFlow.start(pool.serverSide({ credentialsSource: 'profile', profile: 'nobody' }));
      await flow.caught(ada(), 'CredentialsProviderError');
    });

    it('is nothing on the client side, which needs none', async () => {
      const flow = await SignInFlow.start(pool.clientSide());
      await flow.signedIn(ada());
    });

    it('is nothing where the environment has them', async () => {
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: 'LOCALCOGNITOPRACTICE',
        AWS_SECRET_ACCESS_KEY: 'practice-only-never-for-aws',
      });
      const flow = await SignInFlow.start(pool.serverSide({ credentialsSource: 'default' }));
      await flow.signedIn(ada());
    });
  });

  describe('of practice credentials', () => {
    for (const endpoint of [
      undefined,
      'https://cognito-idp.eu-west-1.amazonaws.com',
      'https://cognito-idp.eu-west-1.api.aws',
      'https://cognito-idp.cn-north-1.amazonaws.com.cn',
    ]) {
      it(`is PracticeCredentialsRefused where they would go to ${endpoint ?? 'AWS by default'}`, async () => {
        const flow = await SignInFlow.start(pool.serverSide({ endpoint }));
        await flow.caught(ada(), 'PracticeCredentialsRefused');
      });
    }
  });

  describe('of settings that can’t work', () => {
    const cases: Record<string, [code: string, field: string, setup: () => Setup]> = {
      'no pool chosen': ['UserPoolMissing', 'userPool', () => ({ ...pool.serverSide(), settings: { userPool: '' } })],
      'a pool that was deleted': [
        'UserPoolMissing',
        'userPool',
        () => ({ ...pool.serverSide(), settings: { userPool: 'gone' } }),
      ],
      'a pool that is disabled': ['UserPoolMissing', 'userPool', () => pool.serverSide({ d: true })],
      'a config node of another type': [
        'UserPoolMissing',
        'userPool',
        () => ({ ...pool.serverSide(), settings: { userPool: 'port1' } }),
      ],
      'no pool id': ['UserPoolInvalid', 'userPoolId', () => pool.serverSide({ userPoolId: '' })],
      'a pool id that is none': ['UserPoolInvalid', 'userPoolId', () => pool.serverSide({ userPoolId: 'my pool' })],
      'no client id': ['UserPoolInvalid', 'clientId', () => pool.serverSide({ clientId: ' ' })],
      'a client id that is none': ['UserPoolInvalid', 'clientId', () => pool.serverSide({ clientId: 'a/b' })],
      'an unknown API': ['UserPoolInvalid', 'api', () => pool.serverSide({ api: 'sideways' })],
      'an endpoint that is no URL': [
        'UserPoolInvalid',
        'endpoint',
        () => pool.serverSide({ endpoint: 'localhost:9339' }),
      ],
      'no access key': ['UserPoolInvalid', 'accessKeyId', () => pool.serverSide({}, { accessKeyId: '' })],
      'no secret access key': [
        'UserPoolInvalid',
        'secretAccessKey',
        () => pool.serverSide({}, { secretAccessKey: undefined }),
      ],
      'no profile': ['UserPoolInvalid', 'profile', () => pool.serverSide({ credentialsSource: 'profile' })],
      'no role': ['UserPoolInvalid', 'roleArn', () => pool.serverSide({ credentialsSource: 'role' })],
    };
    for (const [description, [code, field, setup]] of Object.entries(cases)) {
      it(`${description}: ${code} that names ${field}`, async () => {
        const flow = await SignInFlow.start(setup());
        const { error } = await flow.caught(ada(), code);
        should(error.cause).have.property('field', field);
        should(pool.local.requests).be.empty();
      });
    }
  });

  describe('when this machine’s clock is an hour off', () => {
    for (const offset of [-hour, hour]) {
      const side = offset < 0 ? 'fast' : 'slow';

      it(`(${side}) is nothing: SRP signs in on both APIs`, async () => {
        pool.local.clock.advance(offset);
        const client = await SignInFlow.start(pool.clientSide());
        await client.signedIn(ada());
        const server = await SignInFlow.start({ ...pool.serverSide(), ...withFlow('USER_SRP_AUTH') });
        await server.signedIn(ada());
        const timestamps = pool.local.requests.flatMap(({ body }) => {
          const { ChallengeResponses } = body as { ChallengeResponses?: Record<string, string> };
          return ChallengeResponses ? [Date.parse(ChallengeResponses.TIMESTAMP!)] : [];
        });
        should(timestamps).have.length(2);
        for (const timestamp of timestamps) should(Math.abs(timestamp - pool.local.clock.now())).be.below(5_000);
      });

      it(`(${side}) is nothing: a TOTP secret gives the code of Cognito’s time`, async () => {
        pool.local.clock.advance(offset);
        const credentials = { totpSecret: pool.user('tom').totpSecret };
        const flow = await SignInFlow.start({
          ...pool.serverSide(),
          answer: { settings: typed('totpSecret', 'cred'), credentials },
        });
        const { cognito } = await flow.challenged({ payload: { username: 'tom', password } }, 'SOFTWARE_TOKEN_MFA');
        should((await flow.answer({ payload: {}, cognito })).by).equal('port 1');
      });

      it(`(${side}) is told with the code that a person read off a clock like it`, async () => {
        pool.local.clock.advance(offset);
        const flow = await SignInFlow.start({ ...pool.clientSide(), answer: {} });
        const { cognito } = await flow.challenged({ payload: { username: 'tom', password } }, 'SOFTWARE_TOKEN_MFA');
        const code = currentTotpCode(pool.user('tom').totpSecret!);
        const { msg } = await flow.answer({ payload: { code }, cognito });
        should(msg.error?.code).equal('CodeMismatchException');
        should(Math.abs((msg.error?.cause?.clockOffset as number) - offset)).be.below(5_000);
      });
    }
  });

  it('has a code that the list of own codes knows, wherever Cognito did not choose it', () => {
    should(new Set(ownErrorCodes).size).equal(ownErrorCodes.length);
    should(ownErrorCodes.filter((code) => code.endsWith('Exception'))).be.empty();
  });
});
