import { isRecord, ownValue } from './guards';

/**
 * What can go wrong besides Cognito's own exceptions. The codes are a promise to flow authors, who switch on
 * `msg.error.code`; the sentences for people stand in the catalogue of cognito-user-pool, under the same names.
 */
export const ownErrorCodes = [
  'InputMissing',
  'InputInvalid',
  'EnvironmentVariableUnset',
  'UserPoolMissing',
  'UserPoolInvalid',
  'AuthFlowNotOnThisApi',
  'ChallengeMissing',
  'ChallengeUnexpected',
  'ChallengeOfAnotherUserPool',
  'SignInStateInvalid',
  'SrpChallengeInvalid',
  'AnswerUnexpected',
  'PracticeCredentialsRefused',
  'CredentialsProviderError',
  'HostNotFound',
  'NetworkError',
  'CertificateError',
  'TimeoutError',
  'Aborted',
] as const;

export type OwnErrorCode = (typeof ownErrorCodes)[number];

/** What an error's sentence can name. Never a value that the author or a user gave. */
export interface ErrorDetails {
  /** The input or setting that is wrong, by its name in the dialog. */
  readonly field?: string;
  /** What the field would have to be, or other names that help. */
  readonly expected?: string;
  /** The system's or Cognito's own words. */
  readonly message?: string;
  /** The system's code below ours: ECONNREFUSED, CERT_HAS_EXPIRED, … */
  readonly systemCode?: string;
  /** Cognito's id of the request, for AWS support. */
  readonly requestId?: string;
  readonly httpStatusCode?: number;
  /** By how many ms Cognito's clock is ahead of this machine's. */
  readonly clockOffset?: number;
}

/** An error with a stable code: the name of Cognito's exception, or one of `ownErrorCodes`. */
export class CognitoAuthError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: OwnErrorCode, details?: ErrorDetails);
  /** For an exception that Cognito answered with: its name and its message. */
  constructor(code: string, details: ErrorDetails & { readonly message: string });
  constructor(code: string, details: ErrorDetails = {}) {
    super(details.message ?? [code, details.field].filter((part) => part !== undefined).join(': '));
    this.name = code;
    this.code = code;
    this.details = details;
  }
}

const networkErrors: Record<string, OwnErrorCode> = {
  ENOTFOUND: 'HostNotFound',
  EAI_AGAIN: 'HostNotFound',
  ECONNREFUSED: 'NetworkError',
  ECONNRESET: 'NetworkError',
  ECONNABORTED: 'NetworkError',
  EHOSTUNREACH: 'NetworkError',
  EHOSTDOWN: 'NetworkError',
  ENETUNREACH: 'NetworkError',
  ENETDOWN: 'NetworkError',
  EADDRNOTAVAIL: 'NetworkError',
  EPIPE: 'NetworkError',
  EPROTO: 'NetworkError',
  ETIMEDOUT: 'TimeoutError',
  CERT_HAS_EXPIRED: 'CertificateError',
  CERT_NOT_YET_VALID: 'CertificateError',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CertificateError',
  SELF_SIGNED_CERT_IN_CHAIN: 'CertificateError',
  UNABLE_TO_GET_ISSUER_CERT: 'CertificateError',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CertificateError',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CertificateError',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CertificateError',
};

/** The SDK's and Node's errors that go by a name rather than a code. */
const namedErrors: Record<string, OwnErrorCode> = {
  TimeoutError: 'TimeoutError',
  CredentialsProviderError: 'CredentialsProviderError',
  TokenProviderError: 'CredentialsProviderError',
};

function property(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An error and what caused it, outermost first: the SDK and proxy agents wrap the socket's own error. */
function chain(error: unknown): unknown[] {
  const errors: unknown[] = [];
  for (let current = error; current !== undefined && errors.length < 5; current = property(current, 'cause')) {
    errors.push(current);
    // Node tries IPv6 and IPv4 at once and reports both failures together.
    const several = property(current, 'errors');
    if (Array.isArray(several)) errors.push(...(several as unknown[]).slice(0, 2));
  }
  return errors;
}

/**
 * Gives every failure of a call to Cognito its stable code. What the SDK took from an answer keeps the name of
 * Cognito's exception and Cognito's message; what never got an answer gets one of `ownErrorCodes`.
 * @param clockOffset by how many ms Cognito's clock is known to be ahead of this machine's
 */
export function toCognitoAuthError(error: unknown, clockOffset?: number): CognitoAuthError {
  if (error instanceof CognitoAuthError) return error;

  const metadata = property(error, '$metadata');
  const httpStatusCode = property(metadata, 'httpStatusCode');
  const name = text(property(error, 'name')) ?? 'Error';
  const message = text(property(error, 'message')) ?? name;
  if (typeof httpStatusCode === 'number') {
    const requestId = text(property(metadata, 'requestId'));
    return new CognitoAuthError(name, {
      message,
      httpStatusCode,
      ...(requestId !== undefined && { requestId }),
      ...(clockOffset !== undefined && { clockOffset }),
    });
  }

  for (const cause of chain(error)) {
    const systemCode = text(property(cause, 'code'));
    const byCode = ownValue(networkErrors, systemCode ?? '');
    if (byCode !== undefined && systemCode !== undefined) return new CognitoAuthError(byCode, { message, systemCode });
    const byName = ownValue(namedErrors, text(property(cause, 'name')) ?? '');
    if (byName !== undefined) return new CognitoAuthError(byName, { message });
  }
  return new CognitoAuthError(name, { message });
}
