import { testCells } from './cell-tests';
import * as situations from './situations';

testCells('ADMIN_NO_SRP_AUTH', ({ username, password }) => ({ username, password }), {
  NEW_PASSWORD_REQUIRED: situations.temporaryPassword,
  SOFTWARE_TOKEN_MFA: situations.totp,
  SMS_MFA: situations.codesBySms,
  EMAIL_OTP: situations.codesByEmail,
  SELECT_MFA_TYPE: situations.severalMfas,
  MFA_SETUP: situations.mfaDemanded,
  ADMIN_NO_SRP_AUTH: situations.passwordAskedAgain,
});
