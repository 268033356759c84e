import type { IamUser, PoolConfig } from './config';

/** Public practice IAM keys; a pool accepts only the IAM keys of its configuration, these by default. */
export const practiceCredentials: Readonly<IamUser> = {
  accessKeyId: 'LOCALCOGNITOPRACTICE',
  secretAccessKey: 'practice-only-never-for-aws',
};

const password = 'Practice-1234';

/** The pools that run unless others are given: one user for each kind of sign-in, all secrets public. */
export function samplePools(): PoolConfig[] {
  return [
    {
      id: 'us-east-1_Practice1',
      requiredAttributes: ['email', 'name'],
      passwordPolicy: {
        minimumLength: 8,
        requireUppercase: true,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 7,
      },
      mfaConfiguration: 'OPTIONAL',
      enabledMfas: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN', 'EMAIL_OTP', 'SMS_OTP'] },
      webAuthnConfiguration: { relyingPartyId: 'localhost' },
      aliasAttributes: ['email'],
      autoVerifiedAttributes: ['email'],
      clients: [
        {
          clientId: 'practiceserverclient',
          clientName: 'Practice server client',
          clientSecret: 'practice-client-secret',
          explicitAuthFlows: [
            'ALLOW_ADMIN_USER_PASSWORD_AUTH',
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_CUSTOM_AUTH',
            'ALLOW_USER_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
          preventUserExistenceErrors: 'ENABLED',
        },
        {
          clientId: 'practicegatewayclient',
          clientName: 'Practice gateway client',
          explicitAuthFlows: [
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_CUSTOM_AUTH',
            'ALLOW_USER_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
          preventUserExistenceErrors: 'ENABLED',
        },
        {
          clientId: 'practicerotationclient',
          clientName: 'Practice rotation client',
          explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
          preventUserExistenceErrors: 'ENABLED',
          accessTokenValidity: 5,
          idTokenValidity: 5,
          tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes' },
          refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 10 },
        },
      ],
      users: [
        {
          username: 'gateway',
          password,
          attributes: { email: 'gateway@example.com', email_verified: 'true', name: 'Practice Gateway' },
          groups: ['gateways'],
          totpSecret: 'PRACTICEGATEWAYTOTPSECRET234567A',
          totpDeviceName: 'Gateway',
          mfa: { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' },
        },
        {
          username: 'ada',
          password,
          attributes: { email: 'ada@example.com', email_verified: 'true', name: 'Ada' },
          groups: ['engineers'],
        },
        {
          // No name, so NEW_PASSWORD_REQUIRED asks for one; then SOFTWARE_TOKEN_MFA.
          username: 'grace',
          temporaryPassword: 'Temporary-1234',
          attributes: { email: 'grace@example.com', email_verified: 'true' },
          groups: ['engineers'],
          totpSecret: 'PRACTICEGRACETOTPSECRET234567ABC',
          totpDeviceName: "Grace's phone",
          mfa: { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' },
        },
        {
          // Three kinds of MFA, none preferred: SELECT_MFA_TYPE.
          username: 'lin',
          password,
          attributes: {
            email: 'lin@example.com',
            email_verified: 'true',
            phone_number: '+12025550143',
            phone_number_verified: 'true',
            name: 'Lin',
          },
          totpSecret: 'PRACTICELINTOTPSECRET234567ABCDE',
          totpDeviceName: "Lin's phone",
          mfa: { enabled: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] },
        },
        {
          username: 'sam',
          password,
          attributes: {
            email: 'sam@example.com',
            email_verified: 'true',
            phone_number: '+12025550188',
            phone_number_verified: 'true',
            name: 'Sam',
          },
          mfa: { enabled: ['SMS_MFA'], preferred: 'SMS_MFA' },
        },
        {
          username: 'emma',
          password,
          attributes: { email: 'emma@example.com', email_verified: 'true', name: 'Emma' },
          mfa: { enabled: ['EMAIL_OTP'], preferred: 'EMAIL_OTP' },
        },
        {
          // No password: USER_AUTH by a one-time code, or by a passkey once there is one.
          username: 'olga',
          attributes: {
            email: 'olga@example.com',
            email_verified: 'true',
            phone_number: '+12025550167',
            phone_number_verified: 'true',
            name: 'Olga',
          },
        },
        {
          username: 'disabled',
          password,
          enabled: false,
          attributes: { email: 'disabled@example.com', email_verified: 'true', name: 'Disabled' },
        },
        {
          username: 'unconfirmed',
          password,
          status: 'UNCONFIRMED',
          attributes: { email: 'unconfirmed@example.com', email_verified: 'false', name: 'Unconfirmed' },
        },
        {
          username: 'reset',
          password,
          status: 'RESET_REQUIRED',
          attributes: { email: 'reset@example.com', email_verified: 'true', name: 'Reset' },
        },
      ],
    },
    {
      // Devices are remembered when their users say so, and everybody needs MFA.
      id: 'us-east-1_Practice2',
      deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
      mfaConfiguration: 'ON',
      enabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      aliasAttributes: ['email'],
      clients: [
        {
          clientId: 'practicedeviceclient',
          clientName: 'Practice device client',
          explicitAuthFlows: [
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_CUSTOM_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
          preventUserExistenceErrors: 'ENABLED',
        },
        {
          clientId: 'practicemfaclient',
          clientName: 'Practice MFA client',
          clientSecret: 'practice-client-secret',
          explicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
          preventUserExistenceErrors: 'ENABLED',
        },
      ],
      users: [
        {
          username: 'station',
          password,
          attributes: { email: 'station@example.com', email_verified: 'true', name: 'Practice Station' },
          groups: ['gateways'],
          totpSecret: 'PRACTICESTATIONTOTPSECRET234567A',
          totpDeviceName: 'Station',
          mfa: { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' },
        },
        {
          // No MFA yet: MFA_SETUP.
          username: 'nora',
          password,
          attributes: { email: 'nora@example.com', email_verified: 'true', name: 'Nora' },
        },
      ],
    },
  ];
}
