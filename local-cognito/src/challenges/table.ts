import { adminNoSrpAuth } from './admin-no-srp-auth';
import { beginAssertion } from '../passkeys/assertion';
import type { Challenge } from './challenge';
import { customChallenge } from './custom-challenge';
import { devicePasswordVerifier, deviceSrpAuth } from './device';
import { mfaSetup } from './mfa-setup';
import type { ChallengeName } from './names';
import { newPasswordRequired } from './new-password-required';
import { password, passwordSrp } from './password';
import { passwordVerifier } from './password-verifier';
import { selectChallenge } from './select-challenge';
import { selectMfaType } from './select-mfa-type';
import { emailOtp, smsMfa, smsOtp } from './sent-code';
import { softwareTokenMfa } from './software-token-mfa';

/** Every challenge of the SDK's ChallengeNameType. */
export const challenges: Readonly<Record<ChallengeName, Challenge>> = {
  ADMIN_NO_SRP_AUTH: adminNoSrpAuth,
  CUSTOM_CHALLENGE: customChallenge,
  DEVICE_PASSWORD_VERIFIER: devicePasswordVerifier,
  DEVICE_SRP_AUTH: deviceSrpAuth,
  EMAIL_OTP: emailOtp,
  MFA_SETUP: mfaSetup,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  PASSWORD: password,
  PASSWORD_SRP: passwordSrp,
  PASSWORD_VERIFIER: passwordVerifier,
  SELECT_CHALLENGE: selectChallenge,
  SELECT_MFA_TYPE: selectMfaType,
  SMS_MFA: smsMfa,
  SMS_OTP: smsOtp,
  SOFTWARE_TOKEN_MFA: softwareTokenMfa,
  WEB_AUTHN: { needs: ['CREDENTIAL'], begin: beginAssertion },
};
