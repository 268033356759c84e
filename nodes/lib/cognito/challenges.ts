import { ownValue } from './guards';
import { mfaTypes } from './mfa-types';
import { optional, required, type Step } from './steps';

const code = (parameter: string): Step => ({ fields: [required('code', parameter)] });
const deviceKey = required('deviceKey', 'DEVICE_KEY');
const srpProof = [
  required('passwordClaimSignature', 'PASSWORD_CLAIM_SIGNATURE'),
  required('passwordClaimSecretBlock', 'PASSWORD_CLAIM_SECRET_BLOCK'),
  required('timestamp', 'TIMESTAMP'),
];

/**
 * What can be sent along with the choice of a first factor, so that it needs no challenge of its own: as
 * PREFERRED_CHALLENGE of USER_AUTH, and as ANSWER to SELECT_CHALLENGE.
 */
export const firstFactors: Readonly<Record<string, Step>> = {
  PASSWORD: { fields: [optional('password', 'PASSWORD')] },
  PASSWORD_SRP: { fields: [], srp: { required: false, proves: 'password' } },
  WEB_AUTHN: { fields: [optional('credential', 'CREDENTIAL')] },
  EMAIL_OTP: { fields: [] },
  SMS_OTP: { fields: [] },
};

/**
 * How each of the sixteen challenges of the SDK's ChallengeNameType is answered: its ChallengeResponses, to which
 * USERNAME, SECRET_HASH and DEVICE_KEY are added. EMAIL_MFA stands in AWS's documentation only; on the wire it is
 * EMAIL_OTP, as a first factor and as MFA.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
 */
export const challenges: Readonly<Record<string, Step>> = {
  PASSWORD_VERIFIER: { fields: srpProof, verifies: 'password' },
  NEW_PASSWORD_REQUIRED: {
    fields: [required('newPassword', 'NEW_PASSWORD'), optional('userAttributes', 'userAttributes')],
  },
  SOFTWARE_TOKEN_MFA: { ...code('SOFTWARE_TOKEN_MFA_CODE'), totp: true },
  SMS_MFA: code('SMS_MFA_CODE'),
  EMAIL_OTP: code('EMAIL_OTP_CODE'),
  SMS_OTP: code('SMS_OTP_CODE'),
  SELECT_MFA_TYPE: {
    fields: [required('choice', 'ANSWER')],
    choices: Object.keys(mfaTypes),
  },
  ADMIN_NO_SRP_AUTH: { fields: [required('password', 'PASSWORD')] },
  MFA_SETUP: { fields: [optional('email', 'EMAIL')] },
  SELECT_CHALLENGE: {
    fields: [required('choice', 'ANSWER')],
    methods: { choice: 'choice', table: firstFactors },
    choices: Object.keys(firstFactors),
  },
  PASSWORD: { fields: [required('password', 'PASSWORD')] },
  PASSWORD_SRP: { fields: [], srp: { required: true, proves: 'password' } },
  WEB_AUTHN: { fields: [required('credential', 'CREDENTIAL')] },
  CUSTOM_CHALLENGE: { fields: [required('answer', 'ANSWER')] },
  DEVICE_SRP_AUTH: { fields: [deviceKey], srp: { required: true, proves: 'device' } },
  DEVICE_PASSWORD_VERIFIER: { fields: [deviceKey, ...srpProof], verifies: 'device' },
};

/** A challenge that Cognito adds tomorrow: an answer is sent when given, the rest goes through extra parameters. */
export const unknownChallenge: Step = { fields: [optional('answer', 'ANSWER')] };

/** The table's row for a challenge; a name that is not in the table gets a row that hands everything on. */
export function challenge(name: string): Step {
  return ownValue(challenges, name) ?? unknownChallenge;
}
