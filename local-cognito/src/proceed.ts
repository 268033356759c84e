import type { Posed } from './challenges/challenge';
import type { ChallengeName } from './challenges/names';
import { challenges } from './challenges/table';
import type { Service } from './service';
import type { Choice, Progress, SignIn } from './sign-in';
import type { AuthenticationResult } from './tokens';

/** What the four sign-in operations answer. */
export interface AuthResponse {
  ChallengeName?: ChallengeName;
  Session?: string;
  ChallengeParameters: Record<string, string>;
  AvailableChallenges?: readonly ChallengeName[];
  AuthenticationResult?: AuthenticationResult;
}

/** The next challenge, or tokens when nothing is left to prove. */
export async function proceed(service: Service, signIn: SignIn, progress: Progress): Promise<AuthResponse> {
  const next = nextChallenge(signIn, progress);
  return next === undefined ? complete(service, signIn) : pose(service, signIn, next);
}

/** Tokens. */
export function complete(service: Service, signIn: SignIn): AuthResponse {
  return { ChallengeParameters: {}, AuthenticationResult: service.tokens.issue(signIn) };
}

/** Poses a challenge. */
export async function pose(service: Service, signIn: SignIn, { ask, begin }: Choice): Promise<AuthResponse> {
  const beginning = begin ?? challenges[ask]?.begin;
  if (!beginning) throw new Error(`${ask} cannot be posed`);
  return posed(service, signIn, ask, await beginning(service, signIn));
}

/** The answer that poses a challenge, with a session of its own where its answer is judged by one. */
export function posed(
  service: Service,
  signIn: SignIn,
  name: ChallengeName,
  { parameters, judge }: Posed,
): AuthResponse {
  return {
    ChallengeName: name,
    ...(judge ? { Session: service.sessions.start(signIn, name, judge) } : {}),
    ChallengeParameters: parameters,
  };
}

/** The challenge that comes next for the pool itself; undefined where nothing is left to prove to it. */
export function nextChallenge(signIn: SignIn, progress: Progress): Choice | undefined {
  if (typeof progress === 'object') return 'ask' in progress ? progress : undefined;
  // Passwordless users have no MFA on (developer guide, "Passwordless sign-in with one-time passwords").
  if (progress === 'second factor' || progress === 'passwordless') return undefined;
  const isTemporary = progress === 'password' && signIn.user.status === 'FORCE_CHANGE_PASSWORD';
  const ask = isTemporary ? 'NEW_PASSWORD_REQUIRED' : secondFactor(signIn);
  return ask && { ask };
}

/** The preferred kind of MFA, the only one, or the choice between several (developer guide, "MFA"). */
function secondFactor({ pool, user }: SignIn): ChallengeName | undefined {
  const types = pool.mfaOf(user);
  const preferred = types.find((type) => type === user.mfa.preferred);
  if (preferred) return preferred;
  if (types.length > 1) return 'SELECT_MFA_TYPE';
  return types[0] ?? (pool.config.mfaConfiguration === 'ON' ? 'MFA_SETUP' : undefined);
}
