import { createPublicKey, type KeyObject } from 'node:crypto';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { JwtBaseError, JwtWithoutValidKidError, KidNotFoundInJwksError } from 'aws-jwt-verify/error';
import type { Jwk, JwkWithKid } from 'aws-jwt-verify/jwk';
import { decomposeUnverifiedJwt, validateJwtFields } from 'aws-jwt-verify/jwt';
import { supportedSignatureAlgorithms, verifyJwt } from 'aws-jwt-verify/jwt-verifier';
import { CognitoAuthError } from './errors';
import { issuersOf, type Issuer } from './issuers';
import { signingKeysAt, type Read } from './signing-keys';
import { rejectionOf, TokenRejected, type Reason } from './token-rejections';
import type { UserPool } from './user-pool';

export const tokenUses = ['access', 'id', 'either'] as const;

export type TokenUse = (typeof tokenUses)[number];

/** What a token has to be good for. */
export interface TokenRules {
  readonly use: TokenUse;
  /** The app clients whose tokens are taken. */
  readonly clientIds: readonly string[];
  /** The user has to be in one of them; none for no matter. */
  readonly groups: readonly string[];
  /** The token has to have one of them; none for no matter. */
  readonly scopes: readonly string[];
  /** By how much clocks may differ, in ms. */
  readonly clockTolerance: number;
  /** The only issuer, where it does not follow from the user pool. */
  readonly issuer?: string;
  /** Has Cognito asked whether the token was revoked; only for access tokens. */
  readonly asksCognito: boolean;
}

/** What a token says, once it is known to be true. */
export interface VerifiedToken {
  readonly claims: Record<string, unknown>;
  /** The canonical user name; the tokens of machines have none. */
  readonly username?: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** The longest token that is looked at, in characters. A request's headers have no more room. */
const longestToken = 16 * 1024;

/** Cognito's time is known to about this, in ms. A token that was issued just now is not one of the future. */
const clockUncertainty = 5_000;

/** The scope that lets a token speak for its user to Cognito. */
const userScope = 'aws.cognito.signin.user.admin';

/** How GetUser refuses the access token, or the user whose it is. */
const userRefusals = [
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
];

/** @throws TokenRejected */
function tokenIn(given: unknown): string {
  if (given === undefined || given === null) throw new TokenRejected('token_missing');
  if (typeof given !== 'string') throw new TokenRejected('malformed');
  if (given.length > longestToken) throw new TokenRejected('token_too_large');
  const token = given.replace(/^bearer(?: +|$)/i, '');
  if (token === '') throw new TokenRejected('token_missing');
  return token;
}

/** Another spelling of the same bytes would make a second token of one, which lists of known tokens would not know. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

type Payload = Awaited<ReturnType<typeof verifyJwt>>;

/** @throws TokenRejected, and aws-jwt-verify's errors */
function assertReadable(token: string): Payload {
  const { header, payload } = decomposeUnverifiedJwt(token);
  // "crit" names what a reader must understand (RFC 7515, section 4.1.11): nothing is known here.
  if ('crit' in header || !token.split('.').every(isCanonical)) throw new TokenRejected('malformed');
  if (!supportedSignatureAlgorithms.some((name) => name === header.alg)) throw new TokenRejected('wrong_algorithm');
  return payload;
}

/** What is wrong with the time of a token, if anything is. All but `now` and `tolerance`, which are ms, is in s. */
function untimely({ exp, nbf, iat }: Payload, now: number, tolerance: number): Reason | undefined {
  if (exp === undefined) return 'malformed';
  if (exp * 1000 + tolerance < now) return 'expired';
  if (nbf !== undefined && nbf * 1000 - tolerance > now) return 'not_yet_valid';
  if (iat !== undefined && iat * 1000 - tolerance - clockUncertainty > now) return 'not_yet_valid';
  return undefined;
}

/**
 * aws-jwt-verify compares with this machine's clock, which may be wrong: here it is Cognito's, which is read again
 * before a token is refused because of a clock that was set in between.
 * @throws TokenRejected; CognitoAuthError when Cognito's time can't be read
 */
async function assertTimely(payload: Payload, pool: UserPool, tolerance: number, readAgain: () => Promise<void>) {
  if (untimely(payload, pool.now(), tolerance) && pool.isTimeDoubtful) await readAgain();
  const reason = untimely(payload, pool.now(), tolerance);
  if (reason) throw new TokenRejected(reason);
}

const keyObjects = new WeakMap<Jwk, KeyObject>();

function keyObjectOf(jwk: Jwk): Promise<KeyObject> {
  const key = keyObjects.get(jwk) ?? createPublicKey({ key: jwk, format: 'jwk' });
  keyObjects.set(jwk, key);
  return Promise.resolve(key);
}

function anyOf(names: readonly string[]): string[] | null {
  return names.length > 0 ? [...names] : null;
}

/** Everything but revocation. @throws TokenRejected, CognitoAuthError, and aws-jwt-verify's errors */
async function claimsIn(token: string, pool: UserPool, rules: TokenRules, read: Read): Promise<Payload> {
  const { iss } = assertReadable(token);
  const place = issuersOf(pool, rules.issuer).find(({ issuer }) => issuer === iss);
  // No key of ours could be the right one, so none is looked for.
  if (!place) throw new TokenRejected('wrong_issuer');

  const findKey = async (_url: string, { header }: ReturnType<typeof decomposeUnverifiedJwt>): Promise<JwkWithKid> => {
    if (!header.kid) throw new JwtWithoutValidKidError();
    const key = await keysOf(place, header.kid, read);
    if (!key) throw new KidNotFoundInJwksError();
    return key;
  };
  const timeless = { audience: null, graceSeconds: Infinity };
  const payload = await verifyJwt(token, place.keysUrl, { ...timeless, issuer: place.issuer }, findKey, keyObjectOf);
  await assertTimely(payload, pool, rules.clockTolerance, () => signingKeysAt(place.keysUrl).refresh(read));
  validateCognitoJwtFields(payload, {
    tokenUse: rules.use === 'either' ? null : rules.use,
    clientId: [...rules.clientIds],
  });
  // What the token may do comes last: only a good one is told that it may not do this.
  validateCognitoJwtFields(payload, { tokenUse: null, clientId: null, groups: anyOf(rules.groups) });
  validateJwtFields(payload, { ...timeless, issuer: null, scope: anyOf(rules.scopes) });
  return payload;
}

/** @throws TokenRejected where there is no such issuer; CognitoAuthError when the keys can't be had */
async function keysOf(place: Issuer, kid: string, read: Read): Promise<JwkWithKid | undefined> {
  try {
    return await signingKeysAt(place.keysUrl).find(kid, read);
  } catch (error) {
    const status = error instanceof CognitoAuthError ? (error.details.httpStatusCode ?? 0) : 0;
    // For a pool that is not set to this issuer AWS answers 403: https://github.com/awslabs/aws-jwt-verify/issues/279
    if (place.isOptional && status >= 400 && status < 500) throw new TokenRejected('wrong_issuer');
    throw error;
  }
}

/** @throws TokenRejected; CognitoAuthError when Cognito can't be asked */
async function assertNotRevoked(
  pool: UserPool,
  AccessToken: string,
  { scope }: Payload,
  signal: AbortSignal,
): Promise<void> {
  if (!scope?.split(' ').includes(userScope)) throw new TokenRejected('scope_missing', [userScope]);
  try {
    await pool.call('GetUser', { AccessToken }, signal);
  } catch (error) {
    if (error instanceof CognitoAuthError && userRefusals.includes(error.code)) throw new TokenRejected('revoked');
    throw error;
  }
}

function verified(payload: Payload): VerifiedToken {
  const { token_use: use, exp = 0 } = payload;
  const username = payload[use === 'id' ? 'cognito:username' : 'username'];
  return { claims: payload, ...(typeof username === 'string' && { username }), expiresAt: exp * 1000 };
}

/**
 * Checks a token that came from outside: signature, issuer, time, use, app client, then groups and scopes, and whether
 * Cognito still stands by it where that is to be asked.
 * @param given a JWT, or an Authorization header with one
 * @throws TokenRejected when it is the token's fault; CognitoAuthError when that can't be known
 */
export async function verifyToken(
  pool: UserPool,
  given: unknown,
  rules: TokenRules,
  signal: AbortSignal,
): Promise<VerifiedToken> {
  const token = tokenIn(given);
  try {
    const payload = await claimsIn(token, pool, rules, (url) => pool.read(url));
    if (rules.asksCognito) await assertNotRevoked(pool, token, payload, signal);
    return verified(payload);
  } catch (error) {
    // What aws-jwt-verify says of anything else is about the keys.
    throw error instanceof JwtBaseError
      ? (rejectionOf(error, rules.scopes) ?? new CognitoAuthError('SigningKeysUnavailable', { httpStatusCode: 200 }))
      : error;
  }
}

/** Reads the keys of the issuer to expect before the first token comes. @throws CognitoAuthError */
export async function loadSigningKeys(pool: UserPool, issuer: string | undefined): Promise<void> {
  const [place] = issuersOf(pool, issuer);
  if (place) await signingKeysAt(place.keysUrl).load((url) => pool.read(url));
}
