import { AssociateSoftwareTokenCommand, VerifySoftwareTokenCommand } from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { changedPool, MINUTE, Practice, refused, secretHash } from './support';

describe('registering an authenticator app', () => {
  describe('by a signed-in user', () => {
    const practice = new Practice();
    const accessToken = async () => (await practice.password('ada')).AuthenticationResult!.AccessToken!;
    const associate = (AccessToken: string) => practice.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const verify = (AccessToken: string, UserCode: string) =>
      practice.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode, FriendlyDeviceName: "Ada's phone" }));

    beforeEach(() => {
      practice.local.clock.set(Date.UTC(2030, 0, 1, 8, 0, 15));
    });

    it('gives out a secret and takes its first code, which then is used', async () => {
      const token = await accessToken();
      const { SecretCode } = await associate(token);
      should(SecretCode).match(/^[A-Z2-7]{32}$/);
      const code = currentTotpCode(SecretCode!, practice.local.clock.now());
      should((await verify(token, code)).Status).equal('SUCCESS');
      practice.user('ada').mfa.enabled = ['SOFTWARE_TOKEN_MFA'];
      const { ChallengeParameters, Session } = await practice.password('ada');
      should(ChallengeParameters).have.property('FRIENDLY_DEVICE_NAME', "Ada's phone");
      const answer = (SOFTWARE_TOKEN_MFA_CODE: string) =>
        practice.answer('SOFTWARE_TOKEN_MFA', { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE }, Session);
      await refused(answer(code), 'ExpiredCodeException', 'Your software token has already been used once.');
      practice.local.clock.advance(30_000);
      should(
        (await answer(currentTotpCode(SecretCode!, practice.local.clock.now()))).AuthenticationResult,
      ).have.property('AccessToken');
    });

    it('refuses a wrong first code', async () => {
      const token = await accessToken();
      const { SecretCode } = await associate(token);
      const wrong = currentTotpCode(SecretCode!, practice.local.clock.now()) === '000000' ? '111111' : '000000';
      await refused(
        verify(token, wrong),
        'EnableSoftwareTokenMFAException',
        'Code mismatch and fail enable Software Token MFA',
      );
    });

    it('refuses a code of no secret, a code of letters, and a request with neither token nor session', async () => {
      const token = await accessToken();
      await refused(verify(token, '123456'), 'InvalidParameterException', 'Software token has not been associated');
      await refused(
        verify(token, 'abcdef'),
        'InvalidParameterException',
        "1 validation error detected: Value at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+",
      );
      await refused(
        practice.sdk.send(new AssociateSoftwareTokenCommand({})),
        'InvalidParameterException',
        'Missing required parameter Session',
      );
    });
  });

  describe('inside MFA_SETUP', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.mfaConfiguration = 'ON';
      }),
    );
    const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const;
    const BOGUS = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
    const start = async () => (await practice.password('ada')).Session;
    const associate = (Session?: string) => practice.sdk.send(new AssociateSoftwareTokenCommand({ Session }));
    const verify = (secret: string, Session?: string) => {
      const UserCode = currentTotpCode(secret, practice.local.clock.now());
      return practice.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode }));
    };

    it('takes the code of a secret that the same session was given', async () => {
      const [session, other] = [await start(), await start()];
      const { SecretCode } = await associate(session);
      await refused(verify(SecretCode!, other), 'InvalidParameterException', 'Software token has not been associated');
      const associated = await associate(other);
      await refused(
        verify(SecretCode!, associated.Session),
        'EnableSoftwareTokenMFAException',
        'Code mismatch and fail enable Software Token MFA',
      );
      should((await verify(associated.SecretCode!, associated.Session)).Status).equal('SUCCESS');
    });

    it('is open to the first sign-in that enrols, not to older ones', async () => {
      const [early, late, first] = [await start(), await start(), await start()];
      const associated = await associate(late);
      const { SecretCode, Session } = await associate(first);
      const verified = await verify(SecretCode!, Session);
      await refused(associate(early), ...BOGUS);
      await refused(verify(associated.SecretCode!, associated.Session), ...BOGUS);
      await refused(associate(verified.Session), ...BOGUS);
      should(practice.user('ada').totpSecret).equal(SecretCode);
      should(
        (await practice.answer('MFA_SETUP', { USERNAME: 'ada' }, verified.Session)).AuthenticationResult,
      ).have.property('AccessToken');
    });

    for (const [api, signIn, answer] of [
      [
        'client-side',
        () => practice.password('ada'),
        (Session?: string) => practice.answer('MFA_SETUP', { USERNAME: 'ada' }, Session),
      ],
      [
        'server-side',
        () => practice.adminPassword('ada'),
        (Session?: string) =>
          practice.adminAnswer('MFA_SETUP', { USERNAME: 'ada', SECRET_HASH: secretHash('ada') }, Session),
      ],
    ] as const) {
      it(`takes each step once and in its order, ${api}`, async () => {
        const started = await signIn();
        await refused(
          verify('PRACTICEADATOTPSECRET234567ABCDE', started.Session),
          'InvalidParameterException',
          'Software token has not been associated',
        );
        const { SecretCode, Session } = await associate(started.Session);
        for (const step of [associate, answer]) await refused(step(started.Session), ...USED);
        await refused(
          answer(Session),
          'InvalidParameterException',
          'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
        );
        const verified = await verify(SecretCode!, Session);
        for (const step of [answer, associate, (session?: string) => verify(SecretCode!, session)]) {
          await refused(step(Session), ...USED);
        }
        await refused(verify(SecretCode!, verified.Session), ...BOGUS);
        should((await answer(verified.Session)).AuthenticationResult).have.property('AccessToken');
        await refused(answer(verified.Session), ...USED);
      });
    }

    it('gives out another secret where one is asked for again, and only that one counts', async () => {
      const first = await associate(await start());
      const second = await associate(first.Session);
      await refused(
        verify(first.SecretCode!, second.Session),
        'EnableSoftwareTokenMFAException',
        'Code mismatch and fail enable Software Token MFA',
      );
      should((await verify(second.SecretCode!, second.Session)).Status).equal('SUCCESS');
    });

    it('ends with the session, at each step', async () => {
      const EXPIRED = ['NotAuthorizedException', 'Invalid session for the user, session is expired.'] as const;
      const expire = () => {
        practice.local.clock.advance(3 * MINUTE);
      };
      const session = await start();
      expire();
      await refused(associate(session), ...EXPIRED);
      const associated = await associate(await start());
      expire();
      await refused(verify(associated.SecretCode!, associated.Session), ...EXPIRED);
      const { SecretCode, Session } = await associate(await start());
      const verified = await verify(SecretCode!, Session);
      expire();
      await refused(practice.answer('MFA_SETUP', { USERNAME: 'ada' }, verified.Session), ...EXPIRED);
    });

    it('is closed to a user who has been disabled', async () => {
      const { Session } = await associate(await start());
      practice.user('ada').enabled = false;
      await refused(associate(Session), 'NotAuthorizedException', 'User is disabled.');
    });

    it('hands the session on from step to step, and ends with tokens', async () => {
      const start = await practice.adminPassword('ada');
      const associated = await practice.sdk.send(new AssociateSoftwareTokenCommand({ Session: start.Session }));
      const UserCode = currentTotpCode(associated.SecretCode!, practice.local.clock.now());
      const verified = await practice.sdk.send(
        new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode }),
      );
      should(verified.Status).equal('SUCCESS');
      const names = { USERNAME: 'ada', SECRET_HASH: secretHash('ada') };
      await refused(
        practice.adminAnswer('MFA_SETUP', names, start.Session),
        'NotAuthorizedException',
        'Invalid session for the user, session can only be used once.',
      );
      should((await practice.adminAnswer('MFA_SETUP', names, verified.Session)).AuthenticationResult).have.property(
        'AccessToken',
      );
      should((await practice.adminPassword('ada')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    });
  });

  describe('in a pool without TOTP', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.enabledMfas = ['SMS_MFA'];
      }),
    );

    it('is refused', async () => {
      const { AuthenticationResult } = await practice.password('ada');
      await refused(
        practice.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken: AuthenticationResult!.AccessToken })),
        'SoftwareTokenMFANotFoundException',
        'Software Token MFA has not been enabled by the userPool',
      );
    });
  });
});
