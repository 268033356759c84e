import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoAuthError } from './errors';
import { isRecord } from './guards';

/** An answer with tokens: without an access token nobody is signed in. */
type Tokens = AuthenticationResultType & { readonly AccessToken: string };

const isTextOrMissing = (value: unknown): boolean => value === undefined || typeof value === 'string';

/**
 * Takes nothing for tokens that a server in Cognito's place sends wrong: the next step could not use it.
 * @throws CognitoAuthError AnswerUnexpected
 */
export function assertAuthenticationResult(result: unknown): asserts result is Tokens {
  if (isRecord(result) && typeof result.AccessToken === 'string' && result.AccessToken !== '') {
    const { IdToken, RefreshToken, ExpiresIn, NewDeviceMetadata: device = {} } = result;
    const isSound =
      [IdToken, RefreshToken].every(isTextOrMissing) &&
      (ExpiresIn === undefined || (typeof ExpiresIn === 'number' && Number.isFinite(ExpiresIn * 1000))) &&
      isRecord(device) &&
      [device.DeviceKey, device.DeviceGroupKey].every(isTextOrMissing);
    if (isSound) return;
  }
  throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
}

/**
 * The claims of a JWT, read without checking its signature: it came straight from Cognito, in answer to a request of
 * our own.
 * @returns undefined for a token that is no JWT; it works without being read
 */
export function claimsOf(jwt: string | undefined): Record<string, unknown> | undefined {
  const payload = jwt?.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
