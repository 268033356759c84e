import type { Posed } from './challenges/challenge';
import type { ChallengeName } from './challenges/names';
import { challenges } from './challenges/table';
import type { Service } from './service';
import type { Progress, SignIn } from './sign-in';
import type { AuthenticationResult } from './tokens';

/** What the four sign-in operations answer. */
export interface AuthResponse {
  ChallengeName?: ChallengeName;
  Session?: string;
  ChallengeParameters: Record<string, string>;
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

/** Poses a challenge that begins in the same way wherever it arises. */
export async function pose(service: Service, signIn: SignIn, name: ChallengeName): Promise<AuthResponse> {
  const begin = challenges[name]?.begin;
  if (!begin) throw new Error(`${name} cannot be posed`);
  return posed(service, signIn, name, await begin(service, signIn));
}

/** The answer that poses a challenge, with a session of its own. */
export function posed(
  service: Service,
  signIn: SignIn,
  name: ChallengeName,
  { parameters, judge }: Posed,
): AuthResponse {
  return {
    ChallengeName: name,
    Session: service.sessions.start(signIn, name, judge),
    ChallengeParameters: parameters,
  };
}

/** The challenge that the pool itself poses next; undefined where nothing is left to prove to it. */
export function nextChallenge(signIn: SignIn, progress: Progress): ChallengeName | undefined {
  if (typeof progress === 'object') return 'ask' in progress ? progress.ask : undefined;
  if (progress === 'second factor') return undefined;
  if (progress === 'password' && signIn.user.status === 'FORCE_CHANGE_PASSWORD') return 'NEW_PASSWORD_REQUIRED';
  return secondFactor(signIn);
}

/** The preferred kind of MFA, the only one, or the choice between several (developer guide, "MFA"). */
function secondFactor({ pool, user }: SignIn): ChallengeName | undefined {
  const types = pool.mfaOf(user);
  const preferred = types.find((type) => type === user.mfa.preferred);
  if (preferred) return preferred;
  if (types.length > 1) return 'SELECT_MFA_TYPE';
  return types[0] ?? (pool.config.mfaConfiguration === 'ON' ? 'MFA_SETUP' : undefined);
}
