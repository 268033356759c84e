import type { Api } from './apis';
import { CognitoAuthError } from './errors';
import { ownValue } from './guards';
import { requiredText, textOf } from './input-text';
import type { InputName, InputValues } from './inputs';
import { belongsTo, type SignInState } from './sign-in-state';
import { comparable } from './token-set';
import { namingClaims, refreshTokenName } from './token-set';
import { claimsOf } from './tokens';
import type { UserPool } from './user-pool';

/**
 * What can be ended: all that a user has been given, on all devices, or what came from one refresh token. For each, what
 * it takes: to sign out a user by name, IAM credentials are needed.
 */
const table = {
  everywhere: { 'server-side': ['accessToken', 'username'], 'client-side': ['accessToken'] },
  refreshToken: { 'server-side': ['refreshToken'], 'client-side': ['refreshToken'] },
} as const satisfies Record<string, Record<Api, readonly InputName[]>>;

export type SignOutName = keyof typeof table;

export const signOuts: Readonly<Record<SignOutName, Record<Api, readonly InputName[]>>> = table;

/**
 * The way to sign out that a setting names.
 * @throws CognitoAuthError InputInvalid
 */
export function signOutNamed(name: unknown): SignOutName {
  if (typeof name === 'string' && ownValue(signOuts, name)) return name as SignOutName;
  throw new CognitoAuthError('InputInvalid', { field: 'signOut', expected: Object.keys(signOuts).join(', ') });
}

/** Those of a token's user. GlobalSignOut takes tokens of any user pool, whose names are those of other people here. */
function namesIn(AccessToken: string, { userPoolId }: UserPool): string[] {
  const { iss, username, sub } = claimsOf(AccessToken) ?? {};
  if (typeof iss !== 'string' || !iss.endsWith(`/${userPoolId}`)) return [];
  return [username, sub].filter((name) => typeof name === 'string');
}

/** The user who is signed in to this pool by the sign-in that is at hand. */
function signedInUser(pool: UserPool, state: SignInState | undefined): string | undefined {
  // While a challenge is open nobody has proven to be the user.
  return state?.userPoolId === pool.userPoolId && state.challengeName === undefined ? state.username : undefined;
}

/**
 * GlobalSignOut where there is an access token, on both APIs: it says for certain whose it is. AdminUserGlobalSignOut
 * where there is only a name.
 */
async function signOutEverywhere(
  pool: UserPool,
  values: InputValues,
  current: SignInState | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  if (pool.api === 'client-side' || textOf(values, 'accessToken') !== undefined) {
    const AccessToken = requiredText(values, 'accessToken');
    await pool.call('GlobalSignOut', { AccessToken }, signal);
    return namesIn(AccessToken, pool);
  }
  const username = textOf(values, 'username') ?? signedInUser(pool, current);
  const Username = requiredText({ username }, 'username');
  await pool.call('AdminUserGlobalSignOut', { UserPoolId: pool.userPoolId, Username }, signal);
  return [Username];
}

/** RevokeToken takes the client secret itself, no hash of it. */
async function revokeRefreshToken(pool: UserPool, values: InputValues, signal: AbortSignal): Promise<string[]> {
  const { clientId: ClientId, clientSecret: ClientSecret } = pool;
  const Token = requiredText(values, 'refreshToken');
  await pool.call('RevokeToken', { Token, ClientId, ...(ClientSecret !== undefined && { ClientSecret }) }, signal);
  return [refreshTokenName(Token)];
}

/**
 * Ends what Cognito has given a user. ID tokens, and access tokens where others check them, stay good until they expire.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
 * @param current the sign-in that is at hand; its user is meant where nothing else says who
 * @param signal aborts the call
 * @returns what the user is known by, or the refresh token; told once Cognito has said yes, since only then is the word
 *   of a token worth something
 * @throws CognitoAuthError
 */
export function signOut(
  pool: UserPool,
  name: SignOutName,
  values: InputValues,
  current: SignInState | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  return name === 'everywhere'
    ? signOutEverywhere(pool, values, current, signal)
    : revokeRefreshToken(pool, values, signal);
}

/**
 * Whether a sign-in is over, now that a user has signed out. A refresh token does not tell whose it was: it is taken to
 * be that of the sign-in to the same app client.
 * @param userNames what `signOut` has told
 */
export function isOver(state: SignInState, pool: UserPool, name: SignOutName, userNames: readonly string[]): boolean {
  if (name === 'refreshToken') return belongsTo(state, pool);
  if (state.userPoolId !== pool.userPoolId) return false;
  const known = [state.username, ...namingClaims.map((claim) => state.claims?.[claim])];
  const meant = userNames.map(comparable);
  return known.some((one) => typeof one === 'string' && meant.includes(comparable(one)));
}
