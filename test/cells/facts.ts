/** Why a cell is possible or not, and where that is said. */
export interface Fact {
  readonly text: string;
  /** A page of AWS; or, where none tells, “Assumption: …”. */
  readonly source: string;
}

const guide = (page: string): string => `https://docs.aws.amazon.com/cognito/latest/developerguide/${page}.html`;
const reference = (page: string): string =>
  `https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_${page}.html`;

const givenDirectly = 'Assumption: ADMIN_NO_SRP_AUTH asks for a password that is to be given directly';

/** What makes a challenge arise. */
export const reasons = {
  srp: { text: 'SRP_A is answered with it', source: guide('amazon-cognito-user-pools-authentication-flow-methods') },
  temporaryPassword: {
    text: '“Amazon Cognito only returns this challenge for users who have temporary passwords”',
    source: reference('RespondToAuthChallenge'),
  },
  mfa: { text: 'MFA follows the password', source: guide('user-pool-settings-mfa') },
  mfaChoice: {
    text: '“If multiple options are activated and no preference is set, a challenge to choose an MFA option will be returned during sign-in”',
    source: reference('SetUserMFAPreference'),
  },
  mfaSetup: {
    text: '“For users who are required to setup an MFA factor before they can sign in”',
    source: reference('RespondToAuthChallenge'),
  },
  device: {
    text: 'a remembered device proves itself',
    source: guide('amazon-cognito-user-pools-device-tracking'),
  },
  deviceByKey: {
    text: '“Add DEVICE_KEY if you want to bypass multi-factor authentication with a remembered device”, said of all flows',
    source: 'Assumption: USER_AUTH is meant too, and client-side alone; AdminInitiateAuth’s reference has the sentence as well',
  },
  passwordAgain: {
    text: 'AWS lists the challenge, but does not say when it arises',
    source: givenDirectly,
  },
  trigger: { text: 'the trigger asks its own questions', source: guide('user-pool-lambda-challenge') },
  triggerSession: {
    text: 'the define auth challenge trigger is told of it in its session',
    source: guide('user-pool-lambda-define-auth-challenge'),
  },
  srpBeforeTrigger: {
    text: 'MFA and new passwords follow a password that is proven before the custom challenges',
    source: 'Assumption: after aws-amplify/amplify-js#12887',
  },
  choice: { text: 'choice-based sign-in offers it', source: guide('authentication-flows-selection-sdk') },
} as const satisfies Record<string, Fact>;

/** What keeps a challenge from arising. */
export const obstacles = {
  refresh: {
    text: 'a refresh token is answered with tokens',
    source: guide('amazon-cognito-user-pools-using-the-refresh-token'),
  },
  noSrpA: {
    text: 'PASSWORD_VERIFIER answers SRP_A; this flow sends the password itself',
    source: guide('amazon-cognito-user-pools-authentication-flow-methods'),
  },
  customOnly: {
    text: '“A session that begins with AuthFlow of CUSTOM_AUTH goes right into custom authentication”; other flows don’t',
    source: guide('authentication-flows-selection-sdk'),
  },
  choiceOnly: {
    text: 'first factors are chosen in choice-based sign-in: USER_AUTH',
    source: guide('authentication-flows-selection-sdk'),
  },
  passkeyFirst: {
    text: '“passkey MFA applies only when passkey is the first authentication factor”, which is USER_AUTH’s',
    source: reference('WebAuthnMfaSettingsType'),
  },
  smsCodeFirst: {
    text: 'a one-time code by SMS is USER_AUTH’s first factor; as MFA it is SMS_MFA',
    source: guide('authentication-flows-selection-sdk'),
  },
  noDevices: {
    text: '“the flow doesn’t support remembered devices”, says the guide of server-side sign-in; the reference of AdminInitiateAuth and re:Post on “Invalid Refresh Token” have DEVICE_KEY sent there too',
    source: guide('authentication-flows-public-server-side'),
  },
  adminAnswerOnly: {
    text: '“You can’t respond to an ADMIN_NO_SRP_AUTH challenge with this operation”, and the flow is client-side',
    source: reference('RespondToAuthChallenge'),
  },
  passwordProven: {
    text: 'SRP proves the password without giving it',
    source: givenDirectly,
  },
  passwordChosen: {
    text: 'choice-based sign-in asks for the password by PASSWORD and PASSWORD_SRP',
    source: 'Assumption: and not by ADMIN_NO_SRP_AUTH, of which AWS does not say when it arises',
  },
} as const satisfies Record<string, Fact>;
