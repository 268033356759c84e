import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import type { Device } from './devices';
import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import type { AuthAnswer } from './sdk-client';
import { isSignInState, type OpenChallenge, type SignInState } from './sign-in-state';
import { assertAuthenticationResult, claimsOf } from './tokens';

/** An open challenge, in Cognito's own names. */
export interface Challenge {
  readonly ChallengeName: string;
  readonly ChallengeParameters: Record<string, string>;
  readonly AvailableChallenges?: string[];
}

/** Where a step led, to tokens or to a challenge, and the state that the next step needs. */
export interface Outcome {
  readonly signedIn?: AuthenticationResultType;
  readonly challenge?: Challenge;
  readonly state: SignInState;
  /** The device that the pool remembers from now on, because that was asked for. */
  readonly device?: Device;
  /** The pool does not know the device that was given any more. */
  readonly deviceForgotten?: boolean;
  /** What failed without keeping the user from signing in. */
  readonly warning?: CognitoAuthError;
}

/** What a sign-in keeps from one step to the next: everything but the challenge that was answered. */
export type SignInBasis = Pick<SignInState, 'version' | 'userPoolId' | 'clientId' | 'api' | 'authFlow'> & {
  readonly username?: string | undefined;
  readonly deviceKey?: string | undefined;
  readonly rememberDevice?: boolean | undefined;
  readonly tokensFor?: string | undefined;
};

function lasting(before: SignInBasis) {
  const { version, userPoolId, clientId, api, authFlow, username, deviceKey, tokensFor } = before;
  return {
    version,
    userPoolId,
    clientId,
    api,
    authFlow,
    issuedAt: Date.now(),
    ...(username !== undefined && { username }),
    ...(deviceKey !== undefined && { deviceKey }),
    ...(tokensFor !== undefined && { tokensFor }),
  };
}

/** Cognito's parameters are all text; what a server in its place sends otherwise becomes JSON, as Cognito's lists are. */
function parametersOf({ ChallengeParameters = {} }: AuthAnswer): Record<string, string> {
  if (!isRecord(ChallengeParameters)) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  const entries = Object.entries<unknown>(ChallengeParameters);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/**
 * A challenge, and the state of the sign-in that it leaves open.
 * @throws CognitoAuthError AnswerUnexpected for what is no answer of Cognito's
 */
export function challenged(
  before: SignInBasis,
  answer: AuthAnswer,
): { readonly challenge: Challenge; readonly state: OpenChallenge } {
  const { ChallengeName, AvailableChallenges, Session } = answer;
  if (ChallengeName === undefined) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  const ChallengeParameters = parametersOf(answer);
  const challenge = { ChallengeName, ChallengeParameters, ...(AvailableChallenges && { AvailableChallenges }) };
  // The canonical user name: later SECRET_HASHes are over it, whatever alias was typed.
  const username = ChallengeParameters.USER_ID_FOR_SRP ?? ChallengeParameters.USERNAME ?? before.username;
  const { rememberDevice } = before;
  const state = {
    ...lasting(before),
    challengeName: ChallengeName,
    challengeParameters: ChallengeParameters,
    ...(username !== undefined && { username }),
    ...(Session !== undefined && { session: Session }),
    ...(AvailableChallenges && { availableChallenges: AvailableChallenges }),
    ...(rememberDevice && { rememberDevice }),
  };
  // The next step takes nothing else, so what a server in Cognito's place sends wrong is told now.
  if (!isSignInState(state)) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  return { challenge, state };
}

/**
 * Tokens, and what is known of the user who got them.
 * @throws CognitoAuthError AnswerUnexpected for what is no answer of Cognito's
 */
export function signedIn(before: SignInBasis, result: AuthenticationResultType): Outcome {
  assertAuthenticationResult(result);
  const claims = claimsOf(result.IdToken);
  const username = claims?.['cognito:username'] ?? claimsOf(result.AccessToken)?.username;
  const kept = lasting({ ...before, deviceKey: result.NewDeviceMetadata?.DeviceKey ?? before.deviceKey });
  const state = {
    ...kept,
    ...(typeof username === 'string' && { username }),
    ...(claims && { claims }),
    ...(result.ExpiresIn !== undefined && { expiresAt: kept.issuedAt + result.ExpiresIn * 1000 }),
  };
  return { signedIn: result, state };
}
