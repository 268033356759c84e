import { ownValue } from './guards';
import { parsed, textOf } from './input-text';
import type { InputName, InputValues } from './inputs';
import type { Outcome } from './outcome';
import { initiateAuth, respondToChallenge } from './sign-in';
import type { SignInState } from './sign-in-state';
import type { UserPool } from './user-pool';

/** Takes one step of a sign-in with the inputs that it is given. */
export type StepTaker = (values: InputValues, step: (values: InputValues) => Promise<Outcome>) => Promise<Outcome>;

/** What answers a challenge without a person: the input that has to be at hand, and the choice it stands for. */
const answers: Readonly<Record<string, readonly { readonly needs: InputName; readonly choice?: string }[]>> = {
  SOFTWARE_TOKEN_MFA: [{ needs: 'totpSecret' }],
  SELECT_MFA_TYPE: [{ needs: 'totpSecret', choice: 'SOFTWARE_TOKEN_MFA' }],
  SELECT_CHALLENGE: [
    { needs: 'password', choice: 'PASSWORD_SRP' },
    { needs: 'password', choice: 'PASSWORD' },
  ],
  PASSWORD_SRP: [{ needs: 'password' }],
  PASSWORD: [{ needs: 'password' }],
  ADMIN_NO_SRP_AUTH: [{ needs: 'password' }],
  CUSTOM_CHALLENGE: [{ needs: 'answer' }],
};

/** Whether a choice is among those that the challenge offers, as far as it says. */
function isOffered({ challengeName, availableChallenges, challengeParameters }: SignInState, choice: string): boolean {
  const offered =
    challengeName === 'SELECT_CHALLENGE' ? availableChallenges : parsed(challengeParameters?.MFAS_CAN_CHOOSE);
  return !Array.isArray(offered) || offered.includes(choice);
}

/** The inputs that answer what is asked, if they are at hand. */
function answerTo(state: SignInState, values: InputValues): InputValues | undefined {
  const answer = ownValue(answers, state.challengeName ?? '')?.find(
    ({ needs, choice }) => textOf(values, needs) !== undefined && (choice === undefined || isOffered(state, choice)),
  );
  return answer && { ...values, ...(answer.choice !== undefined && { choice: answer.choice }) };
}

/**
 * Signs in with no person at hand: the challenges that the given inputs can answer are answered, each of them once.
 * @param values with the account's password, TOTP secret or answer
 * @param take how each step is taken, where something is to happen around it
 * @returns tokens, or the challenge that a person has to answer
 * @throws CognitoAuthError
 */
export async function signInUnattended(
  pool: UserPool,
  flowName: string,
  values: InputValues,
  signal: AbortSignal,
  take: StepTaker = (given, step) => step(given),
): Promise<Outcome> {
  let outcome = await take(values, (given) => initiateAuth(pool, flowName, given, signal));
  const met = new Set<string>();
  for (;;) {
    const { challengeName } = outcome.state;
    const answer = answerTo(outcome.state, values);
    if (challengeName === undefined || !answer || met.has(challengeName)) return outcome;
    met.add(challengeName);
    const state = { ...outcome.state, challengeName };
    outcome = await take(answer, (given) => respondToChallenge(pool, state, given, signal));
  }
}
