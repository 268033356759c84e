import { refuse } from '../exceptions';
import { bySession, type Challenge } from './challenge';

/**
 * The pool demands MFA and the user has none. The chain: this challenge's Session to AssociateSoftwareToken, that one's
 * to VerifySoftwareToken, that one's here.
 */
export const mfaSetup: Challenge = {
  needs: [],
  begin: (_service, { pool, user }) => ({
    parameters: {
      MFAS_CAN_SETUP: JSON.stringify(pool.enabledMfas.filter((type) => type === 'SOFTWARE_TOKEN_MFA')),
      USER_ID_FOR_SRP: user.username,
    },
  }),
  answer: bySession(({ memory }) => {
    if (!memory.totpVerified) throw refuse('noMfaToSetUp');
    return 'second factor';
  }),
};
