import { createHash } from 'node:crypto';
import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { isRecord } from './guards';
import { assertAuthenticationResult, claimsOf } from './tokens';

/** The tokens of a user, as they are kept: plain JSON. */
export interface TokenSet {
  readonly accessToken: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** The device that the tokens are linked to: a refresh has to name it. */
  readonly deviceKey?: string;
  /** The canonical user name. */
  readonly username?: string;
  /** When they were received, in ms since 1970 by Cognito's clock. */
  readonly receivedAt: number;
  /** When the first of access and ID token expires, in ms since 1970 by Cognito's clock. */
  readonly expiresAt: number;
}

const optionalTexts = ['idToken', 'refreshToken', 'deviceKey', 'username'];

/** Whether a value that was stored is a set of tokens. */
export function isTokenSet(value: unknown): value is TokenSet {
  return (
    isRecord(value) &&
    typeof value.accessToken === 'string' &&
    optionalTexts.every((name) => value[name] === undefined || typeof value[name] === 'string') &&
    Number.isFinite(value.receivedAt) &&
    Number.isFinite(value.expiresAt)
  );
}

/** When a token expires, by its `exp` claim, in ms since 1970. */
function expiryOf(token: string | undefined): number | undefined {
  const { exp } = claimsOf(token) ?? {};
  return typeof exp === 'number' ? exp * 1000 : undefined;
}

/**
 * How long tokens are taken to live at least and at most, in ms, whatever they say: with those of a server whose clock is
 * wrong, or that says nothing, renewing them would know no rest. Cognito's live from five minutes to a day.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
const life = { least: 60_000, most: 24 * 60 * 60_000 };

/**
 * What is kept of Cognito's answer.
 * @param before what was known of the user: a refresh answers with fewer tokens
 * @param now Cognito's time, ms since 1970
 * @throws CognitoAuthError AnswerUnexpected when it is none, or there is no access token in it
 */
export function tokenSetOf(
  result: AuthenticationResultType,
  before: Pick<Partial<TokenSet>, 'refreshToken' | 'deviceKey' | 'username'>,
  now: number,
): TokenSet {
  assertAuthenticationResult(result);
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result;
  const { deviceKey, username } = before;
  const refreshToken = RefreshToken ?? before.refreshToken;
  const name = claimsOf(AccessToken)?.username ?? username;
  const expiries = [expiryOf(AccessToken) ?? now + (ExpiresIn ?? 0) * 1000, expiryOf(IdToken) ?? Infinity];
  return {
    accessToken: AccessToken,
    receivedAt: now,
    expiresAt: Math.min(Math.max(Math.min(...expiries), now + life.least), now + life.most),
    ...(IdToken !== undefined && { idToken: IdToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(deviceKey !== undefined && { deviceKey }),
    ...(typeof name === 'string' && { username: name }),
  };
}

/** What is left of tokens whose refresh token has ended. */
export function withoutRefreshToken({ refreshToken: _ended, ...others }: TokenSet): TokenSet {
  return others;
}

/** The claims that name a user: the canonical name, the sub, and the aliases that a pool may allow. */
export const namingClaims = ['username', 'cognito:username', 'sub', 'email', 'phone_number', 'preferred_username'];

/** What a refresh token is known by, where no user is. */
export function refreshTokenName(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64');
}

/** Everything that the user of some tokens is known by. */
export function userNamesOf(tokens: TokenSet | undefined): string[] {
  const { refreshToken, username } = tokens ?? {};
  const claims = [claimsOf(tokens?.accessToken), claimsOf(tokens?.idToken)];
  const names = claims.flatMap((some) => namingClaims.map((name) => some?.[name]));
  const all = [username, ...names, refreshToken === undefined ? undefined : refreshTokenName(refreshToken)];
  return [...new Set(all.filter((name) => typeof name === 'string'))];
}

/**
 * The names that nobody but the user of some tokens can have, letter by letter: users choose others themselves, and some
 * pools have an Ada beside an ada.
 */
export function provenNamesOf({ accessToken, idToken }: TokenSet): unknown[] {
  const { username, sub } = claimsOf(accessToken) ?? {};
  const { email, email_verified, phone_number, phone_number_verified } = claimsOf(idToken) ?? {};
  return [username, sub, email_verified === true && email, phone_number_verified === true && phone_number];
}

/** Most pools don't tell upper case from lower case in names; where one does, somebody signs in once too often. */
export function comparable(userName: string): string {
  return userName.toLowerCase();
}
