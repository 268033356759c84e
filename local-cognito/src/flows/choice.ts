import { availableChallenges, chooseFirstFactor } from '../challenges/first-factors';
import { type AuthResponse, proceed } from '../proceed';
import type { Service } from '../service';
import type { StartRequest } from './flow';
import { signInOf, withUserId } from './sign-in';

/**
 * USER_AUTH: the user is offered what the pool allows and the user has. PREFERRED_CHALLENGE goes straight to one; a
 * preference that the user can't meet is answered with the choice, as seen in real pools. Assumption: so is a name
 * that no challenge has. A Session of ConfirmSignUp signs in without a further challenge, where the user is offered the
 * one-time code that confirmed it (developer guide, "Automatic sign-in with OTPs"); assumption: otherwise the flow goes on
 * as without it.
 */
export async function startWithChoice(service: Service, request: StartRequest): Promise<AuthResponse> {
  const { parameters, session } = request;
  const signIn = signInOf(request);
  const offered = availableChallenges(signIn);
  if (session !== undefined && offered.includes(service.signUps.redeem(session, signIn))) {
    return proceed(service, signIn, 'passwordless');
  }
  const preferred = offered.find((name) => name === parameters.get('PREFERRED_CHALLENGE'));
  const progress = preferred
    ? await chooseFirstFactor(service, signIn, preferred, parameters)
    : ({ ask: 'SELECT_CHALLENGE' } as const);
  const response = withUserId(await proceed(service, signIn, progress), signIn.user);
  // Seen in real pools beside directly posed challenges too. Assumption: not once the first factor is proven.
  return typeof progress === 'object' ? { ...response, AvailableChallenges: offered } : response;
}
