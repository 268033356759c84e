import type { ChallengeName, MfaType } from './challenges/names';
import { refuse } from './exceptions';
import type { Progress, SignIn } from './sign-in';

/** How a user has proven to be one: Cognito's `amr` values (developer guide, "Authentication levels with ACR and AMR claims"). */
export type Method = 'pwd' | 'otp' | 'sms' | 'email_otp' | 'swk' | 'hwk';

/** A sign-in that was asked for an authentication level. */
export interface StepUp {
  /** 1 to 4 */
  readonly target: number;
  /** In the order of proof; begins with what the access token tells. */
  readonly proven: readonly Method[];
}

/** What satisfies each level, the highest first (developer guide, as above, "ACR authentication levels"). */
const levels: readonly { level: number; combinations: readonly (readonly Method[])[] }[] = [
  { level: 4, combinations: [['pwd', 'otp']] },
  { level: 3, combinations: [['swk'], ['hwk'], ['pwd', 'sms'], ['pwd', 'email_otp']] },
  { level: 2, combinations: [['sms'], ['email_otp']] },
  { level: 1, combinations: [['pwd']] },
];

const methodsOfMfa: Record<MfaType, Method> = { SMS_MFA: 'sms', SOFTWARE_TOKEN_MFA: 'otp', EMAIL_OTP: 'email_otp' };

/** The highest level that the methods satisfy; 0 for none. */
export function levelOf(methods: readonly Method[]): number {
  const fits = (combination: readonly Method[]) => combination.every((method) => methods.includes(method));
  return levels.find(({ combinations }) => combinations.some(fits))?.level ?? 0;
}

/** The level of a default ACR value. Names of one's own (AcrConfiguration) are not to be had here. */
export function levelNamed(acr: string): number | undefined {
  return levels.find(({ level }) => acr === acrOf(level))?.level;
}

function acrOf(level: number): string {
  return `urn:cognito:loa:${level}`;
}

/** Is it one of the methods, among the values of an `amr` claim? */
export function isMethod(value: unknown): value is Method {
  return levels.some(({ combinations }) => combinations.flat().some((method) => method === value));
}

/** The kinds of the user's MFA that reach the target after a password. */
export function mfaToTarget({ pool, user }: SignIn, { target, proven }: StepUp): MfaType[] {
  return pool.mfaOf(user).filter((type) => levelOf([...proven, 'pwd', methodsOfMfa[type]]) >= target);
}

/** Can a first factor lead to the target, if there is one? */
export function leadsToTarget(signIn: SignIn, method: Method): boolean {
  const { stepUp } = signIn;
  if (!stepUp || levelOf([...stepUp.proven, method]) >= stepUp.target) return true;
  return method === 'pwd' && mfaToTarget(signIn, stepUp).length > 0;
}

/** The sign-in after an accepted answer, which counts toward the target. */
export function withProof(signIn: SignIn, challenge: ChallengeName, progress: Progress): SignIn {
  const method = signIn.stepUp && methodOf(challenge, progress);
  if (!signIn.stepUp || !method || signIn.stepUp.proven.includes(method)) return signIn;
  return { ...signIn, stepUp: { ...signIn.stepUp, proven: [...signIn.stepUp.proven, method] } };
}

function methodOf(challenge: ChallengeName, progress: Progress): Method | undefined {
  if (progress === 'password') return 'pwd';
  if (typeof progress === 'object') return 'alone' in progress ? progress.alone : undefined;
  if (progress !== 'second factor') return undefined;
  if (challenge === 'SMS_MFA' || challenge === 'EMAIL_OTP') return methodsOfMfa[challenge];
  // Assumption: an authenticator app registered inside MFA_SETUP counts as one that was used.
  return 'otp';
}

/**
 * The claims that tell how the user has signed in; none unless a level was asked for.
 * @throws InvalidParameterException where the target was missed, because the user's factors changed meanwhile
 */
export function acrClaims({ stepUp }: SignIn): { acr?: string; amr?: string[] } {
  if (!stepUp) return {};
  const { proven, target } = stepUp;
  if (levelOf(proven) < target) throw refuse('acrUnreachable');
  return { acr: acrOf(levelOf(proven)), amr: [...proven, ...(proven.length > 1 ? ['mfa'] : [])] };
}
