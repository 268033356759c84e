import { refuse } from '../exceptions';
import type { Challenge } from './challenge';

/**
 * The pool demands MFA and the user has none. The chain: this challenge's Session to AssociateSoftwareToken, that one's
 * to VerifySoftwareToken, that one's here. Only the last one's judge accepts.
 */
export const mfaSetup: Challenge = {
  needs: [],
  begin: (_service, { pool, user }) => ({
    parameters: {
      MFAS_CAN_SETUP: JSON.stringify(pool.enabledMfas.filter((type) => type === 'SOFTWARE_TOKEN_MFA')),
      USER_ID_FOR_SRP: user.username,
    },
    judge: () => {
      throw refuse('noMfaToSetUp');
    },
  }),
};
