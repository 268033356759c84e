import { inspect } from 'node:util';
import { currentTotpCode, type PoolConfig } from '@cognito-flows/local-cognito';
import { correction, generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { TOTP, URI } from 'otpauth';
import should from 'should';
import { pngModules } from '../support/png-modules';
import { otherPoolId, password, poolId, testPools } from '../support/pools';
import { answerLosingServer } from '../support/servers';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

interface Shown {
  readonly SecretCode: string;
  readonly OtpauthUri: string;
  readonly QrDataUrl: string;
  readonly QrSvg: string;
}

/** The tests' pools, the first one changed. */
const changed = (change: Partial<PoolConfig>) => () => {
  const [first, ...others] = testPools();
  return { pools: [{ ...first!, ...change }, ...others] };
};

const shownBy = ({ payload }: Message): Shown => payload as Shown;
const wrongOf = (code: string): string => (code === '123456' ? '654321' : '123456');

describe('the node “mfa setup”', () => {
  const settingUp = (access: Access, rest: Setup = {}) =>
    SignInFlow.start({ type: 'cognito-mfa-setup', ...access, ...rest });

  function accessesOf(pool: TestPool): Record<string, () => Access> {
    return {
      'server-side at a client with a secret': () => pool.serverSide(),
      'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
      'client-side at a client with a secret': () => pool.clientSideWithSecret(),
      'client-side at a client without a secret': () => pool.clientSide(),
    };
  }

  describe('inside a sign-in that demands MFA', () => {
    const pool = new TestPool(changed({ mfaConfiguration: 'ON' }));
    stopFlowAfterEach();

    const codeFor = ({ SecretCode }: Shown) => currentTotpCode(SecretCode, pool.local.clock.now());

    /** Starts a sign-in that meets MFA_SETUP, and returns what is carried on. */
    async function meet(access: Access = pool.serverSide(), username = 'ada'): Promise<Message> {
      const flow = await SignInFlow.start(access);
      return flow.challenged({ payload: { username, password } }, 'MFA_SETUP');
    }

    /** As far as the QR code. */
    async function shown(access: Access = pool.serverSide(), rest: Setup = {}) {
      const met = await meet(access);
      const flow = await settingUp(access, rest);
      const msg = await flow.leaves('port 3', met);
      return { flow, msg, cognito: msg.cognito, payload: shownBy(msg) };
    }

    for (const [name, access] of Object.entries(accessesOf(pool))) {
      describe(name, () => {
        it('shows a QR code, and signs in with the code of the app that scanned it', async () => {
          const { flow, cognito, payload } = await shown(access());
          const msg = await flow.signedIn({ payload: { code: codeFor(payload) }, cognito });
          should(msg.payload).match({ TokenType: 'Bearer', AccessToken: /^ey/, IdToken: /^ey/, RefreshToken: /./ });
          should(msg.cognito).match({ username: 'ada', claims: { 'cognito:username': 'ada' } });
          should(msg.cognito).not.have.any.keys('session', 'challengeName', 'challengeParameters');
          should(pool.user('ada').totpSecret).equal(payload.SecretCode);
          should(pool.user('ada').mfa.enabled).deepEqual(['SOFTWARE_TOKEN_MFA']);
        });

        it('takes the next code after a wrong one, on the message that Catch got', async () => {
          const { flow, cognito, payload } = await shown(access());
          const code = codeFor(payload);
          const caught = await flow.caught(
            { payload: { code: wrongOf(code) }, cognito },
            'EnableSoftwareTokenMFAException',
          );
          should(caught.error.message).startWith(
            'EnableSoftwareTokenMFAException: Code mismatch and fail enable Software Token MFA.',
          );
          should(caught.payload).deepEqual({});
          await flow.signedIn({ payload: { code }, cognito: caught.cognito });
        });
      });
    }

    it('hands out a secret that every authenticator app can take', async () => {
      const { payload } = await shown();
      should(payload).have.keys('SecretCode', 'OtpauthUri', 'QrDataUrl', 'QrSvg');
      const app = URI.parse(payload.OtpauthUri) as TOTP;
      should(app).be.instanceof(TOTP);
      should(app).match({ issuer: poolId, label: 'ada', algorithm: 'SHA1', digits: 6, period: 30 });
      for (const timestamp of [0, 1_111_111_111_000, Date.now()]) {
        should(app.generate({ timestamp })).equal(currentTotpCode(payload.SecretCode, timestamp));
      }
    });

    it('draws a QR code of the address, with the margin that scanners need', async () => {
      const { payload } = await shown();
      const code = generate(payload.OtpauthUri, { minCorrectionLevel: correction.M });
      const modules = pngModules(payload.QrDataUrl, 6);
      should(modules).have.length(code.size + 8);
      modules.forEach((row, y) => {
        should(row).deepEqual(row.map((_dark, x) => code.get(x - 4, y - 4)));
      });
      const side = code.size + 8;
      should(payload.QrSvg).match(new RegExp(`^<svg [^>]*viewBox="-4 -4 ${side} ${side}" width="${side * 6}"`));
      should(payload.QrSvg).containEql(`<path d="${toSvgPath(code)}" fill="#000"`);
      should(payload.QrSvg).match(/<rect [^>]*fill="#fff"/);
    });

    it('tells the app what the author wants it to show', async () => {
      const { payload } = await shown(pool.serverSide(), {
        settings: {
          ...typed('issuer', 'str', 'Acme Pumps & Co'),
          ...typed('accountName', 'jsonata', '"ada@example.com"'),
        },
      });
      const app = URI.parse(payload.OtpauthUri) as TOTP;
      should(app).match({ issuer: 'Acme Pumps & Co', label: 'ada@example.com' });
      const { pathname } = new URL(payload.OtpauthUri);
      should(pathname).endWith('/Acme%20Pumps%20%26%20Co:ada%40example.com');
    });

    it('gives the device a name only where there is one', async () => {
      const named = await shown(pool.serverSide(), { settings: typed('friendlyDeviceName', 'msg', 'phone') });
      const answer = { payload: { code: codeFor(named.payload) }, phone: 'Adas phone', cognito: named.cognito };
      await named.flow.signedIn(answer);
      should(pool.requests('VerifySoftwareToken')[0]).have.property('FriendlyDeviceName', 'Adas phone');
      should(pool.user('ada').totpDeviceName).equal('Adas phone');
    });

    it('sends no empty name', async () => {
      const { flow, cognito, payload } = await shown();
      await flow.signedIn({ payload: { code: codeFor(payload) }, cognito });
      should(pool.requests('VerifySoftwareToken')[0]).have.keys('Session', 'UserCode');
      should(Object.keys(pool.requests('VerifySoftwareToken')[0]!)).have.length(2);
    });

    it('carries the session on, and never the secret', async () => {
      const met = await meet();
      const before = { ...(met.cognito as { session: string; issuedAt: number }) };
      const flow = await settingUp(pool.serverSide());
      const msg = await flow.leaves('port 3', { ...met, extra: 'kept' });
      const { SecretCode } = shownBy(msg);
      should(msg.extra).equal('kept');
      should(msg.cognito).match({ challengeName: 'MFA_SETUP', username: 'ada', userPoolId: poolId });
      should(msg.cognito).not.have.property('session', before.session);
      should(JSON.parse(JSON.stringify(msg.cognito))).deepEqual(msg.cognito);
      should(inspect(msg.cognito, { depth: Infinity })).not.containEql(SecretCode);
    });

    it('can be answered by another node, after a redeploy, with what went through JSON', async () => {
      const { cognito, payload } = await shown();
      const stored = JSON.stringify(cognito);
      const flow = await settingUp(pool.serverSide());
      await flow.signedIn({ payload: { code: codeFor(payload) }, cognito: JSON.parse(stored) as unknown });
    });

    it('gives out another secret when asked again, which alone is good then', async () => {
      const { flow, cognito, payload } = await shown();
      const again = await flow.leaves('port 3', { payload: {}, cognito });
      should(shownBy(again).SecretCode).not.equal(payload.SecretCode);
      const { cognito: newer } = again;
      await flow.caught({ payload: { code: codeFor(payload) }, cognito: newer }, 'EnableSoftwareTokenMFAException');
      await flow.signedIn({ payload: { code: codeFor(shownBy(again)) }, cognito: newer });
    });

    it('sends what every answer can carry with the answer to MFA_SETUP', async () => {
      const { flow, cognito, payload } = await shown(pool.serverSide(), {
        settings: {
          ...typed('clientMetadata', 'json', '{"origin":"test"}'),
          ...typed('extraParameters', 'msg', 'extra'),
        },
      });
      await flow.signedIn({ payload: { code: codeFor(payload) }, cognito, extra: { DEVICE_NAME: 'x' } });
      should(pool.requests('AdminRespondToAuthChallenge')[0]).match({
        ChallengeName: 'MFA_SETUP',
        ClientMetadata: { origin: 'test' },
        ChallengeResponses: { USERNAME: 'ada', SECRET_HASH: /./, DEVICE_NAME: 'x' },
      });
    });

    it('shows in its status what it waits for', async () => {
      const { flow } = await shown();
      while (flow.statuses.at(-1)?.text !== 'showQr') await flow.nextStatus();
      should(flow.statuses.at(-1)).match({ fill: 'yellow', shape: 'ring' });
    });

    describe('refuses in Cognito’s words', () => {
      it('a code before a QR code was made', async () => {
        const { cognito } = await meet();
        const flow = await settingUp(pool.serverSide());
        const { error } = await flow.caught({ payload: { code: '123456' }, cognito }, 'InvalidParameterException');
        should(error.cause).have.property('message', 'Software token has not been associated');
      });

      it('the session of before the QR code', async () => {
        const met = await meet();
        const early = { ...(met.cognito as object) };
        const flow = await settingUp(pool.serverSide());
        const { payload } = await flow.leaves('port 3', met);
        const code = codeFor(payload as Shown);
        const { error } = await flow.caught({ payload: { code }, cognito: early }, 'NotAuthorizedException');
        should(error.cause?.message).match(/session can only be used once/);
      });

      it('an answer that was given already', async () => {
        const { flow, cognito, payload } = await shown();
        const code = codeFor(payload);
        await flow.signedIn({ payload: { code }, cognito });
        await flow.caught({ payload: { code }, cognito }, 'NotAuthorizedException');
        await flow.caught({ payload: {}, cognito }, 'NotAuthorizedException');
      });

      it('a session that has expired', async () => {
        const { flow, cognito, payload } = await shown();
        pool.local.clock.advance(4 * 60_000);
        const { error } = await flow.caught({ payload: { code: codeFor(payload) }, cognito }, 'NotAuthorizedException');
        should(error.cause?.message).match(/session is expired/);
      });
    });

    it('is NetworkError, and no refusal, where the answer to the code was lost on its way back', async () => {
      let lost = 0;
      const server = await answerLosingServer(pool.local.endpoint, (operation) => {
        if (operation !== 'VerifySoftwareToken') return false;
        lost += 1;
        return lost === 1;
      });
      try {
        const { cognito, payload } = await shown(pool.clientSide());
        const flow = await settingUp(pool.clientSide({ endpoint: `http://127.0.0.1:${server.port}` }));
        await flow.caught({ payload: { code: codeFor(payload) }, cognito }, 'NetworkError');
        should(lost).equal(2);
      } finally {
        await server.close();
      }
    });

    it('answers only what belongs to its user pool, its app client and its API', async () => {
      const { cognito } = await meet();
      for (const change of [{ userPoolId: otherPoolId }, { clientId: 'another' }, { api: 'client-side' }]) {
        const flow = await settingUp(pool.serverSide());
        const asked = pool.local.requests.length;
        const foreign = { ...(cognito as object), ...change };
        await flow.caught({ payload: {}, cognito: foreign }, 'ChallengeOfAnotherUserPool');
        should(pool.local.requests).have.length(asked);
      }
    });

    it('answers no other challenge', async () => {
      const starting = await SignInFlow.start(pool.serverSide());
      const { cognito } = await starting.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
      const flow = await settingUp(pool.serverSide());
      const { error } = await flow.caught({ payload: { code: '123456' }, cognito }, 'ChallengeUnexpected');
      should(error.cause).match({ field: 'SMS_MFA', expected: 'MFA_SETUP' });
    });

    it('takes no msg.cognito of somebody else', async () => {
      const flow = await settingUp(pool.serverSide());
      const msg = await flow.caught({ payload: { code: '123456' }, cognito: { broken: true } }, 'SignInStateInvalid');
      should(msg.payload).deepEqual({});
    });

    describe('a kind of MFA', () => {
      for (const choice of ['SMS_MFA', 'EMAIL_OTP']) {
        it(`that is not offered is told apart: ${choice}`, async () => {
          const { cognito, payload } = await meet();
          const asked = pool.local.requests.length;
          const { ChallengeParameters } = payload as { ChallengeParameters: { MFAS_CAN_SETUP: string } };
          const withoutEmail = '["SOFTWARE_TOKEN_MFA"]';
          const state = cognito as { challengeParameters: object };
          const challengeParameters = { ...ChallengeParameters, MFAS_CAN_SETUP: withoutEmail };
          const flow = await settingUp(pool.serverSide());
          const { error } = await flow.caught(
            { payload: { choice, email: 'ada@example.com' }, cognito: { ...state, challengeParameters } },
            'MfaSetupImpossible',
          );
          should(error.cause).match({ field: choice, expected: withoutEmail });
          should(pool.local.requests).have.length(asked);
        });
      }

      it('by SMS can’t be set up even where it is offered', async () => {
        const { cognito } = await meet();
        const challengeParameters = { MFAS_CAN_SETUP: '["SMS_MFA","SOFTWARE_TOKEN_MFA"]' };
        const flow = await settingUp(pool.serverSide(), { settings: typed('choice', 'str', 'SMS_MFA') });
        await flow.caught(
          { payload: {}, cognito: { ...(cognito as object), challengeParameters } },
          'MfaSetupImpossible',
        );
      });

      it('that nobody knows is refused by the names of those that there are', async () => {
        const { cognito } = await meet();
        const flow = await settingUp(pool.serverSide());
        const { error } = await flow.caught({ payload: { choice: 'RETINA_SCAN' }, cognito }, 'InputInvalid');
        should(error.cause).match({ field: 'choice', expected: 'SOFTWARE_TOKEN_MFA, SMS_MFA, EMAIL_OTP' });
      });

      it('by e-mail needs an address', async () => {
        const { cognito } = await meet();
        const challengeParameters = { MFAS_CAN_SETUP: '["EMAIL_OTP"]' };
        const flow = await settingUp(pool.serverSide(), { settings: typed('choice', 'choice', 'EMAIL_OTP') });
        const { error } = await flow.caught(
          { payload: { code: '123456' }, cognito: { ...(cognito as object), challengeParameters } },
          'InputMissing',
        );
        should(error.cause).have.property('field', 'email');
      });
    });
  });
});
