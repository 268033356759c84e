import { refuse } from '../exceptions';
import type { Challenge } from './challenge';

/** The user has several kinds of MFA and prefers none. MFAS_CAN_CHOOSE is a JSON string, as official clients parse it. */
export const selectMfaType: Challenge = {
  needs: ['ANSWER'],
  begin: (_service, { pool, user }) => ({
    parameters: { MFAS_CAN_CHOOSE: JSON.stringify(pool.mfaOf(user)) },
    judge: (responses) => {
      const answer = responses.need('ANSWER');
      const chosen = pool.mfaOf(user).find((type) => type === answer);
      if (!chosen) throw refuse('mfaNotOffered');
      return { ask: chosen };
    },
  }),
};
