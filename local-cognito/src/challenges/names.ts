/** The SDK's ChallengeNameType. */
export const challengeNames = [
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'SELECT_MFA_TYPE',
  'MFA_SETUP',
  'PASSWORD_VERIFIER',
  'CUSTOM_CHALLENGE',
  'SELECT_CHALLENGE',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
  'ADMIN_NO_SRP_AUTH',
  'NEW_PASSWORD_REQUIRED',
  'SMS_OTP',
  'PASSWORD',
  'WEB_AUTHN',
  'PASSWORD_SRP',
] as const;

export type ChallengeName = (typeof challengeNames)[number];

/** What a pool's sign-in policy can allow as the first factor (API reference, SignInPolicyType). */
export const firstAuthFactors = ['PASSWORD', 'WEB_AUTHN', 'EMAIL_OTP', 'SMS_OTP'] as const;

export type FirstAuthFactor = (typeof firstAuthFactors)[number];

/** The challenges that are a second factor, by the names a user's MFA settings use too. */
export const mfaTypes = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const;

export type MfaType = (typeof mfaTypes)[number];
