import type { CognitoAuthError } from './errors';

/**
 * Clocks that differ by more than this are worth a word: TOTP codes are good for 30 s on either side, signatures
 * and SRP timestamps for a few minutes. In ms.
 */
const notableClockOffset = 60_000;

/** The errors that a wrong clock can cause. */
const clockErrors = new Set([
  'NotAuthorizedException',
  'CodeMismatchException',
  'ExpiredCodeException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'RequestExpired',
]);

/**
 * One exception can have many causes, and only Cognito's message tells which. The messages are not documented, so
 * they choose the advice that is shown and nothing else; without a match the exception's own advice is shown.
 */
const advisedByMessage: readonly (readonly [exception: string, message: RegExp, advice: string])[] = [
  ['NotAuthorizedException', /secret.?hash/i, 'wrongClientSecret'],
  ['NotAuthorizedException', /attempts exceeded/i, 'lockedOut'],
  ['NotAuthorizedException', /session/i, 'sessionExpired'],
  ['NotAuthorizedException', /user is disabled/i, 'userDisabled'],
  ['NotAuthorizedException', /temporary password/i, 'temporaryPasswordExpired'],
  ['NotAuthorizedException', /refresh token/i, 'refreshTokenRefused'],
  ['NotAuthorizedException', /access token/i, 'accessTokenRefused'],
  ['NotAuthorizedException', /device/i, 'deviceUnknown'],
  ['InvalidParameterException', /enabled for the user pool/i, 'mfaNotReady'],
  ['InvalidParameterException', /not (enabled|supported)/i, 'authFlowNotEnabled'],
  ['InvalidParameterException', /secret/i, 'clientHasNoSecret'],
  ['InvalidParameterException', /missing required parameter/i, 'parameterMissing'],
  ['InvalidParameterException', /custom auth lambda/i, 'customAuthNotConfigured'],
  ['InvalidParameterException', /invalid attributes/i, 'attributesInvalid'],
  ['InvalidParameterException', /not been associated/i, 'secretNotGivenOut'],
  ['InvalidParameterException', /delivery config|phone_number set|(set up|verified) software token/i, 'mfaNotReady'],
  ['SoftwareTokenMFANotFoundException', /not been enabled/i, 'totpNotEnabled'],
  ['ResourceNotFoundException', /client/i, 'clientNotFound'],
  ['ResourceNotFoundException', /device/i, 'deviceUnknown'],
  ['ExpiredCodeException', /already been used/i, 'codeUsed'],
];

/** The advice that goes by no error's code. */
export const adviceKeys: readonly string[] = [
  'wrongClock',
  'notAskedUntil',
  ...advisedByMessage.map(([, , advice]) => advice),
];

/**
 * The keys of the sentences that say what to do about an error, in the catalogue's `advice`: about its cause where
 * Cognito's message tells it, otherwise about its code; about the clock, where that is far off; and until when Cognito is
 * left alone.
 */
export function adviceFor(error: CognitoAuthError): string[] {
  const cause = advisedByMessage.find(([code, message]) => code === error.code && message.test(error.message));
  const advice = error.details.deviceRefused ? 'deviceUnknown' : (cause?.[2] ?? error.code);
  return [
    ...(isClockSuspected(error) ? ['wrongClock'] : []),
    advice,
    ...(error.details.notAskedUntil === undefined ? [] : ['notAskedUntil']),
  ];
}

/** Whether a refusal may be due to this machine's clock, which is far from Cognito's. */
export function isClockSuspected({ code, details }: CognitoAuthError): boolean {
  return clockErrors.has(code) && Math.abs(details.clockOffset ?? 0) > notableClockOffset;
}
