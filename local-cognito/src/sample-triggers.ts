import { randomInt } from 'node:crypto';
import type { DefineAuthChallengeEvent, Triggers } from './triggers';

const TRIES = 3;
const RIGHT_IN_A_ROW = 2;

/**
 * The triggers of the sample pools: sums, made up anew for each round. Two right answers in a row sign in, the third wrong
 * one ends the attempt. A sign-in that starts with SRP proves the password first.
 */
export function sampleTriggers(): Record<string, Triggers> {
  const sums: Triggers = {
    defineAuthChallenge: (event) => ({ ...event, response: decide(event) }),
    createAuthChallenge: (event) => {
      const [a, b] = [randomInt(1, 10), randomInt(1, 10)];
      event.response.publicChallengeParameters = { question: `What is ${a} + ${b}?` };
      event.response.privateChallengeParameters = { answer: String(a + b) };
      event.response.challengeMetadata = 'SUM';
    },
    verifyAuthChallengeResponse: (event) => {
      const { challengeAnswer, privateChallengeParameters } = event.request;
      event.response.answerCorrect = challengeAnswer.trim() === privateChallengeParameters.answer;
    },
  };
  return { 'us-east-1_Practice1': sums, 'us-east-1_Practice2': sums };
}

function decide({ request: { session } }: DefineAuthChallengeEvent): DefineAuthChallengeEvent['response'] {
  const answers = session.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE');
  const latest = answers.slice(-RIGHT_IN_A_ROW);
  const wrong = answers.filter(({ challengeResult }) => !challengeResult);
  const passwordFirst = session.at(-1)?.challengeName === 'SRP_A';
  return {
    challengeName: passwordFirst ? 'PASSWORD_VERIFIER' : 'CUSTOM_CHALLENGE',
    issueTokens: latest.length === RIGHT_IN_A_ROW && latest.every(({ challengeResult }) => challengeResult),
    failAuthentication: wrong.length >= TRIES,
  };
}
