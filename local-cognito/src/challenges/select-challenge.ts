import { refuse } from '../exceptions';
import { beginAssertion } from '../passkeys/assertion';
import type { Challenge } from './challenge';
import { availableChallenges, chooseFirstFactor } from './first-factors';

/**
 * The user chooses among the AvailableChallenges, and may give PASSWORD, SRP_A or CREDENTIAL at once (API reference,
 * ChallengeResponseType). Assumption: as a CREDENTIAL needs options to sign, these come along where there is a passkey.
 */
export const selectChallenge: Challenge = {
  needs: ['ANSWER'],
  begin: async (service, signIn) => {
    const offered = availableChallenges(signIn);
    if (offered.length === 0) throw refuse('noChallengeToOffer');
    const passkey = offered.includes('WEB_AUTHN') ? await beginAssertion(service, signIn) : undefined;
    return {
      parameters: { ...passkey?.parameters },
      judge: (responses, clientMetadata) => {
        const answer = responses.need('ANSWER');
        if (answer === 'WEB_AUTHN' && passkey?.judge && responses.get('CREDENTIAL')) {
          return passkey.judge(responses, clientMetadata);
        }
        return chooseFirstFactor(service, signIn, answer, responses);
      },
    };
  },
};
