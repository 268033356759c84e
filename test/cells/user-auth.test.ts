import type { Payload, Person } from '../support/person';
import { testCells } from './cell-tests';
import * as situations from './situations';

const preferring = (preferredChallenge: string) => ({
  start: ({ username }: Person): Payload => ({ username, preferredChallenge }),
});

const byPassword = ({ username, password }: Person): Payload => ({
  username,
  password,
  preferredChallenge: 'PASSWORD',
});

testCells('USER_AUTH', byPassword, {
  SELECT_CHALLENGE: { ...situations.plain, start: ({ username }) => ({ username }) },
  PASSWORD: { ...situations.plain, ...preferring('PASSWORD') },
  PASSWORD_SRP: { ...situations.plain, ...preferring('PASSWORD_SRP') },
  PASSWORD_VERIFIER: {
    ...situations.plain,
    start: ({ username, srp }) => ({ username, preferredChallenge: 'PASSWORD_SRP', srpA: srp.srpA }),
  },
  WEB_AUTHN: { ...situations.passkey, ...preferring('WEB_AUTHN') },
  EMAIL_OTP: { ...situations.plain, ...preferring('EMAIL_OTP') },
  SMS_OTP: { ...situations.phoneAlone, ...preferring('SMS_OTP') },
  NEW_PASSWORD_REQUIRED: situations.temporaryPassword,
  SOFTWARE_TOKEN_MFA: situations.totp,
  SMS_MFA: situations.codesBySms,
  SELECT_MFA_TYPE: situations.severalMfas,
  MFA_SETUP: situations.mfaDemanded,
  DEVICE_SRP_AUTH: situations.rememberedDevice,
  DEVICE_PASSWORD_VERIFIER: situations.provingDevice,
});

// The same name stands for both.
testCells('USER_AUTH', byPassword, { EMAIL_OTP: situations.codesByEmail }, 'as MFA');
