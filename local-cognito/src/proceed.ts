import { mfaToTarget } from './acr-levels';
import type { Posed } from './challenges/challenge';
import type { ChallengeName } from './challenges/names';
import { challenges } from './challenges/table';
import { deviceOf } from './device';
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
  return next ? pose(service, signIn, next) : complete(service, signIn);
}

/** Tokens. */
export function complete(service: Service, signIn: SignIn): AuthResponse {
  return { ChallengeParameters: {}, AuthenticationResult: service.tokens.issue(signIn) };
}

/** Poses a challenge. */
export async function pose(service: Service, signIn: SignIn, { ask, begin }: Choice): Promise<AuthResponse> {
  const beginning = begin ?? challenges[ask].begin;
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
  if (typeof progress === 'object' && 'ask' in progress) return progress;
  if (typeof progress === 'object' && 'result' in progress) return undefined;
  const ask = nextName(signIn, progress);
  return ask && { ask };
}

/**
 * A remembered device proves itself last (official clients expect DEVICE_SRP_AUTH after a second factor too), also where
 * the user has no MFA (awsdocs/amazon-cognito-developer-guide, "Setting up remembered devices": Always authenticates the
 * device on every sign-in). With challengeRequiredOnNewDevice its proof replaces a second factor that was not asked for yet;
 * assumption: not one that a wanted level takes.
 */
function nextName(
  signIn: SignIn,
  progress: Exclude<Progress, Choice | { result: unknown }>,
): ChallengeName | undefined {
  if (progress === 'device') return undefined;
  const device = deviceOf(signIn)?.remembered ? 'DEVICE_SRP_AUTH' : undefined;
  // No second factor follows a passwordless one (developer guide, "Passwordless sign-in with one-time passwords").
  if (progress === 'second factor' || typeof progress === 'object') return device;
  if (progress === 'password' && signIn.user.status === 'FORCE_CHANGE_PASSWORD') return 'NEW_PASSWORD_REQUIRED';
  const { deviceConfiguration } = signIn.pool.config;
  if (deviceConfiguration?.challengeRequiredOnNewDevice && device && !signIn.stepUp) return device;
  return secondFactor(signIn) ?? device;
}

/** The preferred kind of MFA, the only one, or the choice between several (developer guide, "MFA"). */
function secondFactor(signIn: SignIn): ChallengeName | undefined {
  const { pool, user, stepUp } = signIn;
  const all = pool.mfaOf(user);
  // A wanted level can decide which of several kinds is asked for, and never that none is (developer guide, "Step-up").
  const leading = stepUp ? mfaToTarget(signIn, stepUp) : all;
  const types = leading.length > 0 ? leading : all;
  const preferred = types.find((type) => type === user.mfa.preferred);
  if (preferred) return preferred;
  if (types.length > 1 && types.length === all.length) return 'SELECT_MFA_TYPE';
  return types[0] ?? (pool.config.mfaConfiguration === 'ON' ? 'MFA_SETUP' : undefined);
}
