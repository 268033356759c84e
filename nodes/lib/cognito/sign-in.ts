import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { authFlow } from './auth-flows';
import { challenge as challengeStep } from './challenges';
import { contextDataOf } from './context-data';
import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import { fillStep, textEntriesOf, textOf, type FilledStep, type PendingProof } from './fill-step';
import type { InputValues } from './inputs';
import type { AuthAnswer } from './sdk-client';
import { secretHash } from './secret-hash';
import { belongsTo, isSignInState, type OpenChallenge, type SignInState } from './sign-in-state';
import { provePassword } from './srp';
import { claimsOf } from './tokens';
import { nextTotpCode } from './totp';
import { inTurn } from './turns';
import type { RequestFields, UserPool } from './user-pool';

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
}

/**
 * Starts a sign-in, or gets new tokens for a refresh token. A password proof that Cognito asks for is given at once.
 * @param flowName a name from `authFlows`, or one that Cognito has added since
 * @param signal aborts the step
 * @param previous the sign-in that a refresh token came from, if it is at hand
 * @throws CognitoAuthError
 */
export async function initiateAuth(
  pool: UserPool,
  flowName: string,
  values: InputValues,
  signal: AbortSignal,
  previous?: SignInState,
): Promise<Outcome> {
  const flow = authFlow(flowName);
  if (!flow.apis.includes(pool.api)) {
    throw new CognitoAuthError('AuthFlowNotOnThisApi', { field: flowName, expected: pool.api });
  }
  const filled = await fillStep(flow, values, signal);
  const parameters = { ...filled.parameters, ...textEntriesOf(values, 'extraParameters') };
  const known = previous && belongsTo(previous, pool) ? previous.username : undefined;
  // A refresh wants the canonical name, and what is typed may be an alias.
  const username = parameters.USERNAME ?? (flow.refresh ? known : undefined) ?? textOf(values, 'username');

  const request = requestFields(pool, values);
  const session = textOf(values, 'session');
  const answer = await pool.initiateAuth(
    {
      AuthFlow: flowName,
      AuthParameters: withSecretHash(pool, username, parameters),
      ...request,
      ...(session !== undefined && { Session: session }),
    },
    signal,
  );
  const { userPoolId, clientId, api } = pool;
  const start = {
    version: 1,
    userPoolId,
    clientId,
    api,
    authFlow: flowName,
    username,
    deviceKey: parameters.DEVICE_KEY,
  } as const;
  const outcome = await proceed({ pool, request, signal }, start, answer, filled.proof);
  return flow.refresh ? keepRefreshToken(outcome, parameters.REFRESH_TOKEN) : outcome;
}

/**
 * Answers the challenge that a state holds.
 * @param signal aborts the step
 * @throws CognitoAuthError
 */
export async function respondToChallenge(
  pool: UserPool,
  state: OpenChallenge,
  values: InputValues,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!belongsTo(state, pool)) throw new CognitoAuthError('ChallengeOfAnotherUserPool', { field: 'userPool' });

  const call = { pool, request: requestFields(pool, values), signal };
  const filled = await fillAnswer(pool, state, values, signal);
  const responses = { ...filled.parameters, ...textEntriesOf(values, 'extraParameters') };
  const answer = await respond(call, state, responses, textOf(values, 'session'));
  return proceed(call, state, answer, filled.proof);
}

async function fillAnswer(
  pool: UserPool,
  state: OpenChallenge,
  values: InputValues,
  signal: AbortSignal,
): Promise<FilledStep> {
  const step = challengeStep(state.challengeName);
  const secret = textOf(values, 'totpSecret');
  if (step.totp && secret !== undefined && textOf(values, 'code') === undefined) {
    return fillStep(step, { code: await nextTotpCode(secret, () => pool.now(), signal) }, signal);
  }
  // What the state already knows need not be given again.
  return fillStep(
    step,
    {
      ...values,
      deviceKey: values.deviceKey ?? state.deviceKey,
      passwordClaimSecretBlock: values.passwordClaimSecretBlock ?? state.challengeParameters?.SECRET_BLOCK,
    },
    signal,
  );
}

/** What stays the same for all the requests that one step makes. */
interface Call {
  readonly pool: UserPool;
  readonly request: RequestFields;
  readonly signal: AbortSignal;
}

/** Follows an answer to tokens or to the next challenge that somebody else has to answer. */
async function proceed(
  call: Call,
  before: SignInBasis,
  answer: AuthAnswer,
  proof: PendingProof | undefined,
): Promise<Outcome> {
  const { pool } = call;
  if (answer.AuthenticationResult) return signedIn(before, answer.AuthenticationResult);
  const { challenge, state } = challenged(before, answer);
  if (!proof || challenge.ChallengeName !== 'PASSWORD_VERIFIER') return { challenge, state };

  const { SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP } = challenge.ChallengeParameters;
  const identity = {
    realm: pool.srpRealm,
    userId: USER_ID_FOR_SRP ?? state.username ?? '',
    password: proof.password,
  };
  const responses = await inTurn(
    () => provePassword(proof.ephemeral, { salt: SALT, srpB: SRP_B, secretBlock: SECRET_BLOCK }, identity, pool.now()),
    call.signal,
  );
  const next = await respond(call, state, { ...responses });
  return proceed(call, state, next, undefined);
}

function respond(
  { pool, request, signal }: Call,
  state: OpenChallenge,
  responses: Record<string, string>,
  session: string | undefined = state.session,
): Promise<AuthAnswer> {
  const parameters: Record<string, string> = {
    ...(state.username !== undefined && { USERNAME: state.username }),
    ...(state.deviceKey !== undefined && { DEVICE_KEY: state.deviceKey }),
    ...responses,
  };
  return pool.respondToAuthChallenge(
    {
      ChallengeName: state.challengeName,
      ChallengeResponses: withSecretHash(pool, parameters.USERNAME, parameters),
      ...request,
      ...(session !== undefined && { Session: session }),
    },
    signal,
  );
}

function requestFields(pool: UserPool, values: InputValues): RequestFields {
  const clientMetadata = textEntriesOf(values, 'clientMetadata');
  const analyticsEndpointId = textOf(values, 'analyticsEndpointId');
  const contextData = contextDataOf(values.contextData, pool.api);
  return {
    ...(Object.keys(clientMetadata).length > 0 && { ClientMetadata: clientMetadata }),
    ...(analyticsEndpointId !== undefined && { AnalyticsMetadata: { AnalyticsEndpointId: analyticsEndpointId } }),
    ...(contextData && { contextData }),
  };
}

/** Adds SECRET_HASH where the client has a secret, unless the author brought one. */
function withSecretHash(
  { clientSecret, clientId }: UserPool,
  username: string | undefined,
  parameters: Record<string, string>,
): Record<string, string> {
  if (clientSecret === undefined || parameters.SECRET_HASH !== undefined) return parameters;
  if (username === undefined) throw new CognitoAuthError('InputMissing', { field: 'username' });
  return { ...parameters, SECRET_HASH: secretHash(clientSecret, clientId, username) };
}

/** What a sign-in keeps from one step to the next: everything but the challenge that was answered. */
type SignInBasis = Pick<SignInState, 'version' | 'userPoolId' | 'clientId' | 'api' | 'authFlow'> & {
  readonly username?: string | undefined;
  readonly deviceKey?: string | undefined;
};

function lasting({ version, userPoolId, clientId, api, authFlow, username, deviceKey }: SignInBasis) {
  return {
    version,
    userPoolId,
    clientId,
    api,
    authFlow,
    issuedAt: Date.now(),
    ...(username !== undefined && { username }),
    ...(deviceKey !== undefined && { deviceKey }),
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

function challenged(before: SignInBasis, answer: AuthAnswer): { challenge: Challenge; state: OpenChallenge } {
  const { ChallengeName, AvailableChallenges, Session } = answer;
  if (ChallengeName === undefined) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  const ChallengeParameters = parametersOf(answer);
  const challenge = { ChallengeName, ChallengeParameters, ...(AvailableChallenges && { AvailableChallenges }) };
  // The canonical user name: later SECRET_HASHes are over it, whatever alias was typed.
  const username = ChallengeParameters.USER_ID_FOR_SRP ?? ChallengeParameters.USERNAME ?? before.username;
  const state = {
    ...lasting(before),
    challengeName: ChallengeName,
    challengeParameters: ChallengeParameters,
    ...(username !== undefined && { username }),
    ...(Session !== undefined && { session: Session }),
    ...(AvailableChallenges && { availableChallenges: AvailableChallenges }),
  };
  // The next step takes nothing else, so what a server in Cognito's place sends wrong is told now.
  if (!isSignInState(state)) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode: 200 });
  return { challenge, state };
}

function signedIn(before: SignInBasis, result: AuthenticationResultType): Outcome {
  const claims = claimsOf(result.IdToken);
  const username = claims?.['cognito:username'] ?? claimsOf(result.AccessToken)?.username;
  const kept = lasting(before);
  const state = {
    ...kept,
    ...(typeof username === 'string' && { username }),
    ...(claims && { claims }),
    ...(result.ExpiresIn !== undefined && { expiresAt: kept.issuedAt + result.ExpiresIn * 1000 }),
  };
  return { signedIn: result, state };
}

/** A refresh answers without a refresh token unless it is rotated: the one in use stays good. */
function keepRefreshToken(outcome: Outcome, refreshToken: string | undefined): Outcome {
  if (!outcome.signedIn || outcome.signedIn.RefreshToken !== undefined || refreshToken === undefined) return outcome;
  return { ...outcome, signedIn: { ...outcome.signedIn, RefreshToken: refreshToken } };
}
