import type { Parameters } from '../parameters';
import type { Service } from '../service';
import type { Progress, SignIn } from '../sign-in';
import type { Challenge } from './challenge';

/** The password given as a challenge's answer. AWS documents the answer, but not when the challenge arises. */
export const adminNoSrpAuth: Challenge = {
  needs: ['PASSWORD'],
  begin: (service, signIn) => ({
    parameters: { USER_ID_FOR_SRP: signIn.user.username },
    judge: (responses) => checkPassword(service, signIn, responses),
  }),
};

/** Judges a PASSWORD. @throws the refusal of a wrong one, or of a user who may not sign in with it */
export function checkPassword({ clock }: Service, signIn: SignIn, parameters: Parameters): Progress {
  const { user } = signIn;
  const isRight = () => user.hasPassword(parameters.need('PASSWORD'));
  user.provePassword(isRight, clock.now(), signIn);
  return 'password';
}
