import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import { parsed } from './input-text';
import type { UserPool } from './user-pool';

/**
 * What a page needs to make a passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON`:
 * StartWebAuthnRegistration.
 * @param AccessToken of the user who is signed in
 * @throws CognitoAuthError
 */
export async function passkeyOptions(pool: UserPool, AccessToken: string, signal: AbortSignal): Promise<object> {
  const { CredentialCreationOptions } = await pool.call('StartWebAuthnRegistration', { AccessToken }, signal);
  if (!isRecord(CredentialCreationOptions)) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  return CredentialCreationOptions;
}

/** The answer of `navigator.credentials.create`, as far as it is looked at here. */
export interface NewPasskey {
  readonly id: string;
}

/**
 * A new passkey from an object or from JSON text.
 * @throws CognitoAuthError InputInvalid
 */
export function readNewPasskey(value: unknown): NewPasskey {
  const passkey = parsed(value);
  if (isRecord(passkey) && typeof passkey.id === 'string') return { ...passkey, id: passkey.id };
  throw new CognitoAuthError('InputInvalid', { field: 'credential', expected: 'RegistrationResponseJSON' });
}

/**
 * Registers a passkey that was made with the options of the same user: CompleteWebAuthnRegistration.
 * @throws CognitoAuthError
 */
export async function registerPasskey(
  pool: UserPool,
  AccessToken: string,
  passkey: NewPasskey,
  signal: AbortSignal,
): Promise<void> {
  await pool.call('CompleteWebAuthnRegistration', { AccessToken, Credential: { ...passkey } }, signal);
}
