import { endingAttempt, refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import { readSrpA } from '../protocol/srp';
import type { Service } from '../service';
import type { Choice, Progress, SignIn } from '../sign-in';
import { checkPassword } from './admin-no-srp-auth';
import type { Challenge } from './challenge';

/** USER_AUTH's own password challenge. A wrong password ends the attempt, as seen in real pools. */
export const password: Challenge = {
  needs: ['PASSWORD'],
  begin: (service, signIn) => ({
    parameters: {},
    judge: (responses) => checkPasswordOnce(service, signIn, responses),
  }),
};

/** Judges a PASSWORD that was given with the choice of PASSWORD, or in answer to its challenge. */
export function checkPasswordOnce(service: Service, signIn: SignIn, given: Parameters): Promise<Progress> {
  given.need('PASSWORD');
  return endingAttempt(() => checkPassword(service, signIn, given));
}

/** USER_AUTH's own challenge that starts SRP. */
export const passwordSrp: Challenge = {
  needs: ['SRP_A'],
  begin: () => ({
    parameters: {},
    judge: askForProof,
  }),
};

/** From SRP_A to PASSWORD_VERIFIER, which carries no Session here either (assumption: as in USER_SRP_AUTH). */
export function askForProof(given: Parameters): Choice {
  const A = readSrpA(given.need('SRP_A'));
  if (A === undefined) throw refuse('srpAInvalid');
  return {
    ask: 'PASSWORD_VERIFIER',
    begin: ({ srpStarts }, signIn) => ({ parameters: srpStarts.start(signIn, A) }),
  };
}
