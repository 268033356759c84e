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
  if (next === undefined) return { ChallengeParameters: {}, AuthenticationResult: service.tokens.issue(signIn) };
  const begin = challenges[next]?.begin;
  if (!begin) throw new Error(`${next} cannot be posed`);
  const { parameters, judge } = await begin(service, signIn);
  return {
    ChallengeName: next,
    Session: service.sessions.start(signIn, next, judge),
    ChallengeParameters: parameters,
  };
}

function nextChallenge(signIn: SignIn, progress: Progress): ChallengeName | undefined {
  if (typeof progress === 'object') return progress.ask;
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
