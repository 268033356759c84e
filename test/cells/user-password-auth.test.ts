import { testCells } from './cell-tests';
import * as situations from './situations';

testCells('USER_PASSWORD_AUTH', ({ username, password }) => ({ username, password }), {
  NEW_PASSWORD_REQUIRED: situations.temporaryPassword,
  SOFTWARE_TOKEN_MFA: situations.totp,
  SMS_MFA: situations.codesBySms,
  EMAIL_OTP: situations.codesByEmail,
  SELECT_MFA_TYPE: situations.severalMfas,
  MFA_SETUP: situations.mfaDemanded,
  DEVICE_SRP_AUTH: situations.rememberedDevice,
  DEVICE_PASSWORD_VERIFIER: situations.provingDevice,
});
