import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidGroupError,
  CognitoJwtInvalidTokenUseError,
  JwtInvalidIssuerError,
  JwtInvalidScopeError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
} from 'aws-jwt-verify/error';

interface Refusal {
  readonly status: 401 | 403;
  /** RFC 6750, section 3.1. */
  readonly error: string;
  /** For the developers of clients: RFC 6750 allows plain ASCII only, and no quotation marks. */
  readonly description: string;
}

const invalid = { status: 401, error: 'invalid_token' } as const;
const insufficient = { status: 403, error: 'insufficient_scope' } as const;

/** Why a token is refused, and what the client is told. The names are a promise to flow authors, who switch on them. */
export const refusals = {
  token_missing: { status: 401, error: 'invalid_request', description: 'A token is required' },
  token_too_large: { ...invalid, description: 'The token is too large' },
  malformed: { ...invalid, description: 'The token is malformed' },
  wrong_algorithm: { ...invalid, description: 'The token is not signed by the right algorithm' },
  wrong_issuer: { ...invalid, description: 'The token was issued by somebody else' },
  unknown_key: { ...invalid, description: 'The token is signed by an unknown key' },
  wrong_signature: { ...invalid, description: 'The signature is invalid' },
  expired: { ...invalid, description: 'The token has expired' },
  not_yet_valid: { ...invalid, description: 'The token is not valid yet' },
  wrong_use: { ...invalid, description: 'The token is of the wrong kind' },
  wrong_client: { ...invalid, description: 'The token belongs to another app client' },
  revoked: { ...invalid, description: 'The token was revoked' },
  group_missing: { ...insufficient, description: 'The user is not in a group that may do this' },
  scope_missing: { ...insufficient, description: 'The token does not have a scope that may do this' },
} as const satisfies Record<string, Refusal>;

export type Reason = keyof typeof refusals;

/** What each refusal of aws-jwt-verify's means. */
const reasons: readonly (readonly [refusal: new (...given: never[]) => Error, reason: Reason])[] = [
  [JwtParseError, 'malformed'],
  [JwtWithoutValidKidError, 'malformed'],
  [JwtInvalidSignatureAlgorithmError, 'wrong_algorithm'],
  [JwtInvalidIssuerError, 'wrong_issuer'],
  [KidNotFoundInJwksError, 'unknown_key'],
  [JwtInvalidSignatureError, 'wrong_signature'],
  [CognitoJwtInvalidTokenUseError, 'wrong_use'],
  [CognitoJwtInvalidClientIdError, 'wrong_client'],
  [CognitoJwtInvalidGroupError, 'group_missing'],
  [JwtInvalidScopeError, 'scope_missing'],
];

/** A token is not good enough, and that is the token's fault. It never holds a part of the token. */
export class TokenRejected extends Error {
  readonly reason: Reason;
  /** Those that would do, where scopes are what is missing. */
  readonly scopes: readonly string[];

  constructor(reason: Reason, scopes: readonly string[] = []) {
    super(reason);
    this.name = 'TokenRejected';
    this.reason = reason;
    this.scopes = scopes;
  }
}

/** The rejection that an error of aws-jwt-verify's stands for, if it stands for one; its own words quote the token. */
export function rejectionOf(error: unknown, scopes: readonly string[]): TokenRejected | undefined {
  const reason = reasons.find(([refusal]) => error instanceof refusal)?.[1];
  return reason && new TokenRejected(reason, reason === 'scope_missing' ? scopes : []);
}

/** An answer to the request that a token came with. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: { readonly error: string; readonly error_description: string; readonly reason: Reason };
}

/** What may stand in a quoted value: RFC 6750, section 3. Scopes that are set may hold anything. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]|["\\]/g, '')}"`;
}

/** How a request with such a token is to be answered: RFC 6750, section 3. */
export function answerTo({ reason, scopes }: TokenRejected): Answer {
  const { status, error, description } = refusals[reason];
  const parameters = [
    ['realm', 'cognito'],
    // "SHOULD NOT include an error code" where the request brings no token.
    ...(reason === 'token_missing'
      ? []
      : [
          ['error', error],
          ['error_description', description],
        ]),
    ...(scopes.length > 0 ? [['scope', scopes.join(' ')]] : []),
  ];
  const challenge = parameters.map(([name = '', value = '']) => `${name}=${quoted(value)}`).join(', ');
  return {
    statusCode: status,
    headers: { 'WWW-Authenticate': `Bearer ${challenge}` },
    payload: { error, error_description: description, reason },
  };
}
