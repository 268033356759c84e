import { isMethod, levelNamed, levelOf, type Method, mfaToTarget, type StepUp } from '../acr-levels';
import { availableChallenges } from '../challenges/first-factors';
import type { MfaType } from '../challenges/names';
import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import type { Service } from '../service';
import type { SignIn } from '../sign-in';

/**
 * Adds the level that TARGET_ACR_VALUES asks for: the first in the list that the user can reach, with what ACCESS_TOKEN
 * tells of earlier proofs unless it is older than MAX_AGE (developer guide, "Step-up authentication with the USER_AUTH
 * flow"; API reference, InitiateAuth). Assumption: only kinds of MFA that the user has on count as factors, and a token
 * without `amr` tells of none.
 */
export function withTarget(service: Service, signIn: SignIn, parameters: Parameters): SignIn {
  const wanted = parameters.get('TARGET_ACR_VALUES');
  const token = parameters.get('ACCESS_TOKEN');
  if (!wanted) {
    if (token) throw refuse('accessTokenWithoutTarget');
    return signIn;
  }
  const targets = wanted.split(' ').flatMap((acr) => levelNamed(acr) ?? []);
  if (targets.length === 0) throw refuse('acrUnknown');
  const proven = token ? credit(service, signIn, token, parameters.get('MAX_AGE')) : [];
  const target = targets.find((level) => isWithinReach(signIn, { target: level, proven }));
  if (target === undefined) throw refuse('acrUnreachable');
  if (levelOf(proven) >= target) throw refuse('acrReached');
  return { ...signIn, stepUp: { target, proven } };
}

/** The MFA to go on with where the password is proven already. */
export function mfaToGoOnWith(signIn: SignIn): MfaType | undefined {
  const { stepUp, user } = signIn;
  if (!stepUp?.proven.includes('pwd')) return undefined;
  const types = mfaToTarget(signIn, stepUp);
  return types.find((type) => type === user.mfa.preferred) ?? types[0];
}

function isWithinReach(signIn: SignIn, stepUp: StepUp): boolean {
  const stepping = { ...signIn, stepUp };
  if (levelOf(stepUp.proven) >= stepUp.target) return true;
  return mfaToGoOnWith(stepping) !== undefined || availableChallenges(stepping).length > 0;
}

/** @param maxAge seconds, as text */
function credit(service: Service, { user }: SignIn, token: string, maxAge: string | undefined): Method[] {
  const { user: owner, claims } = service.tokens.authorize(token);
  if (owner !== user) throw refuse('accessTokenOfOtherUser');
  if (maxAge !== undefined && !/^\d+$/.test(maxAge)) throw refuse('maxAgeMalformed');
  const age = Math.floor(service.clock.now() / 1000) - Number(claims.auth_time);
  if (maxAge !== undefined && age > Number(maxAge)) return [];
  return Array.isArray(claims.amr) ? claims.amr.filter(isMethod) : [];
}
