// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import {
  AdminInitiateAuthCommand,
  ConfirmSignUpCommand,
  type ConfirmSignUpCommandInput,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoUser, CognitoUserAttribute, CognitoUserPool, type ISignUpResult } from 'amazon-cognito-identity-js';
import should from 'should';
import { changedPool, DAY, GATEWAY, MINUTE, PASSWORD, POOL, Practice, refused, secretHash, SERVER } from './support';

type Names = Record<string, string>;

const complete: Names = { email: 'iris@example.com', name: 'Iris' };
const EXPIRED = ['ExpiredCodeException', 'Invalid code provided, please request a code again.'] as const;
const MISMATCH = ['CodeMismatchException', 'Invalid verification code provided, please try again.'] as const;
const NOT_FOUND = ['UserNotFoundException', 'Username/client id combination not found.'] as const;

/** The operations of signing up, by the SDK, at the client without a secret unless told otherwise. */
class SignUps {
  constructor(private readonly practice: Practice) {}

  signUp(Username = 'iris', attributes = complete, more: Partial<SignUpCommandInput> = {}) {
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
    return this.practice.sdk.send(
      new SignUpCommand({ ClientId: GATEWAY, Username, Password: PASSWORD, UserAttributes, ...more }),
    );
  }

  confirm(ConfirmationCode: string, more: Partial<ConfirmSignUpCommandInput> = {}) {
    return this.practice.sdk.send(
      new ConfirmSignUpCommand({ ClientId: GATEWAY, Username: 'iris', ConfirmationCode, ...more }),
    );
  }

  resend(Username = 'iris') {
    return this.practice.sdk.send(new ResendConfirmationCodeCommand({ ClientId: GATEWAY, Username }));
  }
}

/** A code of six digits that is not this one. */
const other = (code: string) => (code === '000000' ? '111111' : '000000');

describe('signing up', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.clients[1]!.preventUserExistenceErrors = 'LEGACY';
      pool.signInPolicy = { allowedFirstAuthFactors: ['PASSWORD', 'SMS_OTP'] };
      for (const client of pool.clients) {
        client.explicitAuthFlows = client.explicitAuthFlows!.filter((name) => name !== 'ALLOW_USER_AUTH');
      }
    }),
  );
  const ups = new SignUps(practice);
  const code = () => practice.codeOf('iris');

  it('makes an unconfirmed user, and sends a code', async () => {
    const { UserConfirmed, UserSub, CodeDeliveryDetails, Session } = await ups.signUp();
    should(UserConfirmed).be.false();
    should(UserSub).equal(practice.user('iris').sub);
    should(CodeDeliveryDetails).deepEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'i***@e***',
    });
    should(Session).be.undefined();
    should(code()).match(/^\d{6}$/);
    should(practice.local.outbox.latest('iris')).match({ medium: 'EMAIL', destination: 'iris@example.com' });
    should(practice.user('iris')).match({
      status: 'UNCONFIRMED',
      attributes: { ...complete, email_verified: 'false' },
    });
    await refused(practice.password('iris'), 'UserNotConfirmedException', 'User is not confirmed.');
  });

  it('is confirmed by the code, after which the user signs in', async () => {
    await ups.signUp();
    should((await ups.confirm(code())).Session).be.undefined();
    should(practice.user('iris')).match({ status: 'CONFIRMED', attributes: { email_verified: 'true' } });
    should((await practice.password('iris')).AuthenticationResult).have.property('AccessToken');
    should((await practice.srp('iris@example.com')).AuthenticationResult).have.property('AccessToken');
  });

  it('is listed with the other users, last', async () => {
    const { local } = practice;
    await ups.signUp();
    should(local.user(POOL, 'IRIS').username).equal('iris');
    await ups.confirm(code());
    const { AuthenticationResult } = await practice.password('iris');
    const { body } = await practice.call('GetUser', { AccessToken: AuthenticationResult!.AccessToken });
    should(body).match({ Username: 'iris' });
  });

  describe('with a code', () => {
    beforeEach(() => ups.signUp());

    it('that is wrong is refused, and may be tried again', async () => {
      await refused(ups.confirm(other(code())), ...MISMATCH);
      await refused(ups.confirm('x'), ...MISMATCH);
      await ups.confirm(code());
      should(practice.user('iris').status).equal('CONFIRMED');
    });

    it('that is older than a day is refused', async () => {
      practice.local.clock.advance(DAY);
      await refused(ups.confirm(code()), ...EXPIRED);
      should(practice.user('iris').status).equal('UNCONFIRMED');
    });

    it('that is used is refused', async () => {
      await ups.confirm(code());
      await refused(
        ups.confirm(code()),
        'NotAuthorizedException',
        'User cannot be confirmed. Current status is CONFIRMED',
      );
      practice.user('iris').status = 'UNCONFIRMED';
      await refused(ups.confirm(code()), ...EXPIRED);
    });

    it('sent again: the new one counts, the old one no longer', async () => {
      const old = code();
      let { CodeDeliveryDetails } = await ups.resend();
      should(CodeDeliveryDetails).have.property('Destination', 'i***@e***');
      // One time in a million they are the same.
      while (code() === old) ({ CodeDeliveryDetails } = await ups.resend());
      await refused(ups.confirm(old), ...MISMATCH);
      await ups.confirm(code());
    });

    it('is of no use to a user who has been disabled', async () => {
      practice.user('iris').enabled = false;
      await refused(ups.confirm(code()), 'NotAuthorizedException', 'User is disabled.');
      await refused(ups.resend(), 'NotAuthorizedException', 'User is disabled.');
    });
  });

  it('sends a code to a user who was there unconfirmed', async () => {
    await refused(ups.confirm('123456', { Username: 'unconfirmed' }), ...EXPIRED);
    await ups.resend('unconfirmed');
    await ups.confirm(practice.codeOf('unconfirmed'), { Username: 'unconfirmed' });
    should((await practice.password('unconfirmed')).AuthenticationResult).have.property('AccessToken');
  });

  it('is confirmed and reminded only where there is such a user, and not twice', async () => {
    await refused(ups.confirm('123456', { Username: 'nobody' }), ...NOT_FOUND);
    await refused(ups.resend('nobody'), ...NOT_FOUND);
    await refused(ups.resend('ada'), 'InvalidParameterException', 'User is already confirmed.');
  });

  describe('is refused', () => {
    it('with a name that is taken, by whom it may be', async () => {
      const taken = ['UsernameExistsException', 'User already exists'] as const;
      await ups.signUp();
      await refused(ups.signUp(), ...taken);
      await refused(ups.signUp('ADA'), ...taken);
    });

    it('with a password against the policy', async () => {
      const policy = 'Password did not conform with policy: ';
      await refused(
        ups.signUp('iris', complete, { Password: 'short' }),
        'InvalidPasswordException',
        `${policy}Password not long enough`,
      );
      // Told before anything about users is.
      await refused(
        ups.signUp('ada', complete, { Password: 'nocapitals-1' }),
        'InvalidPasswordException',
        `${policy}Password must have uppercase characters`,
      );
    });

    it('without a password, where no code alone signs in', async () => {
      const missing = ['InvalidParameterException', 'Missing required parameter Password'] as const;
      await refused(ups.signUp('iris', complete, { Password: '' }), ...missing);
      await refused(ups.signUp('iris', complete, { Password: undefined }), ...missing);
    });

    it('without the required attributes', async () => {
      const missing = (...names: string[]) => [
        'InvalidParameterException',
        `Attributes did not conform to the schema: ${names.map((name) => `${name}: The attribute is required`).join('\n')}`,
      ];
      await refused(ups.signUp('iris', { email: 'iris@example.com' }), ...(missing('name') as [string, string]));
      await refused(ups.signUp('iris', { name: '' }), ...(missing('email', 'name') as [string, string]));
    });

    it('with attributes that do not exist, or that nobody may write', async () => {
      await refused(
        ups.signUp('iris', { ...complete, shoeSize: '43' }),
        'InvalidParameterException',
        'Attributes did not conform to the schema: shoeSize: Attribute does not exist in the schema.',
      );
      await refused(
        ups.signUp('iris', { ...complete, email_verified: 'true' }),
        'NotAuthorizedException',
        'A client attempted to write unauthorized attribute',
      );
    });

    it('with an address or a number that is none', async () => {
      await refused(
        ups.signUp('iris', { ...complete, email: 'iris' }),
        'InvalidParameterException',
        'Invalid email address format.',
      );
      await refused(
        ups.signUp('iris', { ...complete, phone_number: '0202 5550143' }),
        'InvalidParameterException',
        'Invalid phone number format.',
      );
    });

    it('with a username that looks like an alias', () =>
      refused(
        ups.signUp('iris@example.com'),
        'InvalidParameterException',
        'Username cannot be of email format, since user pool is configured for email alias.',
      ));

    it('in a shape that is not Cognito’s', async () => {
      await refused(
        ups.signUp('two words'),
        'InvalidParameterException',
        "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      );
      await refused(
        ups.signUp('iris', { '': 'x' }),
        'InvalidParameterException',
        "2 validation errors detected: Value '' at 'userAttributes.1.member.name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'userAttributes.1.member.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      );
      const wrong = await practice.call('SignUp', { ClientId: GATEWAY, Username: 'iris', UserAttributes: ['name'] });
      should(wrong.body).deepEqual({
        __type: 'SerializationException',
        message: 'userAttributes.1.member must be a structure',
      });
    });
  });

  describe('with the address of somebody else', () => {
    beforeEach(() => ups.signUp('iris', { ...complete, email: 'ada@example.com' }));

    it('is taken down, but not confirmed', async () => {
      await refused(ups.confirm(code()), 'AliasExistsException', 'An account with the email already exists.');
      should((await practice.password('ada@example.com')).AuthenticationResult).have.property('AccessToken');
    });

    it('takes it over where that is forced', async () => {
      await ups.confirm(code(), { ForceAliasCreation: true });
      should(practice.user('ada@example.com').username).equal('iris');
      should(practice.user('ada').attributes).have.property('email_verified', 'false');
    });
  });

  describe('at a client with a secret', () => {
    const secret = (name: string) => ({ ClientId: SERVER, SecretHash: secretHash(name) });

    it('takes SecretHash at every step', async () => {
      await ups.signUp('iris', complete, secret('iris'));
      await practice.sdk.send(new ResendConfirmationCodeCommand({ Username: 'iris', ...secret('iris') }));
      await ups.confirm(code(), secret('iris'));
      should((await practice.adminPassword('iris')).AuthenticationResult).have.property('AccessToken');
    });

    it('insists on it', async () => {
      const missing = `Client ${SERVER} is configured with secret but SECRET_HASH was not received`;
      const wrong = `Unable to verify secret hash for client ${SERVER}`;
      await refused(ups.signUp('iris', complete, { ClientId: SERVER }), 'NotAuthorizedException', missing);
      await refused(ups.signUp('iris', complete, secret('ada')), 'NotAuthorizedException', wrong);
      await refused(ups.confirm('123456', { ClientId: SERVER }), 'NotAuthorizedException', missing);
      await refused(ups.confirm('123456', secret('ada')), 'NotAuthorizedException', wrong);
      await refused(
        practice.sdk.send(new ResendConfirmationCodeCommand({ ClientId: SERVER, Username: 'iris' })),
        'NotAuthorizedException',
        missing,
      );
    });

    it('does not tell who exists, but for a name that is taken', async () => {
      const resend = async (Username: string) =>
        practice.sdk.send(new ResendConfirmationCodeCommand({ Username, ...secret(Username) }));
      const simulated = { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@n***' };
      should((await resend('nobody')).CodeDeliveryDetails).deepEqual(simulated);
      should((await resend('ada')).CodeDeliveryDetails).have.property('Destination', 'a***@a***');
      should((await resend('nobody@example.com')).CodeDeliveryDetails).have.property('Destination', 'n***@e***');
      should(practice.local.outbox.messages).be.empty();
      await refused(ups.confirm('123456', { Username: 'nobody', ...secret('nobody') }), ...EXPIRED);
      await refused(ups.signUp('ada', complete, secret('ada')), 'UsernameExistsException', 'User already exists');
    });
  });

  describe('with amazon-cognito-identity-js', () => {
    const userPool = () =>
      new CognitoUserPool({ UserPoolId: POOL, ClientId: GATEWAY, endpoint: practice.local.endpoint });
    const signUp = (name: string, password: string) =>
      new Promise<ISignUpResult>((resolve, reject) => {
        const list = Object.entries(complete).map(([Name, Value]) => new CognitoUserAttribute({ Name, Value }));
        userPool().signUp(name, password, list, [], (error, result) => {
          if (result) resolve(result);
          else reject(error ?? new Error('neither an error nor a result'));
        });
      });
    const confirm = (user: CognitoUser, given: string) =>
      new Promise<unknown>((resolve, reject) => {
        user.confirmRegistration(given, false, (error: Error | null, result: unknown) => {
          if (error) reject(error);
          else resolve(result);
        });
      });

    it('signs up, has the code sent again, and confirms', async () => {
      const { user, userConfirmed, userSub, codeDeliveryDetails } = await signUp('iris', PASSWORD);
      should(userConfirmed).be.false();
      should(userSub).equal(practice.user('iris').sub);
      should(codeDeliveryDetails).have.property('Destination', 'i***@e***');
      await new Promise<void>((resolve, reject) => {
        user.resendConfirmationCode((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      await confirm(user, other(code())).should.be.rejectedWith({ code: 'CodeMismatchException' });
      should(await confirm(user, code())).equal('SUCCESS');
      should((await practice.password('iris')).AuthenticationResult).have.property('AccessToken');
    });

    it('is refused with a name that is taken', () =>
      signUp('ada', PASSWORD).should.be.rejectedWith({ code: 'UsernameExistsException' }));
  });
});

describe('signing up at a client with USER_AUTH', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.signInPolicy = { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] };
      for (const client of pool.clients) client.explicitAuthFlows = ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH'];
    }),
  );
  const ups = new SignUps(practice);
  const code = () => practice.codeOf('iris');

  /** Signs in by USER_AUTH with the session of ConfirmSignUp. */
  const signIn = (Session: string | undefined, USERNAME = 'iris', ClientId = GATEWAY) =>
    practice.sdk.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME },
        ...(Session ? { Session } : {}),
      }),
    );
  const confirmed = async () => {
    const { Session } = await ups.signUp();
    return (await ups.confirm(code(), { Session: Session! })).Session!;
  };

  it('gives a session to confirm with, which gives another to sign in with, at once', async () => {
    const { Session } = await ups.signUp();
    should(Session).be.a.String();
    const confirmed = await ups.confirm(code(), { Session: Session! });
    should(confirmed.Session).be.a.String().and.not.equal(Session);
    const { AuthenticationResult, ChallengeName } = await signIn(confirmed.Session);
    should(ChallengeName).be.undefined();
    should(AuthenticationResult).have.properties('AccessToken', 'IdToken', 'RefreshToken');
  });

  it('does so server-side too, with a client secret', async () => {
    const secret = { ClientId: SERVER, SecretHash: secretHash('iris') };
    const { Session } = await ups.signUp('iris', complete, secret);
    const answer = await ups.confirm(code(), { ...secret, Session: Session! });
    const start = (AuthParameters: Names) =>
      practice.sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId: POOL,
          ClientId: SERVER,
          AuthFlow: 'USER_AUTH',
          AuthParameters,
          ...(answer.Session ? { Session: answer.Session } : {}),
        }),
      );
    await refused(
      start({ USERNAME: 'iris' }),
      'NotAuthorizedException',
      `Client ${SERVER} is configured with secret but SECRET_HASH was not received`,
    );
    const { AuthenticationResult } = await start({ USERNAME: 'iris', SECRET_HASH: secretHash('iris') });
    should(AuthenticationResult).have.property('AccessToken');
  });

  it('signs in once with the session, in time, and the same user', async () => {
    const used = 'Invalid session for the user, session can only be used once.';
    const Session = await confirmed();
    await refused(signIn(Session, 'ada'), 'NotAuthorizedException', 'Invalid session for the user.');
    await signIn(Session, 'iris@example.com');
    await refused(signIn(Session), 'NotAuthorizedException', used);
  });

  it('refuses the session of ConfirmSignUp when it is late, and that of SignUp', async () => {
    const { Session } = await ups.signUp();
    await refused(signIn(Session), 'NotAuthorizedException', 'Invalid session for the user.');
    const late = (await ups.confirm(code(), { Session: Session! })).Session;
    practice.local.clock.advance(3 * MINUTE);
    await refused(signIn(late), 'NotAuthorizedException', 'Invalid session for the user, session is expired.');
  });

  it('goes on as without the session where the pool has no one-time codes', async () => {
    const Session = await confirmed();
    practice.user('iris').mfa = { enabled: ['EMAIL_OTP'] };
    should((await signIn(Session)).ChallengeName).equal('SELECT_CHALLENGE');
  });

  it('needs no password', async () => {
    const { Session } = await ups.signUp('iris', complete, { Password: '' });
    const answer = await ups.confirm(code(), { Session: Session! });
    should((await signIn(answer.Session)).AuthenticationResult).have.property('AccessToken');
    const next = await signIn(undefined);
    should(next.AvailableChallenges).deepEqual(['EMAIL_OTP']);
    await refused(practice.srp('iris', ''), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('needs no session to be confirmed, and then gives none', async () => {
    await ups.signUp();
    should((await ups.confirm(code())).Session).be.undefined();
  });

  it('keeps the session through a wrong code', async () => {
    const { Session } = await ups.signUp();
    await refused(ups.confirm(other(code()), { Session: Session! }), ...MISMATCH);
    should((await ups.confirm(code(), { Session: Session! })).Session).be.a.String();
  });

  it('refuses a session that is bogus, late, or of another user', async () => {
    const bogus = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
    const { Session } = await ups.signUp();
    await ups.signUp('otto', { ...complete, email: 'otto@example.com' });
    await refused(ups.confirm(code(), { Session: 'A'.repeat(1496) }), ...bogus);
    await refused(ups.confirm(practice.codeOf('otto'), { Username: 'otto', Session: Session! }), ...bogus);
    practice.local.clock.advance(3 * MINUTE);
    await refused(
      ups.confirm(code(), { Session: Session! }),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
    await ups.confirm(code());
  });
});

describe('signing up in a pool', () => {
  const phone = '+12025550177';

  describe('where the e-mail address or phone number is the username', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        delete pool.aliasAttributes;
        pool.requiredAttributes = ['name'];
        pool.usernameAttributes = ['email', 'phone_number'];
        pool.autoVerifiedAttributes = ['email', 'phone_number'];
        for (const user of pool.users) user.username = user.attributes!.email!;
      }),
    );
    const ups = new SignUps(practice);

    it('makes it an attribute, and the sub the canonical username', async () => {
      const { UserSub } = await ups.signUp('iris@example.com', { name: 'Iris' });
      const user = practice.user('iris@example.com');
      should(user).match({ username: UserSub, attributes: { email: 'iris@example.com', email_verified: 'false' } });
      await ups.confirm(practice.codeOf(user.username), { Username: 'iris@example.com' });
      should((await practice.password('iris@example.com')).AuthenticationResult).have.property('AccessToken');
    });

    it('sends the code by SMS to a number', async () => {
      const { UserSub, CodeDeliveryDetails } = await ups.signUp(phone, { name: 'Iris' });
      should(CodeDeliveryDetails).deepEqual({
        AttributeName: 'phone_number',
        DeliveryMedium: 'SMS',
        Destination: '+*******0177',
      });
      should(practice.local.outbox.latest(UserSub!)).match({ medium: 'SMS', destination: phone });
    });

    it('refuses one that is taken, and a name that is neither', async () => {
      await refused(
        ups.signUp('ADA@example.com', { name: 'Ada' }),
        'UsernameExistsException',
        'An account with the given email already exists.',
      );
      await refused(
        ups.signUp('iris', { name: 'Iris' }),
        'InvalidParameterException',
        'Username should be either an email or a phone number.',
      );
    });

    it('simulates delivery for an unknown number', async () => {
      const { CodeDeliveryDetails } = await ups.resend(phone);
      should(CodeDeliveryDetails).have.property('Destination', '+*******0177');
    });
  });

  describe('that verifies both', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.autoVerifiedAttributes = ['email', 'phone_number'];
      }),
    );
    const ups = new SignUps(practice);

    it('sends the code to the phone number, which alone is then verified', async () => {
      const { CodeDeliveryDetails } = await ups.signUp('iris', { ...complete, phone_number: phone });
      should(CodeDeliveryDetails).have.property('AttributeName', 'phone_number');
      await ups.confirm(practice.codeOf('iris'));
      should(practice.user('iris').attributes).match({ phone_number_verified: 'true', email_verified: 'false' });
    });
  });

  describe('that verifies nothing', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        delete pool.autoVerifiedAttributes;
        pool.clients[1]!.preventUserExistenceErrors = 'LEGACY';
      }),
    );
    const ups = new SignUps(practice);

    it('sends nothing, and the user waits for an administrator', async () => {
      should(await ups.signUp()).have.property('UserConfirmed', false);
      should(practice.local.outbox.messages).be.empty();
      await refused(ups.confirm('123456'), ...EXPIRED);
      await refused(ups.resend(), 'InvalidParameterException', 'Auto verification not turned on.');
      practice.user('iris').status = 'CONFIRMED';
      should((await practice.password('iris')).AuthenticationResult).have.property('AccessToken');
    });
  });
});
