import { adminNoSrpAuth } from './admin-no-srp-auth';
import type { Challenge } from './challenge';
import { customChallenge } from './custom-challenge';
import { mfaSetup } from './mfa-setup';
import type { ChallengeName } from './names';
import { newPasswordRequired } from './new-password-required';
import { passwordVerifier } from './password-verifier';
import { selectMfaType } from './select-mfa-type';
import { emailOtp, smsMfa } from './sent-code';
import { softwareTokenMfa } from './software-token-mfa';

/** The challenges that this pool can pose and judge. */
export const challenges: Readonly<Partial<Record<ChallengeName, Challenge>>> = {
  ADMIN_NO_SRP_AUTH: adminNoSrpAuth,
  CUSTOM_CHALLENGE: customChallenge,
  EMAIL_OTP: emailOtp,
  MFA_SETUP: mfaSetup,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  PASSWORD_VERIFIER: passwordVerifier,
  SELECT_MFA_TYPE: selectMfaType,
  SMS_MFA: smsMfa,
  SOFTWARE_TOKEN_MFA: softwareTokenMfa,
};
