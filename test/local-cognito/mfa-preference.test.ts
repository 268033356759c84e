// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import {
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  SetUserMFAPreferenceCommand,
  type SetUserMFAPreferenceCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IMfaSettings,
} from 'amazon-cognito-identity-js';
import should from 'should';
import { changedPool, GATEWAY, PASSWORD, POOL, Practice, refused } from './support';

type Wishes = Omit<SetUserMFAPreferenceCommandInput, 'AccessToken'>;

const on = { Enabled: true };
const preferred = { Enabled: true, PreferredMfa: true };
const off = { Enabled: false };

describe('which second factor a user prefers', () => {
  const practice = new Practice();
  const accessToken = async (username = 'ada') =>
    (await practice.password(username)).AuthenticationResult!.AccessToken!;
  const prefer = (AccessToken: string, wishes: Wishes) =>
    practice.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, ...wishes }));
  const adminPrefer = (Username: string, wishes: Wishes) =>
    practice.sdk.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId: POOL, Username, ...wishes }));
  const now = () => practice.local.clock.now();

  it('is told by GetUser and holds at the next sign-in', async () => {
    const AccessToken = await accessToken();
    await prefer(AccessToken, { EmailMfaSettings: preferred });
    should(await practice.sdk.send(new GetUserCommand({ AccessToken }))).match({
      PreferredMfaSetting: 'EMAIL_OTP',
      UserMFASettingList: ['EMAIL_OTP'],
    });
    should((await practice.password('ada')).ChallengeName).equal('EMAIL_OTP');
    await prefer(AccessToken, { EmailMfaSettings: off });
    const user = await practice.sdk.send(new GetUserCommand({ AccessToken }));
    should(user).not.have.any.keys('PreferredMfaSetting', 'UserMFASettingList');
    should((await practice.password('ada')).AuthenticationResult).have.property('AccessToken');
  });

  it('is none where several are on and nothing is preferred any more', async () => {
    practice.user('lin').mfa.preferred = 'EMAIL_OTP';
    should((await practice.password('lin')).ChallengeName).equal('EMAIL_OTP');
    await adminPrefer('lin', { EmailMfaSettings: on });
    should((await practice.password('lin')).ChallengeName).equal('SELECT_MFA_TYPE');
  });

  it('can be set by an administrator, what is not mentioned staying as it is', async () => {
    await adminPrefer('lin@example.com', { SMSMfaSettings: preferred });
    should(practice.user('lin').mfa.preferred).equal('SMS_MFA');
    should([...practice.user('lin').mfa.enabled].sort()).deepEqual(['EMAIL_OTP', 'SMS_MFA', 'SOFTWARE_TOKEN_MFA']);
    await adminPrefer('lin', { SoftwareTokenMfaSettings: preferred, SMSMfaSettings: off });
    should((await practice.password('lin')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    should([...practice.user('lin').mfa.enabled].sort()).deepEqual(['EMAIL_OTP', 'SOFTWARE_TOKEN_MFA']);
    await refused(adminPrefer('nobody', {}), 'UserNotFoundException', 'User does not exist.');
  });

  it('can be an authenticator app once its first code has been given', async () => {
    practice.local.clock.set(Date.UTC(2030, 0, 1, 8, 0, 15));
    const AccessToken = await accessToken();
    const wish = { SoftwareTokenMfaSettings: preferred };
    await refused(prefer(AccessToken, wish), 'InvalidParameterException', 'User has not set up software token mfa');
    const { SecretCode } = await practice.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    await refused(prefer(AccessToken, wish), 'InvalidParameterException', 'User has not verified software token mfa');
    const UserCode = currentTotpCode(SecretCode!, now());
    await practice.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
    should((await practice.password('ada')).AuthenticationResult).have.property('AccessToken');
    await prefer(AccessToken, wish);
    const { ChallengeName, Session } = await practice.password('ada');
    should(ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    practice.local.clock.advance(30_000);
    const names = { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE: currentTotpCode(SecretCode!, now()) };
    should((await practice.answer('SOFTWARE_TOKEN_MFA', names, Session)).AuthenticationResult).have.property(
      'AccessToken',
    );
  });

  it('needs a phone number for SMS, verified or not', async () => {
    const AccessToken = await accessToken();
    await refused(
      prefer(AccessToken, { SMSMfaSettings: on }),
      'InvalidParameterException',
      'User does not have a phone_number set to turn on SMS MFA',
    );
    practice.user('ada').attributes.phone_number = '+12025550111';
    await prefer(AccessToken, { SMSMfaSettings: on });
    should((await practice.password('ada')).ChallengeName).equal('SMS_MFA');
  });

  it('needs a verified address for e-mail', async () => {
    const AccessToken = await accessToken();
    practice.user('ada').attributes.email_verified = 'false';
    await refused(
      prefer(AccessToken, { EmailMfaSettings: on }),
      'InvalidParameterException',
      'User does not have delivery config set to turn on EMAIL_OTP',
    );
  });

  for (const [what, wishes, message] of [
    ['two preferred', { SMSMfaSettings: preferred, EmailMfaSettings: preferred }, 'Only one MFA type can be preferred'],
    [
      'one that is preferred and off',
      { EmailMfaSettings: { PreferredMfa: true } },
      'EMAIL_OTP must be enabled to be preferred',
    ],
  ] as const) {
    it(`cannot be ${what}`, async () => {
      const before = structuredClone(practice.user('lin').mfa);
      await refused(adminPrefer('lin', wishes), 'InvalidParameterException', message);
      should(practice.user('lin').mfa).deepEqual(before);
    });
  }

  it('changes not at all where a part of the request is refused', async () => {
    const AccessToken = await accessToken();
    const wishes = { EmailMfaSettings: preferred, SoftwareTokenMfaSettings: on };
    await refused(prefer(AccessToken, wishes), 'InvalidParameterException', 'User has not set up software token mfa');
    should(practice.user('ada').mfa.enabled).be.empty();
    await refused(
      adminPrefer('ada', wishes),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
    );
  });

  it('can be turned off without a phone number or an authenticator app', async () => {
    await prefer(await accessToken(), { SMSMfaSettings: off, SoftwareTokenMfaSettings: off });
  });

  it('is nobody’s business without an access token', () =>
    refused(prefer('e30.e30.e30', { EmailMfaSettings: off }), 'NotAuthorizedException', 'Invalid Access Token'));

  it('is a matter of true and false', async () => {
    const { body } = await practice.call('SetUserMFAPreference', {
      AccessToken: await accessToken(),
      EmailMfaSettings: { Enabled: 'yes' },
    });
    should(body).match({ __type: 'SerializationException' });
  });

  it('can be set up by amazon-cognito-identity-js, an authenticator app included', async () => {
    practice.local.clock.set(Date.now());
    const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: GATEWAY, endpoint: practice.local.endpoint });
    const user = new CognitoUser({ Username: 'ada', Pool });
    const details = new AuthenticationDetails({ Username: 'ada', Password: PASSWORD });
    await new Promise((onSuccess, onFailure) => {
      user.authenticateUser(details, { onSuccess, onFailure });
    });
    const secret = await new Promise<string>((associateSecretCode, onFailure) => {
      user.associateSoftwareToken({ associateSecretCode, onFailure });
    });
    const setPreference = (totp: IMfaSettings) =>
      new Promise<string | undefined>((resolve, reject) => {
        user.setUserMfaPreference(null, totp, (error, result) => {
          if (error) reject(error);
          else resolve(result);
        });
      });
    await setPreference(preferred).should.be.rejectedWith('User has not verified software token mfa');
    await new Promise((onSuccess, onFailure) => {
      user.verifySoftwareToken(currentTotpCode(secret, now()), 'Phone', { onSuccess, onFailure });
    });
    should(await setPreference(preferred)).equal('SUCCESS');
    should(practice.user('ada').mfa).deepEqual({ enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' });
  });
});

describe('a pool without SMS', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.enabledMfas = ['EMAIL_OTP'];
    }),
  );

  it('does not let a user turn it on', () =>
    refused(
      practice.sdk.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId: POOL, Username: 'lin', SMSMfaSettings: on }),
      ),
      'InvalidParameterException',
      'SMS_MFA is not enabled for the user pool',
    ));
});

describe('amazon-cognito-identity-js, where the pool demands a second factor', () => {
  const practice = new Practice();

  it('registers an authenticator app inside the sign-in', async () => {
    const Pool = new CognitoUserPool({
      UserPoolId: 'us-east-1_Practice2',
      ClientId: 'practicedeviceclient',
      endpoint: practice.local.endpoint,
    });
    const user = new CognitoUser({ Username: 'nora', Pool });
    const details = new AuthenticationDetails({ Username: 'nora', Password: PASSWORD });
    const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
      const mfaSetup = () => {
        const associateSecretCode = (secret: string) => {
          const code = currentTotpCode(secret, practice.local.clock.now());
          user.verifySoftwareToken(code, 'Phone', { onSuccess, onFailure });
        };
        user.associateSoftwareToken({ associateSecretCode, onFailure });
      };
      user.authenticateUser(details, { onSuccess, onFailure, mfaSetup });
    });
    should(session.getIdToken().payload['cognito:username']).equal('nora');
    should(
      (await practice.start('USER_PASSWORD_AUTH', { USERNAME: 'nora', PASSWORD }, 'practicedeviceclient'))
        .ChallengeName,
    ).equal('SOFTWARE_TOKEN_MFA');
  });
});
