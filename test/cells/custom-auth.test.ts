import type { Payload, Person } from '../support/person';
import { questions } from '../support/questions';
import { testCells } from './cell-tests';
import * as situations from './situations';

const startPlain = ({ username }: Person): Payload => ({ username });
const startWithSrp = ({ username, password }: Person): Payload => ({ username, password });

testCells('CUSTOM_AUTH', startWithSrp, {
  CUSTOM_CHALLENGE: { ...situations.plain, start: startPlain },
  PASSWORD_VERIFIER: { ...situations.plain, start: ({ username, srp }) => ({ username, srpA: srp.srpA }) },
  NEW_PASSWORD_REQUIRED: situations.temporaryPassword,
  SOFTWARE_TOKEN_MFA: situations.totp,
  SMS_MFA: situations.codesBySms,
  EMAIL_OTP: situations.codesByEmail,
  SELECT_MFA_TYPE: situations.severalMfas,
  MFA_SETUP: situations.mfaDemanded,
  ADMIN_NO_SRP_AUTH: {
    ...situations.plain,
    triggers: questions({ first: 'ADMIN_NO_SRP_AUTH' }),
    start: startPlain,
  },
  DEVICE_SRP_AUTH: situations.rememberedDevice,
  DEVICE_PASSWORD_VERIFIER: situations.provingDevice,
});

// What comes before does not change how a question is asked.
testCells('CUSTOM_AUTH', startWithSrp, { CUSTOM_CHALLENGE: situations.plain }, 'after SRP');
