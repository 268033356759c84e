import type { AssociateSoftwareTokenRequest } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoAuthError } from './errors';
import { qrCode } from './qr-code';
import type { UserPool } from './user-pool';

/** Who sets up an authenticator app: a sign-in by the session of its MFA_SETUP, a signed-in user by access token. */
export type Enrollee = Pick<AssociateSoftwareTokenRequest, 'AccessToken' | 'Session'>;

/** What an authenticator app shows beside its codes. */
export interface TotpLabel {
  readonly issuer: string;
  readonly accountName: string;
}

/** A TOTP secret in the forms in which it can be handed to an authenticator app. Whoever sees one can make the codes. */
export interface TotpSecret {
  /** base32, to be typed */
  readonly SecretCode: string;
  /** The address that the QR code holds, which opens the app where the page is on the same phone. */
  readonly OtpauthUri: string;
  /** The QR code as the `data:` URL of a PNG picture. */
  readonly QrDataUrl: string;
  /** The QR code as SVG markup. */
  readonly QrSvg: string;
}

/**
 * Has Cognito give out a TOTP secret: AssociateSoftwareToken.
 * @returns the secret, and inside MFA_SETUP the session that takes the place of the one used
 * @throws CognitoAuthError
 */
export async function giveOutTotpSecret(
  pool: UserPool,
  enrollee: Enrollee,
  label: TotpLabel,
  signal: AbortSignal,
): Promise<{ secret: TotpSecret; session: string | undefined }> {
  assertFits(label); // before Cognito gives out a secret, and a session that would be lost
  const { SecretCode, Session } = await pool.call('AssociateSoftwareToken', enrollee, signal);
  if (!isSecretCode(SecretCode)) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  assertSession(Session);
  const OtpauthUri = await otpauthUri(SecretCode, label);
  const { dataUrl, svg } = await qrCode(OtpauthUri);
  return { secret: { SecretCode, OtpauthUri, QrDataUrl: dataUrl, QrSvg: svg }, session: Session };
}

/** base32, and short enough for a QR code together with the label: Cognito's have 52 characters. */
function isSecretCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z2-7]{1,256}=*$/i.test(value);
}

/** @throws CognitoAuthError AnswerUnexpected for a session that no next step would take */
function assertSession(session: unknown): void {
  if (session === undefined || typeof session === 'string') return;
  throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
}

/** The longest issuer and account name, URL-encoded, that together with a secret still fit into a QR code. */
const longestLabel = 700;

function fits(text: string): boolean {
  try {
    return encodeURIComponent(text).length <= longestLabel;
  } catch {
    return false; // half a character
  }
}

/** @throws CognitoAuthError InputInvalid for a label that no QR code can hold */
function assertFits(label: TotpLabel): void {
  for (const field of ['issuer', 'accountName'] as const) {
    if (fits(label[field])) continue;
    throw new CognitoAuthError('InputInvalid', { field, expected: `URL-encoded <= ${longestLabel}` });
  }
}

/**
 * The address that authenticator apps read from QR codes. Cognito's codes are those of RFC 6238 with its defaults.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
 */
async function otpauthUri(secretCode: string, { issuer, accountName }: TotpLabel): Promise<string> {
  const { TOTP } = await import('otpauth');
  return new TOTP({ issuer, label: accountName, secret: secretCode }).toString();
}

/**
 * Proves an authenticator app with its first code: VerifySoftwareToken. After a wrong code the same session can be used
 * again. Assumption: clients let their users try again (aws-amplify/amplify-flutter#4490), AWS does not document it.
 * @returns inside MFA_SETUP the session that answers it
 * @throws CognitoAuthError
 */
export async function verifyTotp(
  pool: UserPool,
  enrollee: Enrollee,
  code: string,
  friendlyDeviceName: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { Status, Session } = await pool.call(
    'VerifySoftwareToken',
    {
      ...enrollee,
      UserCode: code,
      ...(friendlyDeviceName !== undefined && { FriendlyDeviceName: friendlyDeviceName }),
    },
    signal,
  );
  if (Status === 'ERROR')
    throw new CognitoAuthError('EnableSoftwareTokenMFAException', { message: `Status ${Status}` });
  assertSession(Session);
  return Session;
}
