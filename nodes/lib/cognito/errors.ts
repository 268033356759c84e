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
  'MfaSetupImpossible',
  'SrpChallengeInvalid',
  'DeviceNeedsOwnAccount',
  'ContextStoreError',
  'TokensMissing',
  'TokensNotInTime',
  'TooManyWaiting',
  'PersonNeeded',
  'ClockSkewed',
  'AnswerUnexpected',
  'SigningKeysUnavailable',
  'PracticeCredentialsRefused',
  'CredentialsProviderError',
  'HostNotFound',
  'NetworkError',
  'CertificateError',
  'TimeoutError',
  'Aborted',
  'UnexpectedError',
] as const;

type OwnErrorCode = (typeof ownErrorCodes)[number];

function isOwnErrorCode(code: string): code is OwnErrorCode {
  return (ownErrorCodes as readonly string[]).includes(code);
}

/** What an error's sentence can name. Never a secret. */
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
  /** Cognito refused the device, not the user. */
  readonly deviceRefused?: true;
  /** By how many ms Cognito's clock is ahead of this machine's. */
  readonly clockOffset?: number;
  /** Until when Cognito is not asked again with the settings that it refused, in ms since 1970. */
  readonly notAskedUntil?: number;
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

  /** The same error with more details. */
  with(more: ErrorDetails): CognitoAuthError {
    const details = { ...this.details, ...more };
    return isOwnErrorCode(this.code)
      ? new CognitoAuthError(this.code, details)
      : new CognitoAuthError(this.code, { ...details, message: this.message });
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

/** Node's codes for answers that are no HTTP, and for TLS that fails before any certificate is seen. */
const unspeakable = /^(HPE|ERR_SSL)_/;

function codeOfSystemError(systemCode: string): OwnErrorCode | undefined {
  return ownValue(networkErrors, systemCode) ?? (unspeakable.test(systemCode) ? 'NetworkError' : undefined);
}

/** The names that the SDK gives to a refusal that is not in Cognito's own format. */
const unnamed = ['Unknown', 'UnknownError', 'Error'];

/** What an exception can be called; a code is shown as status, and looked up. */
const exceptionName = /^[A-Z]\w{0,99}$/;

function property(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A message in which URLs have lost their user name and password. */
function withoutUserInfo(message: string): string {
  return message.replace(/\/\/[^/@\s]*@/g, '//');
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
 * Gives every failure of a call to Cognito its stable code. What Cognito or AWS answered keeps the name of its exception
 * and its message; any other answer, and what never got an answer, gets one of `ownErrorCodes`.
 * @param clockOffset by how many ms Cognito's clock is known to be ahead of this machine's
 */
export function toCognitoAuthError(error: unknown, clockOffset?: number): CognitoAuthError {
  try {
    return error instanceof CognitoAuthError ? error : classified(error, clockOffset);
  } catch {
    return new CognitoAuthError('UnexpectedError'); // what was thrown throws when it is looked at
  }
}

function classified(error: unknown, clockOffset: number | undefined): CognitoAuthError {
  const metadata = property(error, '$metadata');
  const httpStatusCode = property(metadata, 'httpStatusCode');
  const name = text(property(error, 'name')) ?? 'Error';
  const message = withoutUserInfo(text(property(error, 'message')) ?? name);
  if (property(error, '$fault') !== undefined && exceptionName.test(name) && !unnamed.includes(name)) {
    const requestId = text(property(metadata, 'requestId'));
    return new CognitoAuthError(name, {
      message,
      ...(typeof httpStatusCode === 'number' && { httpStatusCode }),
      ...(requestId !== undefined && { requestId }),
      ...(clockOffset !== undefined && { clockOffset }),
    });
  }
  // The SDK's own words about an answer that it can't read quote the answer.
  if (typeof httpStatusCode === 'number') return new CognitoAuthError('AnswerUnexpected', { httpStatusCode });

  for (const cause of chain(error)) {
    const systemCode = text(property(cause, 'code'));
    const code = codeOfSystemError(systemCode ?? '');
    if (code !== undefined && systemCode !== undefined) return new CognitoAuthError(code, { message, systemCode });
    // The SDK gives this name to broken connections too, which the code above tells apart.
    if (property(cause, 'name') === 'TimeoutError') return new CognitoAuthError('TimeoutError', { message });
  }
  return new CognitoAuthError('UnexpectedError', { message: `${name}: ${message}` });
}
