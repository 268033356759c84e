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

    for (const [name, text] of Object.entries({ 'too long': 'a'.repeat(701), 'half a character': '\ud800' })) {
      for (const field of ['issuer', 'accountName']) {
        it(`refuses an ${field} that is ${name} before a secret is given out`, async () => {
          const met = await meet();
          const flow = await settingUp(pool.serverSide(), { settings: typed(field, 'msg', 'label') });
          const { error, cognito } = await flow.caught({ ...met, label: text }, 'InputInvalid');
          should(error.cause).have.property('field', field);
          should(pool.requests('AssociateSoftwareToken')).be.empty();
          should(cognito).deepEqual(met.cognito);
        });
      }
    }

    it('goes on with the app that is proven when the answer that follows has failed', async () => {
      const { flow, cognito, payload } = await shown();
      const code = codeFor(payload);
      pool.local.faults.inject({ operation: 'AdminRespondToAuthChallenge', exception: 'InternalErrorException' });
      const caught = await flow.caught({ payload: { code }, cognito }, 'InternalErrorException');
      pool.local.faults.clear();
      await flow.signedIn({ payload: {}, cognito: caught.cognito });
      should(pool.requests('VerifySoftwareToken')).have.length(1);
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

      for (const [name, access] of Object.entries(accessesOf(pool))) {
        it(`by e-mail is set up by an address alone, and proven by respond to challenge, ${name}`, async () => {
          const { cognito } = await meet(access());
          const flow = await settingUp(access(), { answer: {} });
          const met = await flow.challenged({ payload: { email: 'ada@new.example' }, cognito }, 'EMAIL_OTP');
          const { by, msg } = await flow.answer({ payload: { code: pool.codeOf('ada') }, cognito: met.cognito });
          should(by).equal('port 1');
          should(msg.cognito).match({ username: 'ada', claims: { email: 'ada@new.example' } });
          should(pool.user('ada').mfa.enabled).deepEqual(['EMAIL_OTP']);
        });
      }

      it('by e-mail may be chosen in the node', async () => {
        const { cognito } = await meet();
        const flow = await settingUp(pool.serverSide(), { settings: typed('choice', 'choice', 'EMAIL_OTP') });
        await flow.challenged({ payload: { email: 'ada@new.example', code: '123456' }, cognito }, 'EMAIL_OTP');
        should(pool.lastRequest.ChallengeResponses).match({ USERNAME: 'ada', EMAIL: 'ada@new.example' });
      });

      it('that is chosen comes before an address: an authenticator app', async () => {
        const { cognito } = await meet();
        const flow = await settingUp(pool.serverSide());
        const choice = 'SOFTWARE_TOKEN_MFA';
        const shownToo = await flow.leaves('port 3', { payload: { choice, email: 'ada@new.example' }, cognito });
        const payload = { choice, email: 'ada@new.example', code: codeFor(shownBy(shownToo)) };
        await flow.signedIn({ payload, cognito: shownToo.cognito });
        should(pool.lastRequest.ChallengeResponses).not.have.property('EMAIL');
      });
    });
  });

  describe('inside the sign-in of a gateway that remembers its device', () => {
    const deviceConfiguration = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true };
    const pool = new TestPool(changed({ mfaConfiguration: 'ON', deviceConfiguration }));
    stopFlowAfterEach();

    it('keeps the device, off the message, so that the next sign-in needs no code', async () => {
      const flow = await SignInFlow.start({
        ...pool.clientSide({}, { encryptionKey: 'words that only this test knows' }),
        settings: { keepDevice: true, ...typed('username', 'str', 'ada'), ...typed('password', 'cred') },
        credentials: { password },
        answer: { type: 'cognito-mfa-setup' },
      });
      const { msg } = await flow.answer(await flow.challenged({}, 'MFA_SETUP'));
      const code = currentTotpCode(shownBy(msg).SecretCode, pool.local.clock.now());
      const done = await flow.answer({ payload: { code }, cognito: msg.cognito });
      should(done.by).equal('port 1', done.msg.error?.message);
      should(done.msg.payload).have.property('NewDeviceMetadata').with.not.property('DevicePassword');
      should(pool.user('ada').devices).have.length(1);
      await flow.signedIn({});
    });
  });

  describe('for a signed-in user', () => {
    const pool = new TestPool();
    stopFlowAfterEach();

    const codeFor = ({ SecretCode }: Shown) => currentTotpCode(SecretCode, pool.local.clock.now());

    async function tokenOf(access: Access = pool.serverSide(), username = 'ada'): Promise<string> {
      const flow = await SignInFlow.start(access);
      const { payload } = await flow.signedIn({ payload: { username, password } });
      return (payload as { AccessToken: string }).AccessToken;
    }

    for (const [name, access] of Object.entries(accessesOf(pool))) {
      it(`shows a QR code, and turns the app on that scanned it, ${name}`, async () => {
        const AccessToken = await tokenOf(access());
        const flow = await settingUp(access());
        const payload = shownBy(await flow.leaves('port 3', { payload: { AccessToken } }));
        should((URI.parse(payload.OtpauthUri) as TOTP).label).equal('ada');
        const done = await flow.leaves('port 1', { payload: { AccessToken, code: codeFor(payload) } });
        should(done.payload).deepEqual({});
        should(pool.user('ada')).match({
          totpSecret: payload.SecretCode,
          mfa: { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' },
        });
        const later = await SignInFlow.start(access());
        await later.challenged({ payload: { username: 'ada', password } }, 'SOFTWARE_TOKEN_MFA');
      });
    }

    it('works right behind a sign-in, whose msg.cognito passes through', async () => {
      const signingIn = await SignInFlow.start(pool.serverSide());
      const signedIn = await signingIn.signedIn({ payload: { username: 'ada', password } });
      const flow = await settingUp(pool.serverSide());
      const { cognito } = signedIn;
      const msg = await flow.leaves('port 3', { ...signedIn, topic: 'kept' });
      should(msg).match({ topic: 'kept', cognito });
      should(msg.payload).have.keys('SecretCode', 'OtpauthUri', 'QrDataUrl', 'QrSvg');
    });

    it('takes the next code after a wrong one', async () => {
      const AccessToken = await tokenOf();
      const flow = await settingUp(pool.serverSide());
      const payload = shownBy(await flow.leaves('port 3', { payload: { AccessToken } }));
      const code = codeFor(payload);
      await flow.caught({ payload: { AccessToken, code: wrongOf(code) } }, 'EnableSoftwareTokenMFAException');
      await flow.leaves('port 1', { payload: { AccessToken, code } });
    });

    for (const [choice, username] of [
      ['SMS_MFA', 'lin'],
      ['EMAIL_OTP', 'ada'],
    ] as const) {
      it(`turns ${choice} on, and prefers it`, async () => {
        pool.user(username).mfa = { enabled: [] };
        const AccessToken = await tokenOf(pool.serverSide(), username);
        const flow = await settingUp(pool.serverSide());
        const { payload } = await flow.leaves('port 1', { payload: { AccessToken, choice } });
        should(payload).deepEqual({});
        should(pool.user(username).mfa).deepEqual({ enabled: [choice], preferred: choice });
        while (flow.statuses.at(-1)?.text !== 'enrolled') await flow.nextStatus();
        should(flow.statuses.at(-1)).match({ fill: 'green', shape: 'dot' });
      });
    }

    it('leaves it to the user what to prefer, where the author says so', async () => {
      pool.user('lin').mfa = { enabled: [] };
      const AccessToken = await tokenOf(pool.serverSide(), 'lin');
      const flow = await settingUp(pool.serverSide(), {
        settings: { preferred: false, ...typed('choice', 'jsonata', 'payload.kind') },
      });
      await flow.leaves('port 1', { payload: { AccessToken, kind: 'SMS_MFA' } });
      await flow.leaves('port 1', { payload: { AccessToken, kind: 'EMAIL_OTP' } });
      should(pool.user('lin').mfa.enabled).deepEqual(['SMS_MFA', 'EMAIL_OTP']);
      should(pool.user('lin').mfa.preferred).be.undefined();
      should(pool.requests('SetUserMFAPreference')[0]).deepEqual({
        AccessToken,
        SMSMfaSettings: { Enabled: true, PreferredMfa: false },
      });
    });

    it('takes an address for no choice', async () => {
      const AccessToken = await tokenOf();
      const flow = await settingUp(pool.serverSide());
      await flow.leaves('port 3', { payload: { AccessToken, email: 'ada@new.example' } });
    });

    it('erases the access token and the code from the message, the request’s body included', async () => {
      const AccessToken = await tokenOf();
      const flow = await settingUp(pool.serverSide());
      const first = { AccessToken, extra: 'kept' };
      const shownTo = await flow.leaves('port 3', { payload: first, req: { body: first } });
      should(first).deepEqual({ extra: 'kept' });
      const code = codeFor(shownBy(shownTo));
      const failing = { AccessToken, code: wrongOf(code), extra: 'kept' };
      const msg = await flow.caught({ payload: failing, req: { body: failing } }, 'EnableSoftwareTokenMFAException');
      should(failing).deepEqual({ extra: 'kept' });
      should(msg.payload).deepEqual({ extra: 'kept' });
    });

    it('keeps the secret and the code to the payload of port 3', async () => {
      const AccessToken = await tokenOf();
      const flow = await settingUp(pool.serverSide());
      const shownTo = await flow.leaves('port 3', { payload: { AccessToken } });
      const { SecretCode } = shownBy(shownTo);
      const code = codeFor(shownBy(shownTo));
      await flow.caught({ payload: { AccessToken, code: wrongOf(code) } }, 'EnableSoftwareTokenMFAException');
      await flow.leaves('port 1', { payload: { AccessToken, code } });
      await flow.caught({ payload: { AccessToken, code } }, 'InvalidParameterException');
      const seen = [
        flow.logged,
        flow.statuses,
        ...flow.nodes,
        flow.arrivals.map(({ by, msg }) => (by === 'port 3' ? { ...msg, payload: undefined } : msg)),
      ];
      const text = inspect(seen, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity });
      for (const secret of [SecretCode, AccessToken]) should(text).not.containEql(secret);
      should(inspect(shownTo)).containEql(SecretCode); // so that the check above is known to find it
      const errors = flow.arrivals.map(({ msg }) => msg.error);
      should(inspect(errors, { depth: Infinity })).not.containEql(code);
    });

    describe('refuses', () => {
      it('a message without an access token, by the name of the field', async () => {
        const flow = await settingUp(pool.serverSide());
        for (const payload of [{}, { code: '123456' }, { choice: 'SMS_MFA' }, 'text']) {
          const { error } = await flow.caught({ payload }, 'InputMissing');
          should(error.cause).have.property('field', 'accessToken');
        }
        should(pool.local.requests).be.empty();
      });

      it('an access token that has expired, in Cognito’s words', async () => {
        const AccessToken = await tokenOf();
        const flow = await settingUp(pool.serverSide());
        pool.local.clock.advance(2 * 3_600_000);
        const { error } = await flow.caught({ payload: { AccessToken } }, 'NotAuthorizedException');
        should(error.cause).have.property('message', 'Access Token has expired');
      });

      it('a code before a QR code was made, in Cognito’s words', async () => {
        const AccessToken = await tokenOf();
        const flow = await settingUp(pool.serverSide());
        await flow.caught({ payload: { AccessToken, code: '123456' } }, 'InvalidParameterException');
      });

      it('SMS for a user without a phone number, in Cognito’s words', async () => {
        const AccessToken = await tokenOf();
        const flow = await settingUp(pool.serverSide());
        const { error } = await flow.caught(
          { payload: { AccessToken, choice: 'SMS_MFA' } },
          'InvalidParameterException',
        );
        should(error.cause?.message).match(/phone_number/);
      });

      it('a kind of MFA that nobody knows', async () => {
        const AccessToken = await tokenOf();
        const flow = await settingUp(pool.serverSide());
        await flow.caught({ payload: { AccessToken, choice: 'RETINA_SCAN' } }, 'InputInvalid');
      });

      it('settings that would put the access token into an exported flow', async () => {
        const flow = await settingUp(pool.serverSide(), { settings: typed('accessToken', 'str', 'eyJ.token') });
        const { error } = await flow.caught({ payload: {} }, 'InputInvalid');
        should(error.cause).have.property('field', 'accessToken');
      });
    });
  });

  describe('in a pool without authenticator apps', () => {
    const pool = new TestPool(changed({ enabledMfas: ['EMAIL_OTP'] }));
    stopFlowAfterEach();

    it('says so, in Cognito’s words', async () => {
      const signingIn = await SignInFlow.start(pool.serverSide());
      const { payload } = await signingIn.signedIn({ payload: { username: 'ada', password } });
      const flow = await settingUp(pool.serverSide());
      await flow.caught({ payload }, 'SoftwareTokenMFANotFoundException');
    });
  });
});
