import { createHmac } from 'node:crypto';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { clientSecret, password, poolId, publicClient, secretClient, temporaryPassword } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { SrpDevice } from '../support/srp-device';

const hash = (username: string) =>
  createHmac('sha256', clientSecret)
    .update(username + secretClient)
    .digest('base64');
const respond = 'cognito-respond-to-challenge';

type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

function isSignedInAs(msg: Message, username: string): void {
  should(msg.payload).match({ TokenType: 'Bearer', AccessToken: /^ey/, IdToken: /^ey/, RefreshToken: /./ });
  should(msg.cognito).match({ username, claims: { 'cognito:username': username } });
  should(msg.cognito).not.have.any.keys('session', 'challengeName', 'challengeParameters');
}

describe('the node “respond to challenge”', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const responses = () => pool.lastRequest.ChallengeResponses as Record<string, string>;

  /** Starts a sign-in that meets a challenge, and returns what is carried on. */
  async function meet(access: Access, name: string, username: string, secret = password): Promise<Message> {
    const flow = await SignInFlow.start(access);
    return flow.challenged({ payload: { username, password: secret } }, name);
  }

  const answering = (access: Access, rest: Setup = {}) => SignInFlow.start({ type: respond, ...access, ...rest });

  const accesses: Record<string, () => Access> = {
    'server-side at a client with a secret': () => pool.serverSide(),
    'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
    'client-side at a client with a secret': () => pool.clientSideWithSecret(),
    'client-side at a client without a secret': () => pool.clientSide(),
  };

  for (const [name, access] of Object.entries(accesses)) {
    describe(name, () => {
      it('answers SMS_MFA with the code that was sent', async () => {
        const { cognito, payload } = await meet(access(), 'SMS_MFA', 'sam');
        should(payload).match({ ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS' } });
        const flow = await answering(access());
        isSignedInAs(await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito }), 'sam');
      });

      it('takes a code in two halves, as authenticator apps show it', async () => {
        const { cognito } = await meet(access(), 'SMS_MFA', 'sam');
        const flow = await answering(access());
        const code = ` ${pool.codeOf('sam').replace(/^.{3}/, '$& ')}\n`;
        isSignedInAs(await flow.signedIn({ payload: { code }, cognito }), 'sam');
      });

      it('answers EMAIL_OTP with the code that was sent', async () => {
        const { cognito, payload } = await meet(access(), 'EMAIL_OTP', 'emma');
        should(payload).match({ ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL' } });
        const flow = await answering(access());
        isSignedInAs(await flow.signedIn({ payload: { code: pool.codeOf('emma') }, cognito }), 'emma');
      });

      it('answers SOFTWARE_TOKEN_MFA with a code', async () => {
        const { cognito } = await meet(access(), 'SOFTWARE_TOKEN_MFA', 'tom');
        const code = currentTotpCode(pool.user('tom').totpSecret!);
        const flow = await answering(access());
        isSignedInAs(await flow.signedIn({ payload: { code }, cognito }), 'tom');
      });

      it('answers SOFTWARE_TOKEN_MFA with the TOTP secret among its credentials', async () => {
        const { cognito } = await meet(access(), 'SOFTWARE_TOKEN_MFA', 'tom');
        const flow = await answering(access(), {
          settings: typed('totpSecret', 'cred'),
          credentials: { totpSecret: pool.user('tom').totpSecret },
        });
        isSignedInAs(await flow.signedIn({ payload: {}, cognito }), 'tom');
      });

      it('answers NEW_PASSWORD_REQUIRED with a password and the attributes that are missing', async () => {
        const { cognito, payload } = await meet(access(), 'NEW_PASSWORD_REQUIRED', 'grace', temporaryPassword);
        should(payload).match({ ChallengeParameters: { requiredAttributes: '["userAttributes.name"]' } });
        const flow = await answering(access());
        const answer = { newPassword: 'New-Password-1', userAttributes: { name: 'Grace' } };
        const msg = await flow.signedIn({ payload: answer, cognito });
        isSignedInAs(msg, 'grace');
        should(msg.cognito).match({ claims: { name: 'Grace' } });
        should(pool.user('grace').hasPassword('New-Password-1')).be.true();
      });

      it('answers SELECT_MFA_TYPE with a choice, then that with a code', async () => {
        const chosen = await meet(access(), 'SELECT_MFA_TYPE', 'lin');
        const flow = await answering(access());
        const { cognito } = await flow.challenged(
          { payload: { choice: 'EMAIL_OTP' }, cognito: chosen.cognito },
          'EMAIL_OTP',
        );
        isSignedInAs(await flow.signedIn({ payload: { code: pool.codeOf('lin') }, cognito }), 'lin');
      });

      it('relays the proof of a device that keeps its password to itself', async () => {
        const device = new SrpDevice('ada@example.com', password, poolId);
        const starting = await SignInFlow.start({ ...access(), settings: typed('authFlow', 'str', 'USER_SRP_AUTH') });
        const { cognito, payload } = await starting.challenged(
          { payload: { username: 'ada@example.com', srpA: device.srpA } },
          'PASSWORD_VERIFIER',
        );
        const { ChallengeParameters } = payload as { ChallengeParameters: Record<string, string> };
        const proof = device.prove(ChallengeParameters);
        const flow = await answering(access());
        isSignedInAs(await flow.signedIn({ payload: proof, cognito }), 'ada');
        should(responses()).match({
          USERNAME: 'ada',
          PASSWORD_CLAIM_SIGNATURE: proof.passwordClaimSignature,
          PASSWORD_CLAIM_SECRET_BLOCK: ChallengeParameters.SECRET_BLOCK,
          TIMESTAMP: proof.timestamp,
        });
      });
    });
  }

  it('knows the secret block of an open PASSWORD_VERIFIER itself', async () => {
    const device = new SrpDevice('ada', password, poolId);
    const starting = await SignInFlow.start(pool.clientSide());
    const { cognito, payload } = await starting.challenged(
      { payload: { username: 'ada', srpA: device.srpA } },
      'PASSWORD_VERIFIER',
    );
    const { ChallengeParameters } = payload as { ChallengeParameters: Record<string, string> };
    const { passwordClaimSignature, timestamp } = device.prove(ChallengeParameters);
    const flow = await answering(pool.clientSide());
    isSignedInAs(await flow.signedIn({ payload: { passwordClaimSignature, timestamp }, cognito }), 'ada');
  });

  describe('a TOTP secret', () => {
    it('waits for the next code where the current one has been used', async () => {
      // Cognito's clock is 2 s before the next step, and far enough from this one's to be believed.
      const step = 30_000;
      const end = (Math.floor(Date.now() / step) + 120) * step;
      pool.local.clock.set(end - 2_000);
      const flow = await SignInFlow.start({
        ...pool.clientSide(),
        answer: { settings: typed('totpSecret', 'cred'), credentials: { totpSecret: pool.user('tom').totpSecret } },
      });
      const tom = () => ({ payload: { username: 'tom', password } });
      const one = await flow.challenged(tom(), 'SOFTWARE_TOKEN_MFA');
      const two = await flow.challenged(tom(), 'SOFTWARE_TOKEN_MFA');
      should(await flow.answer(one)).have.property('by', 'port 1');
      should(pool.local.clock.now()).be.below(end);
      should(await flow.answer(two)).have.property('by', 'port 1');
      should(pool.local.clock.now()).be.aboveOrEqual(end);
    });

    it('gives way to a code on the message', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SOFTWARE_TOKEN_MFA', 'tom');
      const flow = await answering(pool.serverSide(), {
        settings: typed('totpSecret', 'cred'),
        credentials: { totpSecret: pool.user('tom').totpSecret },
      });
      const code = currentTotpCode(pool.user('tom').totpSecret!);
      await flow.signedIn({ payload: { code }, cognito });
      should(responses()).have.property('SOFTWARE_TOKEN_MFA_CODE', code);
    });

    it('is not sent anywhere', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SOFTWARE_TOKEN_MFA', 'tom');
      const secret = pool.user('tom').totpSecret!;
      const flow = await answering(pool.serverSide(), {
        settings: typed('totpSecret', 'cred'),
        credentials: { totpSecret: secret },
      });
      await flow.signedIn({ payload: {}, cognito });
      should(JSON.stringify(pool.local.requests)).not.containEql(secret);
    });

    it('that is no base32 is refused by name', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SOFTWARE_TOKEN_MFA', 'tom');
      const flow = await answering(pool.serverSide(), {
        settings: typed('totpSecret', 'cred'),
        credentials: { totpSecret: '0189 not base32' },
      });
      const { error } = await flow.caught({ payload: {}, cognito }, 'InputInvalid');
      should(error.cause).match({ field: 'totpSecret', expected: 'base32' });
    });
  });

  describe('the request', () => {
    it('names the canonical user and hashes that name, whatever alias was typed', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam@example.com');
      const flow = await answering(pool.serverSide());
      await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito });
      should(responses()).deepEqual({ USERNAME: 'sam', SMS_MFA_CODE: pool.codeOf('sam'), SECRET_HASH: hash('sam') });
    });

    it('carries the session of the challenge', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const { session } = cognito as { session: string };
      const flow = await answering(pool.serverSide());
      await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito });
      should(pool.lastRequest).match({
        Session: session,
        ChallengeName: 'SMS_MFA',
        UserPoolId: poolId,
        ClientId: secretClient,
      });
    });

    const settings = {
      ...typed('clientMetadata', 'json', '{"origin":"test"}'),
      ...typed('analyticsEndpointId', 'str', 'endpoint-7'),
      ...typed('contextData', 'msg', 'context'),
      ...typed('session', 'msg', 'session'),
      ...typed('extraParameters', 'msg', 'extra'),
    };

    it('carries every other field server-side', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const { session } = cognito as { session: string };
      const flow = await answering(pool.serverSide(), { settings });
      const context = { IpAddress: '203.0.113.7', ServerName: 'a', ServerPath: '/', HttpHeaders: [] };
      const extra = { MORE: 'of it', 'userAttributes.nickname': 'S' };
      await flow.signedIn({
        payload: { code: pool.codeOf('sam'), deviceKey: 'a-device' },
        cognito: { ...(cognito as object), session: undefined },
        context,
        extra,
        session,
      });
      should(pool.lastRequest).match({
        Session: session,
        ClientMetadata: { origin: 'test' },
        AnalyticsMetadata: { AnalyticsEndpointId: 'endpoint-7' },
        ContextData: context,
      });
      should(responses()).match(extra);
    });

    it('carries every other field client-side', async () => {
      const { cognito } = await meet(pool.clientSide(), 'SMS_MFA', 'sam');
      const flow = await answering(pool.clientSide(), { settings });
      await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito, context: { EncodedData: 'abc' } });
      should(pool.lastRequest).match({
        ClientId: publicClient,
        ClientMetadata: { origin: 'test' },
        AnalyticsMetadata: { AnalyticsEndpointId: 'endpoint-7' },
        UserContextData: { EncodedData: 'abc' },
      });
    });

    it('carries the device key that the sign-in started with', async () => {
      const starting = await SignInFlow.start(pool.clientSide());
      const { cognito } = await starting.challenged(
        { payload: { username: 'sam', password, deviceKey: 'eu-west-1_a-device' } },
        'SMS_MFA',
      );
      const flow = await answering(pool.clientSide());
      await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito });
      should(responses()).have.property('DEVICE_KEY', 'eu-west-1_a-device');
    });

    it('carries that device key where the challenge itself asks for it', async () => {
      const starting = await SignInFlow.start(pool.clientSide());
      const { cognito } = await starting.challenged(
        { payload: { username: 'sam', password, deviceKey: 'eu-west-1_a-device' } },
        'SMS_MFA',
      );
      const flow = await answering(pool.clientSide());
      const atDevice = { ...(cognito as object), challengeName: 'DEVICE_SRP_AUTH' };
      await flow.caught({ payload: { srpA: 'abc' }, cognito: atDevice }, 'NotAuthorizedException');
      should(responses()).match({ DEVICE_KEY: 'eu-west-1_a-device', SRP_A: 'abc' });
    });

    it('takes a code that is a number for its digits', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const flow = await answering(pool.serverSide());
      await flow.send({ payload: { code: 123456 }, cognito });
      should(responses()).have.property('SMS_MFA_CODE', '123456');
    });

    it('hands a challenge that nobody knows yet on, with the answer and what was given besides', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const tomorrow = { ...(cognito as object), challengeName: 'RETINA_SCAN' };
      const flow = await answering(pool.serverSide(), { settings });
      await flow.caught(
        { payload: { answer: 'blue' }, cognito: tomorrow, extra: { EYE: 'left' } },
        'InvalidParameterException',
      );
      should(pool.lastRequest).match({
        ChallengeName: 'RETINA_SCAN',
        ChallengeResponses: { ANSWER: 'blue', EYE: 'left' },
      });
    });
  });

  describe('an answer that lacks something', () => {
    for (const [name, username, field] of [
      ['SMS_MFA', 'sam', 'code'],
      ['EMAIL_OTP', 'emma', 'code'],
      ['SOFTWARE_TOKEN_MFA', 'tom', 'code'],
      ['SELECT_MFA_TYPE', 'lin', 'choice'],
    ] as const) {
      it(`to ${name} is refused by the name of the field: ${field}`, async () => {
        const { cognito } = await meet(pool.serverSide(), name, username);
        const asked = pool.local.requests.length;
        const flow = await answering(pool.serverSide());
        const { error } = await flow.caught({ payload: {}, cognito }, 'InputMissing');
        should(error.cause).have.property('field', field);
        should(pool.local.requests).have.length(asked);
      });
    }

    it('to NEW_PASSWORD_REQUIRED is refused by the name of the field: newPassword', async () => {
      const { cognito } = await meet(pool.serverSide(), 'NEW_PASSWORD_REQUIRED', 'grace', temporaryPassword);
      const flow = await answering(pool.serverSide());
      const { error } = await flow.caught({ payload: { userAttributes: { name: 'G' } }, cognito }, 'InputMissing');
      should(error.cause).have.property('field', 'newPassword');
    });

    it('to PASSWORD_VERIFIER is refused by the name of the field: passwordClaimSignature', async () => {
      const device = new SrpDevice('ada', password, poolId);
      const starting = await SignInFlow.start(pool.clientSide());
      const { cognito } = await starting.challenged(
        { payload: { username: 'ada', srpA: device.srpA } },
        'PASSWORD_VERIFIER',
      );
      const flow = await answering(pool.clientSide());
      const { error } = await flow.caught({ payload: {}, cognito }, 'InputMissing');
      should(error.cause).have.property('field', 'passwordClaimSignature');
    });
  });

  describe('which challenge', () => {
    const set = (name: string): Setup => ({ settings: typed('challengeName', 'str', name) });

    it('may be fixed in the node', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const flow = await answering(pool.serverSide(), set('SMS_MFA'));
      isSignedInAs(await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito }), 'sam');
    });

    it('must then be the open one', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const flow = await answering(pool.serverSide(), set('EMAIL_OTP'));
      const { error } = await flow.caught({ payload: { code: pool.codeOf('sam') }, cognito }, 'ChallengeUnexpected');
      should(error.cause).match({ field: 'SMS_MFA', expected: 'EMAIL_OTP' });
    });

    it('and whose may be said for a sign-in that another program started', async () => {
      const { cognito } = await meet(pool.serverSide(), 'SMS_MFA', 'sam');
      const { session } = cognito as { session: string };
      const flow = await answering(pool.serverSide(), {
        settings: {
          ...typed('challengeName', 'str', 'SMS_MFA'),
          ...typed('username', 'msg', 'who'),
          ...typed('session', 'msg', 'session'),
        },
      });
      isSignedInAs(await flow.signedIn({ payload: { code: pool.codeOf('sam') }, who: 'sam', session }), 'sam');
    });

    it('is missing on a message that never met one', async () => {
      const flow = await answering(pool.serverSide());
      await flow.caught({ payload: { code: '123456' } }, 'ChallengeMissing');
      should(pool.local.requests).be.empty();
    });

    it('is missing on a message that has signed in', async () => {
      const starting = await SignInFlow.start(pool.serverSide());
      const { cognito } = await starting.signedIn({ payload: { username: 'ada', password } });
      const flow = await answering(pool.serverSide());
      await flow.caught({ payload: { code: '123456' }, cognito }, 'ChallengeMissing');
    });
  });
});
