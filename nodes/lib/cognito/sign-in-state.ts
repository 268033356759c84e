import { isApi, type Api } from './apis';
import { CognitoAuthError } from './errors';
import { isRecord, isStringRecord } from './guards';
import type { UserPool } from './user-pool';

/**
 * A sign-in between two steps: plain JSON that can be cloned, stored, and sent to another program. It never holds a
 * password, an SRP secret or a code, but whoever has it can try to answer the challenge: treat it like a session.
 */
export interface SignInState {
  readonly version: 1;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly api: Api;
  /** The canonical user name as soon as Cognito has told it, before that what was typed. */
  readonly username?: string;
  readonly authFlow: string;
  readonly deviceKey?: string;
  /** Asks for the device to be remembered once the user is signed in. */
  readonly rememberDevice?: boolean;
  /** Says, sealed, for which account the Node-RED that began this sign-in keeps the device. */
  readonly deviceKeptFor?: string;
  /** Who waits for the tokens of this sign-in, where a person had to be asked. */
  readonly tokensFor?: string;
  /** When this step was reached, in ms since 1970. */
  readonly issuedAt: number;

  /** While a challenge is open: its name, its session if it has one, and its parameters. */
  readonly challengeName?: string;
  readonly session?: string;
  readonly challengeParameters?: Record<string, string>;
  readonly availableChallenges?: string[];
  /** Inside MFA_SETUP: the authenticator app is proven, and its session only has to be answered with. */
  readonly totpVerified?: true;

  /** Once signed in: the claims of the ID token. */
  readonly claims?: Record<string, unknown>;
  /** Once signed in: when the tokens expire, in ms since 1970. */
  readonly expiresAt?: number;
}

/** A sign-in that waits for an answer. */
export type OpenChallenge = SignInState & { readonly challengeName: string };

const optionalFields: Record<string, (value: unknown) => boolean> = {
  username: isText,
  deviceKey: isText,
  rememberDevice: (value) => typeof value === 'boolean',
  deviceKeptFor: isText,
  tokensFor: isText,
  challengeName: isText,
  session: isText,
  challengeParameters: isStringRecord,
  availableChallenges: (value) => Array.isArray(value) && value.every(isText),
  totpVerified: (value) => value === true,
  claims: isRecord,
  expiresAt: Number.isFinite,
};

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** Whether a value is the state of a sign-in. */
export function isSignInState(value: unknown): value is SignInState {
  return (
    isRecord(value) &&
    value.version === 1 &&
    isText(value.userPoolId) &&
    isText(value.clientId) &&
    isApi(value.api) &&
    isText(value.authFlow) &&
    Number.isFinite(value.issuedAt) &&
    Object.entries(optionalFields).every(([name, accepts]) => value[name] === undefined || accepts(value[name]))
  );
}

/**
 * Reads a state that came from outside.
 * @throws CognitoAuthError SignInStateInvalid when it is none, or one of a later version
 */
export function readSignInState(value: unknown): SignInState {
  if (!isSignInState(value)) throw new CognitoAuthError('SignInStateInvalid');
  return value;
}

/** Whether a sign-in belongs to this pool, this app client and this API. */
export function belongsTo(state: SignInState, pool: UserPool): boolean {
  return state.userPoolId === pool.userPoolId && state.clientId === pool.clientId && state.api === pool.api;
}

/** The state of a sign-in that another program started, so that a challenge can be answered here. */
export function startedElsewhere(pool: UserPool, challengeName: string, username: string): OpenChallenge {
  const { userPoolId, clientId, api } = pool;
  return { version: 1, userPoolId, clientId, api, authFlow: '', username, challengeName, issuedAt: Date.now() };
}
