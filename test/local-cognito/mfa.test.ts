import { AssociateSoftwareTokenCommand } from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { changedPool, MINUTE, PASSWORD, Practice, refused, secretHash } from './support';

describe('the second factor', () => {
  const practice = new Practice();
  const totp = (username: string, shift = 0) =>
    currentTotpCode(practice.user(username).totpSecret!, practice.local.clock.now() + shift);

  describe('SOFTWARE_TOKEN_MFA', () => {
    const answer = async (code: string, session?: string) =>
      practice.answer(
        'SOFTWARE_TOKEN_MFA',
        { USERNAME: 'gateway', SOFTWARE_TOKEN_MFA_CODE: code },
        session ?? (await practice.password('gateway')).Session,
      );

    beforeEach(() => {
      // The middle of a step, so that no code changes under a test.
      practice.local.clock.set(Date.UTC(2030, 0, 1, 8, 0, 15));
    });

    it('names the authenticator app', async () => {
      const { ChallengeName, ChallengeParameters, Session } = await practice.password('gateway');
      should(ChallengeName).equal('SOFTWARE_TOKEN_MFA');
      should(ChallengeParameters).deepEqual({ USER_ID_FOR_SRP: 'gateway', FRIENDLY_DEVICE_NAME: 'Gateway' });
      should(Session!.length).be.within(1400, 2048);
    });

    for (const [when, shift] of [
      ['now', 0],
      ['the step before', -30_000],
      ['the step after', 30_000],
    ] as const) {
      it(`accepts the code of ${when}`, async () => {
        should((await answer(totp('gateway', shift))).AuthenticationResult).have.property('AccessToken');
      });
    }

    for (const shift of [-60_000, 60_000]) {
      it(`refuses a code ${shift / 1000} s away`, async () => {
        await refused(answer(totp('gateway', shift)), 'CodeMismatchException', 'Invalid code received for user');
      });
    }

    it('refuses a used code, but takes the next', async () => {
      const code = totp('gateway');
      await answer(code);
      await refused(answer(code), 'ExpiredCodeException', 'Your software token has already been used once.');
      practice.local.clock.advance(30_000);
      should((await answer(totp('gateway'))).AuthenticationResult).have.property('AccessToken');
    });

    it('keeps the session through six wrong codes', async () => {
      const { Session } = await practice.password('gateway');
      const wrong = totp('gateway') === '000000' ? '111111' : '000000';
      for (let count = 0; count < 6; count += 1) {
        await refused(answer(wrong, Session), 'CodeMismatchException', 'Invalid code received for user');
      }
      should((await answer(totp('gateway'), Session)).AuthenticationResult).have.property('AccessToken');
    });

    for (const code of ['1', 'abcdef', '0000000']) {
      it(`refuses ${code} as no code at all`, () =>
        refused(answer(code), 'CodeMismatchException', 'Invalid code received for user'));
    }

    it('comes after an SRP proof too', async () => {
      practice.local.clock.reset();
      should((await practice.srp('gateway')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    });
  });

  describe('SMS_MFA', () => {
    it('sends six digits and shows the end of the number', async () => {
      const { ChallengeName, ChallengeParameters, Session } = await practice.password('sam');
      should(ChallengeName).equal('SMS_MFA');
      should(ChallengeParameters).deepEqual({
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+*******0188',
        USER_ID_FOR_SRP: 'sam',
      });
      const message = practice.local.outbox.latest('sam')!;
      should(message).match({ medium: 'SMS', destination: '+12025550188', code: /^\d{6}$/ });
      const { AuthenticationResult } = await practice.answer(
        'SMS_MFA',
        { USERNAME: 'sam', SMS_MFA_CODE: message.code },
        Session,
      );
      should(AuthenticationResult).have.property('AccessToken');
    });

    it('refuses a wrong code and keeps the session', async () => {
      const { Session } = await practice.password('sam');
      const code = practice.codeOf('sam');
      const wrong = code === '000000' ? '111111' : '000000';
      await refused(
        practice.answer('SMS_MFA', { USERNAME: 'sam', SMS_MFA_CODE: wrong }, Session),
        'CodeMismatchException',
        'Invalid code or auth state for the user.',
      );
      should(
        (await practice.answer('SMS_MFA', { USERNAME: 'sam', SMS_MFA_CODE: code }, Session)).AuthenticationResult,
      ).have.property('AccessToken');
    });

    it('refuses the code of another sign-in', async () => {
      await practice.password('sam');
      const stale = practice.codeOf('sam');
      let next = await practice.password('sam');
      while (practice.codeOf('sam') === stale) next = await practice.password('sam');
      await refused(
        practice.answer('SMS_MFA', { USERNAME: 'sam', SMS_MFA_CODE: stale }, next.Session),
        'CodeMismatchException',
        'Invalid code or auth state for the user.',
      );
    });

    it('asks for a missing code', async () => {
      const { Session } = await practice.password('sam');
      await refused(
        practice.answer('SMS_MFA', { USERNAME: 'sam' }, Session),
        'InvalidParameterException',
        'Missing required parameter SMS_MFA_CODE',
      );
    });
  });

  it('EMAIL_OTP sends eight digits and shows the initials of the address', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await practice.adminPassword('emma');
    should(ChallengeName).equal('EMAIL_OTP');
    should(ChallengeParameters).match({
      CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
      CODE_DELIVERY_DESTINATION: 'e***@e***',
    });
    const code = practice.codeOf('emma');
    should(code).match(/^\d{8}$/);
    const answer = (EMAIL_OTP_CODE: string) =>
      practice.adminAnswer('EMAIL_OTP', { USERNAME: 'emma', SECRET_HASH: secretHash('emma'), EMAIL_OTP_CODE }, Session);
    const wrong = code === '00000000' ? '11111111' : '00000000';
    await refused(answer(wrong), 'CodeMismatchException', 'Invalid code or auth state for the user.');
    const { AuthenticationResult } = await answer(code);
    should(AuthenticationResult).have.property('AccessToken');
  });

  describe('SELECT_MFA_TYPE', () => {
    const choose = async (ANSWER: string) =>
      practice.answer('SELECT_MFA_TYPE', { USERNAME: 'lin', ANSWER }, (await practice.password('lin')).Session);

    it('offers what the user has, as a JSON string', async () => {
      const { ChallengeName, ChallengeParameters } = await practice.password('lin');
      should(ChallengeName).equal('SELECT_MFA_TYPE');
      should(JSON.parse(ChallengeParameters!.MFAS_CAN_CHOOSE!)).deepEqual([
        'SMS_MFA',
        'SOFTWARE_TOKEN_MFA',
        'EMAIL_OTP',
      ]);
    });

    it('goes on to the chosen one', async () => {
      const sms = await choose('SMS_MFA');
      should(sms.ChallengeName).equal('SMS_MFA');
      await practice.answer('SMS_MFA', { USERNAME: 'lin', SMS_MFA_CODE: practice.codeOf('lin') }, sms.Session);
      const email = await choose('EMAIL_OTP');
      should(email.ChallengeName).equal('EMAIL_OTP');
      await practice.answer('EMAIL_OTP', { USERNAME: 'lin', EMAIL_OTP_CODE: practice.codeOf('lin') }, email.Session);
      const app = await choose('SOFTWARE_TOKEN_MFA');
      should(app.ChallengeName).equal('SOFTWARE_TOKEN_MFA');
      const { AuthenticationResult } = await practice.answer(
        'SOFTWARE_TOKEN_MFA',
        { USERNAME: 'lin', SOFTWARE_TOKEN_MFA_CODE: totp('lin') },
        app.Session,
      );
      should(AuthenticationResult).have.property('AccessToken');
    });

    it('refuses what was not offered', () =>
      refused(choose('SMS'), 'InvalidParameterException', 'ANSWER is not one of the offered MFA types'));

    it('is spared a user with a preference', async () => {
      practice.user('lin').mfa.preferred = 'EMAIL_OTP';
      should((await practice.password('lin')).ChallengeName).equal('EMAIL_OTP');
    });
  });
});

describe('a pool that demands a second factor', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.mfaConfiguration = 'ON';
    }),
  );

  it('meets a user without one with MFA_SETUP, and refuses an answer without a registered app', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await practice.password('ada');
    should(ChallengeName).equal('MFA_SETUP');
    should(ChallengeParameters).have.property('MFAS_CAN_SETUP', '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]');
    await refused(
      practice.answer('MFA_SETUP', { USERNAME: 'ada' }, Session),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
    );
  });
});

describe('setting up e-mail as the second factor', () => {
  const POOL2 = 'us-east-1_Practice2';
  const CLIENT = 'practicedeviceclient';
  const MFA_CLIENT = 'practicemfaclient';
  const practice = new Practice();
  const nora = () => practice.local.user(POOL2, 'nora');
  const start = () => practice.start('USER_PASSWORD_AUTH', { USERNAME: 'nora', PASSWORD }, CLIENT);
  const setUp = (Session?: string, EMAIL = 'nora@work.example') =>
    practice.answer('MFA_SETUP', { USERNAME: 'nora', EMAIL }, Session, CLIENT);
  const answer = (Session?: string, EMAIL_OTP_CODE = practice.codeOf('nora')) =>
    practice.answer('EMAIL_OTP', { USERNAME: 'nora', EMAIL_OTP_CODE }, Session, CLIENT);
  const BOGUS = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
  const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const;

  it('sends a code to the address, and the right one turns it on and signs in', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await start();
    should(ChallengeName).equal('MFA_SETUP');
    should(ChallengeParameters).have.property('MFAS_CAN_SETUP', '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]');
    const next = await setUp(Session);
    should(next).match({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'n***@w***' },
    });
    should(practice.local.outbox.latest('nora')).match({ destination: 'nora@work.example', userPoolId: POOL2 });
    should(nora().attributes).have.property('email', 'nora@example.com');
    const code = practice.codeOf('nora');
    const wrong = code === '00000000' ? '11111111' : '00000000';
    await refused(answer(next.Session, wrong), 'CodeMismatchException', 'Invalid code or auth state for the user.');
    should(nora().mfa.enabled).be.empty();
    should((await answer(next.Session)).AuthenticationResult).have.property('AccessToken');
    should(nora().attributes).match({ email: 'nora@work.example', email_verified: 'true' });
    should(nora().mfa).deepEqual({ enabled: ['EMAIL_OTP'], preferred: 'EMAIL_OTP' });
    should((await start()).ChallengeName).equal('EMAIL_OTP');
    await refused(answer(next.Session, code), ...USED);
    await refused(setUp(Session), ...USED);
  });

  it('works server-side', async () => {
    const SECRET_HASH = secretHash('nora', MFA_CLIENT);
    const names = { USERNAME: 'nora', SECRET_HASH };
    const { Session } = await practice.adminStart(
      'ADMIN_USER_PASSWORD_AUTH',
      { ...names, PASSWORD },
      MFA_CLIENT,
      POOL2,
    );
    const next = await practice.adminAnswer(
      'MFA_SETUP',
      { ...names, EMAIL: 'nora@example.com' },
      Session,
      MFA_CLIENT,
      POOL2,
    );
    const { AuthenticationResult } = await practice.adminAnswer(
      'EMAIL_OTP',
      { ...names, EMAIL_OTP_CODE: practice.codeOf('nora') },
      next.Session,
      MFA_CLIENT,
      POOL2,
    );
    should(AuthenticationResult).have.property('AccessToken');
  });

  it('refuses what is no address, and another user’s, and keeps the session', async () => {
    const { Session } = await start();
    const tooLong = `nora@${'long.'.repeat(500)}example`;
    for (const address of ['nora', 'nora@example', 'nora@.example', 'nora@example..com', tooLong]) {
      await refused(setUp(Session, address), 'InvalidParameterException', 'Invalid email address format.');
    }
    await refused(
      setUp(Session, 'station@example.com'),
      'AliasExistsException',
      'An account with the email already exists.',
    );
    await refused(
      setUp(Session, ''),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
    );
    should(practice.local.outbox.messages).be.empty();
    should((await setUp(Session)).ChallengeName).equal('EMAIL_OTP');
  });

  it('is open to the first sign-in that enrols', async () => {
    const [first, second, third] = [await start(), await start(), await start()];
    const late = await setUp(second.Session);
    const lateCode = practice.codeOf('nora');
    const { Session } = await setUp(first.Session, 'nora@home.example');
    await answer(Session);
    await refused(answer(late.Session, lateCode), ...BOGUS);
    await refused(setUp(third.Session), ...BOGUS);
    should(nora().attributes).have.property('email', 'nora@home.example');
  });

  it('is possible still after a TOTP secret was given out', async () => {
    const { Session } = await start();
    const associated = await practice.sdk.send(new AssociateSoftwareTokenCommand({ Session }));
    await refused(setUp(Session), ...USED);
    should((await setUp(associated.Session)).ChallengeName).equal('EMAIL_OTP');
  });

  it('ends with the session', async () => {
    const { Session } = await setUp((await start()).Session);
    practice.local.clock.advance(3 * MINUTE);
    await refused(answer(Session), 'NotAuthorizedException', 'Invalid session for the user, session is expired.');
  });
});

describe('a pool that offers no e-mail as second factor', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.mfaConfiguration = 'ON';
      pool.enabledMfas = ['SOFTWARE_TOKEN_MFA'];
    }),
  );

  it('sets none up', async () => {
    const { Session } = await practice.password('ada');
    await refused(
      practice.answer('MFA_SETUP', { USERNAME: 'ada', EMAIL: 'ada@example.com' }, Session),
      'InvalidParameterException',
      'EMAIL_OTP is not enabled for the user pool',
    );
  });
});

describe('a pool without a second factor', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.mfaConfiguration = 'OFF';
    }),
  );

  it('asks nobody for one', async () => {
    should((await practice.password('sam')).AuthenticationResult).have.property('AccessToken');
    should(practice.local.outbox.messages).be.empty();
  });
});
