import { CognitoAuthError } from './errors';
import { requiredText, textOf } from './input-text';
import type { InputName, InputValues } from './inputs';
import { isMfaTypeName, mfaTypes, type MfaTypeName } from './mfa-types';
import type { Outcome } from './outcome';
import { respondToChallenge } from './sign-in';
import { belongsTo, type OpenChallenge } from './sign-in-state';
import { claimsOf } from './tokens';
import { giveOutTotpSecret, verifyTotp, type TotpLabel, type TotpSecret } from './totp-enrolment';
import type { UserPool } from './user-pool';

/** A secret to be put into an authenticator app, whose first code is then awaited. */
export interface AwaitedCode {
  readonly secret: TotpSecret;
}

/** What a set-up inside MFA_SETUP takes. */
export const challengeSetupInputs: readonly InputName[] = [
  'choice',
  ...Object.values(mfaTypes).flatMap(({ inputs }) => inputs),
];

/** What a set-up by a signed-in user takes. */
export const userSetupInputs: readonly InputName[] = ['accessToken', 'choice', ...mfaTypes.SOFTWARE_TOKEN_MFA.inputs];

function labelOf(pool: UserPool, values: InputValues, username: unknown): TotpLabel {
  return {
    issuer: textOf(values, 'issuer') ?? pool.userPoolId,
    accountName: textOf(values, 'accountName') ?? (typeof username === 'string' ? username : ''),
  };
}

/** What was chosen, a kind that is known here; undefined for no choice. */
function chosenType(values: InputValues): MfaTypeName | undefined {
  const choice = textOf(values, 'choice');
  if (choice === undefined || isMfaTypeName(choice)) return choice;
  throw new CognitoAuthError('InputInvalid', { field: 'choice', expected: Object.keys(mfaTypes).join(', ') });
}

/**
 * Refuses a kind that MFA_SETUP can't set up. Cognito names in MFAS_CAN_SETUP those that it offers. Of SMS it may say so
 * too, but takes no phone number there: the user has to have one.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
 */
function assertPossible(type: MfaTypeName, { challengeParameters }: OpenChallenge): void {
  const offered = challengeParameters?.MFAS_CAN_SETUP;
  if (type !== 'SMS_MFA' && (offered === undefined || offered.includes(`"${type}"`))) return;
  throw new CognitoAuthError('MfaSetupImpossible', { field: type, expected: offered ?? '[]' });
}

/**
 * Sets up MFA inside an open MFA_SETUP: an authenticator app, or codes by e-mail.
 * @param onVerified is told the state to go on with once the app is proven, should the answer that follows fail
 * @param signal aborts the step
 * @returns the secret for the app, with the state to go on with once it makes codes; or where the answer led
 * @throws CognitoAuthError
 */
export async function setUpMfaInSignIn(
  pool: UserPool,
  state: OpenChallenge,
  values: InputValues,
  onVerified: (state: OpenChallenge) => void,
  signal: AbortSignal,
): Promise<(AwaitedCode & { readonly state: OpenChallenge }) | Outcome> {
  if (!belongsTo(state, pool)) throw new CognitoAuthError('ChallengeOfAnotherUserPool', { field: 'userPool' });
  const type = chosenType(values) ?? (textOf(values, 'email') === undefined ? 'SOFTWARE_TOKEN_MFA' : 'EMAIL_OTP');
  assertPossible(type, state);
  if (type === 'EMAIL_OTP') {
    return respondToChallenge(pool, state, { ...values, email: requiredText(values, 'email') }, signal);
  }

  const answer = { ...values, email: undefined };
  if (state.totpVerified) return respondToChallenge(pool, state, answer, signal);
  const enrollee = { Session: state.session };
  const code = textOf(values, 'code');
  if (code === undefined) {
    const { secret, session } = await giveOutTotpSecret(pool, enrollee, labelOf(pool, values, state.username), signal);
    return { secret, state: { ...state, issuedAt: Date.now(), ...(session !== undefined && { session }) } };
  }
  const session = await verifyTotp(pool, enrollee, code, textOf(values, 'friendlyDeviceName'), signal);
  const verified = { ...state, totpVerified: true, ...(session !== undefined && { session }) } as const;
  onVerified(verified);
  return respondToChallenge(pool, verified, answer, signal);
}

/**
 * Sets up MFA for a user who is signed in, and turns it on: an authenticator app, or codes by SMS or e-mail.
 * @param preferred whether sign-ins ask for this kind without a choice
 * @param signal aborts the step
 * @returns the secret for the app; undefined when the kind is turned on
 * @throws CognitoAuthError
 */
export async function setUpMfaOfUser(
  pool: UserPool,
  values: InputValues,
  preferred: boolean,
  signal: AbortSignal,
): Promise<AwaitedCode | undefined> {
  const AccessToken = requiredText(values, 'accessToken');
  const type = chosenType(values) ?? 'SOFTWARE_TOKEN_MFA';
  if (type === 'SOFTWARE_TOKEN_MFA') {
    const code = textOf(values, 'code');
    if (code === undefined) {
      const label = labelOf(pool, values, claimsOf(AccessToken)?.username);
      return giveOutTotpSecret(pool, { AccessToken }, label, signal);
    }
    await verifyTotp(pool, { AccessToken }, code, textOf(values, 'friendlyDeviceName'), signal);
  }
  const settings = { Enabled: true, PreferredMfa: preferred };
  await pool.call('SetUserMFAPreference', { AccessToken, [mfaTypes[type].setting]: settings }, signal);
  return undefined;
}
