import type { Triggers } from '@cognito-flows/local-cognito';

/**
 * The triggers of CUSTOM_AUTH that ask “Say N” until so many right answers are given, after the password where the sign-in
 * starts with SRP.
 * @param first what a sign-in meets first that starts without SRP
 */
export function questions({ first = 'CUSTOM_CHALLENGE', rounds = 1 } = {}): Triggers {
  return {
    defineAuthChallenge: ({ request: { session }, response }) => {
      const right = session.filter((item) => item.challengeName === 'CUSTOM_CHALLENGE' && item.challengeResult);
      const next = session.at(-1)?.challengeName === 'SRP_A' ? 'PASSWORD_VERIFIER' : 'CUSTOM_CHALLENGE';
      response.challengeName = session.length > 0 ? next : first;
      response.issueTokens = right.length === rounds;
    },
    createAuthChallenge: ({ request: { session }, response }) => {
      const answer = String(session.length + 1);
      response.publicChallengeParameters = { question: `Say ${answer}` };
      response.privateChallengeParameters = { answer };
    },
    verifyAuthChallengeResponse: ({ request, response }) => {
      response.answerCorrect = request.challengeAnswer === request.privateChallengeParameters.answer;
    },
  };
}
