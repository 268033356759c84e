import { withProof } from '../acr-levels';
import { availableChallenges, chooseFirstFactor } from '../challenges/first-factors';
import { type AuthResponse, proceed } from '../proceed';
import type { Service } from '../service';
import type { StartRequest } from './flow';
import { signInOf, withUserId } from './sign-in';
import { mfaToGoOnWith, withTarget } from './step-up';

/**
 * USER_AUTH: the user is offered what the pool allows and the user has. PREFERRED_CHALLENGE goes straight to one; a
 * preference that the user can't meet is answered with the choice, as seen in real pools. Assumption: so is a name
 * that no challenge has. A Session of ConfirmSignUp signs in without a further challenge, where the user is offered the
 * one-time code that confirmed it (developer guide, "Automatic sign-in with OTPs"); assumption: otherwise the flow goes on
 * as without it.
 */
export async function startWithChoice(service: Service, request: StartRequest): Promise<AuthResponse> {
  const { parameters, session } = request;
  const signIn = withTarget(service, signInOf(request), parameters);
  const offered = availableChallenges(signIn);
  const confirmedBy = session === undefined ? undefined : service.signUps.redeem(session, signIn);
  if (confirmedBy !== undefined && offered.includes(confirmedBy)) {
    const progress = { alone: confirmedBy === 'EMAIL_OTP' ? 'email_otp' : 'sms' } as const;
    return proceed(service, withProof(signIn, confirmedBy, progress), progress);
  }
  const mfa = mfaToGoOnWith(signIn);
  if (mfa) return withUserId(await proceed(service, signIn, { ask: mfa }), signIn.user);
  const preferred = offered.find((name) => name === parameters.get('PREFERRED_CHALLENGE'));
  const progress = preferred
    ? await chooseFirstFactor(service, signIn, preferred, parameters)
    : ({ ask: 'SELECT_CHALLENGE' } as const);
  const proven = withProof(signIn, preferred ?? 'SELECT_CHALLENGE', progress);
  const response = withUserId(await proceed(service, proven, progress), signIn.user);
  // Seen in real pools beside directly posed challenges too. Assumption: not once the first factor is proven.
  return typeof progress === 'object' ? { ...response, AvailableChallenges: offered } : response;
}
