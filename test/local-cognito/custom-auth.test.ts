// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  type ChallengeResult,
  type CreateAuthChallengeEvent,
  currentTotpCode,
  type DefineAuthChallengeEvent,
  LocalCognito,
  samplePools,
  sampleTriggers,
  type Triggers,
  type VerifyAuthChallengeResponseEvent,
} from '@cognito-flows/local-cognito';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
} from 'amazon-cognito-identity-js';
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';
import should from 'should';
import {
  type Answer,
  GATEWAY,
  MINUTE,
  oneWins,
  PASSWORD,
  POOL,
  Practice,
  refused,
  secretHash,
  SERVER,
  SERVER_SECRET,
} from './support';

type Events = (DefineAuthChallengeEvent | CreateAuthChallengeEvent | VerifyAuthChallengeResponseEvent)[];

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const MALFORMED = ['InvalidLambdaResponseException', 'Unrecognizable lambda output'] as const;
const USED = 'Invalid session for the user, session can only be used once.';

/** Right answers sign in after as many rounds as asked for; a wrong one is another round; `give up` ends it. */
function rounds(needed: number): Triggers {
  return {
    defineAuthChallenge: (event) => {
      const { session } = event.request;
      const right = session.filter((item) => item.challengeName === 'CUSTOM_CHALLENGE' && item.challengeResult);
      event.response = {
        challengeName: session.at(-1)?.challengeName === 'SRP_A' ? 'PASSWORD_VERIFIER' : 'CUSTOM_CHALLENGE',
        issueTokens: right.length === needed,
        failAuthentication: session.at(-1)?.challengeMetadata === 'last',
      };
    },
    createAuthChallenge: (event) => {
      const round = String(event.request.session.length + 1);
      return Promise.resolve({
        ...event,
        response: {
          publicChallengeParameters: { question: `Say ${round}` },
          privateChallengeParameters: { answer: round, secret: 'never shown' },
          challengeMetadata: `round ${round}`,
        },
      });
    },
    verifyAuthChallengeResponse: (event) => {
      event.response.answerCorrect = event.request.challengeAnswer === event.request.privateChallengeParameters.answer;
      return event;
    },
  };
}

/** The same triggers, which note every event that they get. */
function noting(triggers: Triggers, events: Events): Triggers {
  return {
    defineAuthChallenge: (event) => {
      events.push(structuredClone(event));
      return triggers.defineAuthChallenge?.(event);
    },
    createAuthChallenge: (event) => {
      events.push(structuredClone(event));
      return triggers.createAuthChallenge?.(event);
    },
    verifyAuthChallengeResponse: (event) => {
      events.push(structuredClone(event));
      return triggers.verifyAuthChallengeResponse?.(event);
    },
  };
}

describe('CUSTOM_AUTH', () => {
  let triggers: Triggers = {};
  const events: Events = [];
  const pools = () => {
    const all = samplePools();
    all[0]!.clients[1]!.preventUserExistenceErrors = 'LEGACY';
    all[0]!.clients.push({ clientId: 'bareclient', explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
    return all;
  };
  const practice = new Practice(() => {
    triggers = rounds(1);
    events.splice(0);
    return {
      pools: pools(),
      triggers: {
        [POOL]: noting(
          lazy(() => triggers),
          events,
        ),
      },
      triggerTimeout: 50,
    };
  });
  const start = (username = 'ada', more = {}) => practice.start('CUSTOM_AUTH', { USERNAME: username, ...more });
  const answer = (ANSWER: string, Session?: string, USERNAME = 'ada') =>
    practice.answer('CUSTOM_CHALLENGE', { USERNAME, ANSWER }, Session);
  const question = (challenge: Answer) => challenge.ChallengeParameters!.question;
  const sessions = () =>
    events.flatMap((event) =>
      event.triggerSource === 'DefineAuthChallenge_Authentication' ? [event.request.session] : [],
    );

  /** Starts with SRP by cognito-srp-helper, and proves the password. */
  const srp = async (
    username = 'ada',
    password = PASSWORD,
    more: Record<string, string> = { CHALLENGE_NAME: 'SRP_A' },
  ) => {
    const session = createSrpSession(username, password, POOL, false);
    const request = wrapInitiateAuth(session, {
      ClientId: GATEWAY,
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: username },
    });
    const first = await start(username, { ...request.AuthParameters, ...more });
    should(first.ChallengeName).equal('PASSWORD_VERIFIER');
    const USERNAME = first.ChallengeParameters!.USER_ID_FOR_SRP!;
    const signed = signSrpSession(session, {
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: first.ChallengeParameters!,
    });
    const proof = { ClientId: GATEWAY, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { USERNAME } };
    const { ChallengeResponses } = wrapAuthChallenge(signed, proof);
    return practice.answer('PASSWORD_VERIFIER', ChallengeResponses, first.Session);
  };

  describe('started plainly', () => {
    it('asks what the trigger makes up, and shows its public parameters alone', async () => {
      const { ChallengeName, ChallengeParameters, Session, AuthenticationResult } = await start();
      should(ChallengeName).equal('CUSTOM_CHALLENGE');
      should(ChallengeParameters).deepEqual({ USERNAME: 'ada', question: 'Say 1' });
      should(Session).be.a.String();
      should(AuthenticationResult).be.undefined();
    });

    it('gives tokens for the right answer', async () => {
      const { Session } = await start();
      const { AuthenticationResult, ChallengeName } = await answer('1', Session);
      should(AuthenticationResult).have.properties('AccessToken', 'IdToken', 'RefreshToken');
      should(ChallengeName).be.undefined();
    });

    it('takes an alias, and names the canonical username', async () => {
      const { ChallengeParameters, Session } = await start('ada@example.com');
      should(ChallengeParameters).have.property('USERNAME', 'ada');
      should((await answer('1', Session)).AuthenticationResult).have.property('AccessToken');
    });

    it('may say CHALLENGE_NAME CUSTOM_CHALLENGE', async () => {
      should(question(await start('ada', { CHALLENGE_NAME: 'CUSTOM_CHALLENGE' }))).equal('Say 1');
      await refused(
        start('ada', { CHALLENGE_NAME: 'SMS_MFA' }),
        'InvalidParameterException',
        'Invalid CHALLENGE_NAME.',
      );
    });

    it('asks again after a wrong answer, with another question and session', async () => {
      const first = await start();
      const second = await answer('wrong', first.Session);
      should(question(second)).equal('Say 2');
      should(second.Session).be.a.String().and.not.equal(first.Session);
      should((await answer('2', second.Session)).AuthenticationResult).have.property('AccessToken');
    });

    it('goes on for as many rounds as the trigger wants', async () => {
      triggers = rounds(10);
      let challenge = await start();
      const seen = new Set([challenge.Session]);
      for (let round = 1; round < 10; round += 1) {
        should(question(challenge)).equal(`Say ${round}`);
        challenge = await answer(String(round), challenge.Session);
        seen.add(challenge.Session);
      }
      should(seen.size).equal(10);
      should((await answer('10', challenge.Session)).AuthenticationResult).have.property('AccessToken');
      should(sessions().at(-1)).have.length(10);
    });

    it('ends when the trigger says so, and the session with it', async () => {
      triggers = {
        ...rounds(1),
        createAuthChallenge: (event) => {
          event.response.challengeMetadata = 'last';
          event.response.privateChallengeParameters = { answer: '1' };
        },
      };
      const { Session } = await start();
      await refused(answer('wrong', Session), ...WRONG);
      await refused(answer('1', Session), 'NotAuthorizedException', USED);
    });

    it('must be enabled for the client', async () => {
      await refused(
        practice.start('CUSTOM_AUTH', { USERNAME: 'ada' }, 'bareclient'),
        'InvalidParameterException',
        'CUSTOM_AUTH is not enabled for the client.',
      );
    });

    it('may give tokens or refuse at once', async () => {
      triggers = rounds(0);
      should((await start()).AuthenticationResult).have.property('AccessToken');
      triggers = { defineAuthChallenge: (event) => ({ ...event, response: { failAuthentication: true } }) };
      await refused(start(), ...WRONG);
    });

    it('takes each answer once, and no answer out of turn', async () => {
      triggers = rounds(2);
      const first = await start();
      const second = await answer('1', first.Session);
      await refused(answer('1', first.Session), 'NotAuthorizedException', USED);
      should((await answer('2', second.Session)).AuthenticationResult).have.property('AccessToken');
      await refused(answer('2', second.Session), 'NotAuthorizedException', USED);
    });

    it('lets one of several answers at once win', async () => {
      const { Session } = await start();
      await oneWins([answer('1', Session), answer('1', Session), answer('1', Session)], USED);
    });

    it('refuses an answer that is late, of another user, or without a session', async () => {
      const { Session } = await start();
      await refused(answer('1', Session, 'sam'), 'NotAuthorizedException', 'Invalid session for the user.');
      await refused(answer('1'), 'InvalidParameterException', 'Missing required parameter Session');
      await refused(
        practice.answer('CUSTOM_CHALLENGE', { USERNAME: 'ada' }, Session),
        'InvalidParameterException',
        'Missing required parameter ANSWER',
      );
      practice.local.clock.advance(3 * MINUTE);
      await refused(
        answer('1', Session),
        'NotAuthorizedException',
        'Invalid session for the user, session is expired.',
      );
    });

    it('does not ask for MFA, since there was no password', async () => {
      const { Session } = await start('gateway');
      should((await answer('1', Session, 'gateway')).AuthenticationResult).have.property('AccessToken');
    });

    it('signs a user in who has a temporary password', async () => {
      const { Session } = await start('grace');
      should((await answer('1', Session, 'grace')).AuthenticationResult).have.property('AccessToken');
    });

    it('refuses users who are disabled, not confirmed, or have to reset their password', async () => {
      await refused(start('disabled'), 'NotAuthorizedException', 'User is disabled.');
      await refused(start('unconfirmed'), 'UserNotConfirmedException', 'User is not confirmed.');
      await refused(start('reset'), 'PasswordResetRequiredException', 'Password reset required for the user');
      should(events).be.empty();
    });
  });

  describe('started with SRP', () => {
    it('asks for the proof of the password first, then goes on', async () => {
      const challenge = await srp();
      should(challenge.ChallengeName).equal('CUSTOM_CHALLENGE');
      should((await answer('3', challenge.Session)).AuthenticationResult).have.property('AccessToken');
      should(sessions().map((session) => session.map((item) => item.challengeName))).deepEqual([
        ['SRP_A'],
        ['SRP_A', 'PASSWORD_VERIFIER'],
        ['SRP_A', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE'],
      ]);
    });

    it('may write ChallengeName, as the API reference does', async () => {
      should((await srp('ada', PASSWORD, { ChallengeName: 'SRP_A' })).ChallengeName).equal('CUSTOM_CHALLENGE');
    });

    it('refuses a wrong password without asking the trigger again', async () => {
      await refused(srp('ada', 'Wrong-1234'), ...WRONG);
      should(sessions()).have.length(1);
    });

    it('refuses an unconfirmed user at the proof', () =>
      refused(srp('unconfirmed'), 'UserNotConfirmedException', 'User is not confirmed.'));

    it('needs SRP_A', async () => {
      await refused(
        start('ada', { CHALLENGE_NAME: 'SRP_A' }),
        'InvalidParameterException',
        'Missing required parameter SRP_A',
      );
      await refused(
        start('ada', { CHALLENGE_NAME: 'SRP_A', SRP_A: 'nonsense' }),
        'InvalidParameterException',
        'Invalid SRP_A.',
      );
    });

    it('has MFA follow the password, and tells the trigger of it', async () => {
      const mfa = await srp('gateway');
      should(mfa.ChallengeName).equal('SOFTWARE_TOKEN_MFA');
      should(sessions()).have.length(1);
      const SOFTWARE_TOKEN_MFA_CODE = currentTotpCode(practice.user('gateway').totpSecret!);
      const names = { USERNAME: 'gateway', SOFTWARE_TOKEN_MFA_CODE };
      const custom = await practice.answer('SOFTWARE_TOKEN_MFA', names, mfa.Session);
      should(question(custom)).equal('Say 4');
      should(sessions().at(-1)).deepEqual(passed('SRP_A', 'PASSWORD_VERIFIER', 'SOFTWARE_TOKEN_MFA'));
      should((await answer('4', custom.Session, 'gateway')).AuthenticationResult).have.property('AccessToken');
    });

    it('has the user choose between several kinds of MFA, and tells of the chosen one alone', async () => {
      const choice = await srp('lin');
      should(choice.ChallengeName).equal('SELECT_MFA_TYPE');
      const sms = await practice.answer('SELECT_MFA_TYPE', { USERNAME: 'lin', ANSWER: 'SMS_MFA' }, choice.Session);
      const names = { USERNAME: 'lin', SMS_MFA_CODE: practice.codeOf('lin') };
      should((await practice.answer('SMS_MFA', names, sms.Session)).ChallengeName).equal('CUSTOM_CHALLENGE');
      should(sessions().at(-1)).deepEqual(passed('SRP_A', 'PASSWORD_VERIFIER', 'SMS_MFA'));
    });

    it('has a temporary password replaced, and tells the trigger of it', async () => {
      practice.user('ada').setTemporaryPassword('Temporary-5678', practice.local.clock.now());
      const { ChallengeName, Session } = await srp('ada', 'Temporary-5678');
      should(ChallengeName).equal('NEW_PASSWORD_REQUIRED');
      const names = { USERNAME: 'ada', NEW_PASSWORD: 'Lasting-1234' };
      const custom = await practice.answer('NEW_PASSWORD_REQUIRED', names, Session);
      should(custom.ChallengeName).equal('CUSTOM_CHALLENGE');
      should(sessions().at(-1)).deepEqual(passed('SRP_A', 'PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED'));
    });
  });

  describe('with a trigger that names other challenges', () => {
    const naming = (...names: string[]): Triggers => ({
      defineAuthChallenge: (event) => {
        event.response.challengeName = names[event.request.session.length] ?? null;
        event.response.issueTokens = event.request.session.length === names.length;
      },
    });

    it('poses MFA after a password, as usual', async () => {
      triggers = naming('', 'PASSWORD_VERIFIER', 'SMS_MFA', 'SMS_MFA');
      practice.user('sam').mfa = { enabled: ['SMS_MFA'] };
      const first = await srp('sam');
      const names = () => ({ USERNAME: 'sam', SMS_MFA_CODE: practice.codeOf('sam') });
      const second = await practice.answer('SMS_MFA', names(), first.Session);
      should(second.ChallengeName).equal('SMS_MFA');
      should((await practice.answer('SMS_MFA', names(), second.Session)).AuthenticationResult).have.property(
        'AccessToken',
      );
    });

    it('has the password given by ADMIN_NO_SRP_AUTH, server-side', async () => {
      triggers = naming('ADMIN_NO_SRP_AUTH');
      const signed = { USERNAME: 'ada', SECRET_HASH: secretHash('ada') };
      const { ChallengeName, Session } = await practice.adminStart('CUSTOM_AUTH', signed);
      should(ChallengeName).equal('ADMIN_NO_SRP_AUTH');
      const { AuthenticationResult } = await practice.adminAnswer(
        'ADMIN_NO_SRP_AUTH',
        { ...signed, PASSWORD },
        Session,
      );
      should(AuthenticationResult).have.property('AccessToken');
      should(sessions().at(-1)).deepEqual(passed('ADMIN_NO_SRP_AUTH'));
      await refused(start(), ...MALFORMED);
    });

    for (const name of ['SOFTWARE_TOKEN_MFA', 'PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED', 'MY_CHALLENGE', 'SRP_A']) {
      it(`refuses ${name} where nothing leads up to it`, async () => {
        triggers = naming(name);
        await refused(start('gateway'), ...MALFORMED);
      });
    }
  });

  describe('tells its triggers', () => {
    const common = {
      version: '1',
      region: 'us-east-1',
      userPoolId: POOL,
      userName: 'ada',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: GATEWAY },
    };
    const clientMetadata = { site: 'Hall 3' };
    const answerWith = async (ANSWER: string, Session: string | undefined) =>
      practice.sdk.send(
        new RespondToAuthChallengeCommand({
          ClientId: GATEWAY,
          ChallengeName: 'CUSTOM_CHALLENGE',
          ChallengeResponses: { USERNAME: 'ada', ANSWER },
          ...(Session ? { Session } : {}),
          ClientMetadata: clientMetadata,
        }),
      );

    it('what Cognito tells them, in events of the same shape', async () => {
      const userAttributes = { ...practice.user('ada').attributes, 'cognito:user_status': 'CONFIRMED' };
      const { Session } = await start();
      await answerWith('wrong', Session);
      const session = [{ challengeName: 'CUSTOM_CHALLENGE', challengeResult: false, challengeMetadata: 'round 1' }];
      should(events).deepEqual([
        {
          ...common,
          triggerSource: 'DefineAuthChallenge_Authentication',
          request: { userAttributes, session: [] },
          response: { challengeName: null, issueTokens: null, failAuthentication: null },
        },
        {
          ...common,
          triggerSource: 'CreateAuthChallenge_Authentication',
          request: { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session: [] },
          response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
        },
        {
          ...common,
          triggerSource: 'VerifyAuthChallengeResponse_Authentication',
          request: {
            userAttributes,
            clientMetadata,
            privateChallengeParameters: { answer: '1', secret: 'never shown' },
            challengeAnswer: 'wrong',
          },
          response: { answerCorrect: null },
        },
        {
          ...common,
          triggerSource: 'DefineAuthChallenge_Authentication',
          request: { userAttributes, clientMetadata, session },
          response: { challengeName: null, issueTokens: null, failAuthentication: null },
        },
        {
          ...common,
          triggerSource: 'CreateAuthChallenge_Authentication',
          request: { userAttributes, clientMetadata, challengeName: 'CUSTOM_CHALLENGE', session },
          response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
        },
      ]);
    });

    it('nothing of the ClientMetadata of the start', async () => {
      const AuthParameters = { USERNAME: 'ada', SECRET_HASH: secretHash('ada') };
      await practice.sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId: POOL,
          ClientId: SERVER,
          AuthFlow: 'CUSTOM_AUTH',
          AuthParameters,
          ClientMetadata: clientMetadata,
        }),
      );
      should(events).have.length(2);
      for (const event of events) should(event.request).not.have.property('clientMetadata');
    });

    it('nothing that they could change for the next one', async () => {
      const made = rounds(2);
      triggers = {
        ...made,
        defineAuthChallenge: (event) => {
          const result = made.defineAuthChallenge?.(event);
          event.request.session.splice(0);
          event.request.userAttributes.email = 'changed@example.com';
          return result;
        },
      };
      const { Session } = await start();
      await answer('1', Session);
      should(sessions().at(-1)).have.length(1);
      should(practice.user('ada').attributes).have.property('email', 'ada@example.com');
    });

    it('that a user does not exist, where the client does not', async () => {
      const signed = { USERNAME: 'nobody', SECRET_HASH: secretHash('nobody') };
      const { Session, ChallengeParameters } = await practice.adminStart('CUSTOM_AUTH', signed);
      should(ChallengeParameters).deepEqual({ USERNAME: 'nobody', question: 'Say 1' });
      for (const event of events) should(event.request).match({ userNotFound: true, userAttributes: {} });
      // The right answer, and still no tokens.
      await refused(practice.adminAnswer('CUSTOM_CHALLENGE', { ...signed, ANSWER: '1' }, Session), ...WRONG);
      await refused(start('nobody'), 'UserNotFoundException', 'User does not exist.');
    });

    it('that a user exists, where the client would not tell', async () => {
      await practice.adminStart('CUSTOM_AUTH', { USERNAME: 'ada', SECRET_HASH: secretHash('ada') });
      for (const event of events) should(event.request).have.property('userNotFound', false);
    });
  });

  describe('with a trigger that fails', () => {
    const boom = () => {
      throw new Error('Out of questions');
    };

    it('says what it threw, at once or later', async () => {
      triggers = { ...rounds(1), createAuthChallenge: boom };
      await refused(
        start(),
        'UserLambdaValidationException',
        'CreateAuthChallenge failed with error Out of questions.',
      );
      triggers = { defineAuthChallenge: () => Promise.reject(new Error('Closed today')) };
      await refused(start(), 'UserLambdaValidationException', 'DefineAuthChallenge failed with error Closed today.');
    });

    it('leaves the session usable when the answer could not be judged', async () => {
      const { Session } = await start();
      triggers = { ...rounds(1), verifyAuthChallengeResponse: boom };
      await refused(
        answer('1', Session),
        'UserLambdaValidationException',
        'VerifyAuthChallengeResponse failed with error Out of questions.',
      );
      triggers = rounds(1);
      should((await answer('1', Session)).AuthenticationResult).have.property('AccessToken');
    });

    it('calls one that takes too long three times, then gives up', async () => {
      triggers = { defineAuthChallenge: () => new Promise(() => undefined) };
      await refused(
        start(),
        'UnexpectedLambdaException',
        'DefineAuthChallenge invocation failed due to error Socket timeout while invoking Lambda function.',
      );
      should(events).have.length(3);
    });

    const define = (response: unknown): Triggers => ({ defineAuthChallenge: (event) => ({ ...event, response }) });
    const create = (response: unknown): Triggers => ({
      ...rounds(1),
      createAuthChallenge: (event) => ({ ...event, response }),
    });
    const malformed: [string, Triggers][] = [
      ['nothing', { defineAuthChallenge: () => undefined }],
      ['no event', { defineAuthChallenge: () => 'CUSTOM_CHALLENGE' }],
      ['no response', define(undefined)],
      ['a text for a flag', define({ issueTokens: 'true' })],
      ['a number for a challenge', define({ challengeName: 7 })],
      ['a number for a public parameter', create({ publicChallengeParameters: { question: 7 } })],
      ['a text for the private parameters', create({ privateChallengeParameters: 'answer' })],
      ['a number for the metadata', create({ challengeMetadata: 7 })],
    ];
    for (const [what, broken] of malformed) {
      it(`refuses ${what} in its response`, async () => {
        triggers = broken;
        await refused(start(), ...MALFORMED);
      });
    }

    it('refuses a verdict that is neither true nor false', async () => {
      const { Session } = await start();
      triggers = { ...rounds(1), verifyAuthChallengeResponse: (event) => event };
      await refused(answer('1', Session), ...MALFORMED);
    });

    it('is refused where one of the triggers is missing', async () => {
      const missing = [
        'InvalidParameterException',
        'Custom auth lambda trigger is not configured for the user pool.',
      ] as const;
      const { defineAuthChallenge } = rounds(1);
      const local = new LocalCognito({
        pools: pools(),
        triggers: { [POOL]: defineAuthChallenge ? { defineAuthChallenge } : {} },
      });
      await local.listen(0);
      try {
        const body = { ClientId: GATEWAY, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME: 'ada' } };
        const response = await fetch(local.endpoint, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-amz-json-1.1',
            'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
          },
          body: JSON.stringify(body),
        });
        should(await response.json()).deepEqual({ __type: missing[0], message: missing[1] });
      } finally {
        await local.close();
      }
    });
  });

  describe('with the server-side API and a client secret', () => {
    const signed = (username: string) => ({ USERNAME: username, SECRET_HASH: secretHash(username) });

    it('signs in', async () => {
      const { Session } = await practice.adminStart('CUSTOM_AUTH', signed('ada'));
      const { AuthenticationResult } = await practice.adminAnswer(
        'CUSTOM_CHALLENGE',
        { ...signed('ada'), ANSWER: '1' },
        Session,
      );
      should(AuthenticationResult).have.property('AccessToken');
    });

    it('signs in after SRP', async () => {
      const proof = await practice.srpProof('ada', PASSWORD, (names) =>
        practice.adminStart('CUSTOM_AUTH', { ...names, ...signed('ada'), CHALLENGE_NAME: 'SRP_A' }),
      );
      const { Session } = await practice.adminAnswer('PASSWORD_VERIFIER', { ...proof, ...signed('ada') });
      const names = { ...signed('ada'), ANSWER: '3' };
      should((await practice.adminAnswer('CUSTOM_CHALLENGE', names, Session)).AuthenticationResult).have.property(
        'AccessToken',
      );
    });

    it('insists on SECRET_HASH at every step', async () => {
      const missing = `Client ${SERVER} is configured with secret but SECRET_HASH was not received`;
      await refused(practice.adminStart('CUSTOM_AUTH', { USERNAME: 'ada' }), 'NotAuthorizedException', missing);
      const { Session } = await practice.adminStart('CUSTOM_AUTH', signed('ada'));
      await refused(
        practice.adminAnswer('CUSTOM_CHALLENGE', { USERNAME: 'ada', ANSWER: '1' }, Session),
        'NotAuthorizedException',
        missing,
      );
      await refused(
        practice.adminAnswer(
          'CUSTOM_CHALLENGE',
          { USERNAME: 'ada', ANSWER: '1', SECRET_HASH: secretHash('ada', SERVER, `${SERVER_SECRET}x`) },
          Session,
        ),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${SERVER}`,
      );
    });

    it('hands ClientMetadata on', async () => {
      const { Session } = await practice.adminStart('CUSTOM_AUTH', signed('ada'));
      await practice.sdk.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId: POOL,
          ClientId: SERVER,
          ChallengeName: 'CUSTOM_CHALLENGE',
          ChallengeResponses: { ...signed('ada'), ANSWER: '1' },
          ClientMetadata: { site: 'Hall 3' },
          ...(Session ? { Session } : {}),
        }),
      );
      should(events.at(-1)!.request.clientMetadata).deepEqual({ site: 'Hall 3' });
    });
  });

  describe('with amazon-cognito-identity-js', () => {
    const userNamed = (Username: string) => {
      const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: GATEWAY, endpoint: practice.local.endpoint });
      return new CognitoUser({ Username, Pool: pool });
    };

    /** Answers every question by the number that it asks for, but for the first ones. */
    const sayings = (
      user: CognitoUser,
      first: string[],
      done: (session: CognitoUserSession) => void,
      failed: (error: unknown) => void,
    ) => {
      const callbacks: IAuthenticationCallback = {
        onSuccess: done,
        onFailure: failed,
        customChallenge: (parameters: { question: string }) => {
          user.sendCustomChallengeAnswer(first.shift() ?? parameters.question.replace('Say ', ''), callbacks);
        },
      };
      return callbacks;
    };

    it('signs in without a password, after wrong answers', async () => {
      const user = userNamed('ada');
      const session = await new Promise<CognitoUserSession>((done, failed) => {
        const details = new AuthenticationDetails({ Username: 'ada' });
        user.initiateAuth(details, sayings(user, ['wrong', 'wrong again'], done, failed));
      });
      should(session.getIdToken().payload['cognito:username']).equal('ada');
      should(sessions().at(-1)).have.length(3);
    });

    it('signs in with a password first', async () => {
      triggers = rounds(2);
      const user = userNamed('ada');
      user.setAuthenticationFlowType('CUSTOM_AUTH');
      const session = await new Promise<CognitoUserSession>((done, failed) => {
        const details = new AuthenticationDetails({ Username: 'ada', Password: PASSWORD });
        user.authenticateUser(details, sayings(user, ['wrong'], done, failed));
      });
      should(session.getAccessToken().payload.username).equal('ada');
      should(sessions()[0]).deepEqual(passed('SRP_A'));
    });

    it('is refused with a wrong password', async () => {
      const user = userNamed('ada');
      user.setAuthenticationFlowType('CUSTOM_AUTH');
      await new Promise<CognitoUserSession>((done, failed) => {
        const details = new AuthenticationDetails({ Username: 'ada', Password: 'Wrong-1234' });
        user.authenticateUser(details, sayings(user, [], done, failed));
      }).should.be.rejectedWith({ code: 'NotAuthorizedException', message: 'Incorrect username or password.' });
    });
  });
});

describe('triggers', () => {
  it('are refused by name where they belong to no pool, are unknown, or are no functions', () => {
    should(() => new LocalCognito({ triggers: { 'us-east-1_Elsewhere': {} } })).throw({
      name: 'ConfigError',
      message: 'triggers.us-east-1_Elsewhere is for a pool that is not among the pools',
    });
    const wrong = (functions: object) => () => new LocalCognito({ triggers: { [POOL]: functions } });
    should(wrong({ preSignUp: () => undefined })).throw({
      name: 'ConfigError',
      message: `triggers.${POOL}.preSignUp is unknown; known are defineAuthChallenge, createAuthChallenge, verifyAuthChallengeResponse`,
    });
    should(wrong({ defineAuthChallenge: 'arn:aws:lambda' })).throw({
      name: 'ConfigError',
      message: `triggers.${POOL}.defineAuthChallenge must be a function`,
    });
  });

  describe('of pools that are given without', () => {
    const practice = new Practice(() => ({ pools: samplePools() }));

    it('are missed', () =>
      refused(
        practice.start('CUSTOM_AUTH', { USERNAME: 'nobody' }),
        'InvalidParameterException',
        'Custom auth lambda trigger is not configured for the user pool.',
      ));
  });

  describe('of the sample pool', () => {
    const practice = new Practice();
    const sum = ({ ChallengeParameters }: Answer) => {
      const [, a, b] = /^What is (\d) \+ (\d)\?$/.exec(ChallengeParameters!.question!)!;
      return String(Number(a) + Number(b));
    };
    const answer = ({ Session }: Answer, ANSWER: string, USERNAME = 'ada') =>
      practice.answer('CUSTOM_CHALLENGE', { USERNAME, ANSWER }, Session);
    const start = (USERNAME = 'ada') => practice.start('CUSTOM_AUTH', { USERNAME });

    it('are there by themselves, and sign in after two right answers', async () => {
      should(Object.keys(sampleTriggers())).deepEqual(samplePools().map(({ id }) => id));
      const first = await start();
      const second = await answer(first, sum(first));
      should(second.ChallengeName).equal('CUSTOM_CHALLENGE');
      should((await answer(second, ` ${sum(second)} `)).AuthenticationResult).have.property('AccessToken');
    });

    it('want the right answers in a row', async () => {
      const first = await start();
      const second = await answer(first, sum(first));
      const third = await answer(second, 'wrong');
      const fourth = await answer(third, sum(third));
      should(fourth.ChallengeName).equal('CUSTOM_CHALLENGE');
      should((await answer(fourth, sum(fourth))).AuthenticationResult).have.property('AccessToken');
    });

    it('allow three tries', async () => {
      const third = await answer(await answer(await start(), 'wrong'), 'wrong');
      await refused(answer(third, 'wrong'), ...WRONG);
    });

    it('ask an unknown user just the same, in vain', async () => {
      const first = await start('nobody');
      const second = await answer(first, sum(first), 'nobody');
      await refused(answer(second, sum(second), 'nobody'), ...WRONG);
    });

    for (const [USERNAME, exception, message] of [
      ['unconfirmed', 'UserNotConfirmedException', 'User is not confirmed.'],
      ['reset', 'PasswordResetRequiredException', 'Password reset required for the user'],
    ] as const) {
      it(`ask the user ${USERNAME} just the same, and tell of the state in the end`, async () => {
        const first = await start(USERNAME);
        const second = await answer(first, sum(first), USERNAME);
        await refused(answer(second, sum(second), USERNAME), exception, message);
      });
    }

    it('prove the password first where SRP_A is given', async () => {
      const proof = await practice.srpProof('ada', PASSWORD, (names) =>
        practice.start('CUSTOM_AUTH', { ...names, CHALLENGE_NAME: 'SRP_A' }),
      );
      const first = await practice.answer('PASSWORD_VERIFIER', proof);
      should((await answer(await answer(first, sum(first)), 'wrong')).ChallengeName).equal('CUSTOM_CHALLENGE');
    });
  });
});

/** Triggers that are looked up at each call. */
function lazy(current: () => Triggers): Triggers {
  return {
    defineAuthChallenge: (event) => current().defineAuthChallenge?.(event),
    createAuthChallenge: (event) => current().createAuthChallenge?.(event),
    verifyAuthChallengeResponse: (event) => current().verifyAuthChallengeResponse?.(event),
  };
}

/** A session history in which all went well. */
function passed(...names: ChallengeResult['challengeName'][]): ChallengeResult[] {
  return names.map((challengeName) => ({ challengeName, challengeResult: true, challengeMetadata: null }));
}
