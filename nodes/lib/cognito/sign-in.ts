import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { authFlow } from './auth-flows';
import { challenge as challengeStep } from './challenges';
import { deviceOf, isForgottenDevice, markDeviceRefused, rememberDevice } from './devices';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import { fillStep, type FilledStep, type PendingProof } from './fill-step';
import { isYes, textOf } from './input-text';
import type { InputValues } from './inputs';
import { challenged, signedIn, type Outcome, type SignInBasis } from './outcome';
import { requestFieldsOf, withSecretHash } from './request-fields';
import type { AuthAnswer } from './sdk-client';
import { belongsTo, type OpenChallenge, type SignInState } from './sign-in-state';
import { inSrpThread } from './srp-thread';
import { nextTotpCode } from './totp';
import type { RequestFields, UserPool } from './user-pool';

/**
 * Starts a sign-in, or gets new tokens for a refresh token. A proof that Cognito asks for, of the password or of the
 * device, is given at once.
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
  const refreshed = flow.refresh && previous && belongsTo(previous, pool) ? previous : undefined;
  const given = { ...values, deviceKey: textOf(values, 'deviceKey') ?? refreshed?.deviceKey };
  const { parameters, proof } = await fillStep(flow, given, signal);
  // A refresh wants the canonical name, and what is typed may be an alias.
  const username = parameters.USERNAME ?? refreshed?.username ?? textOf(values, 'username');

  const call = callOf(pool, given, signal);
  const session = textOf(values, 'session');
  const reply = await sendWithDevice(parameters, (AuthParameters) =>
    pool.initiateAuth(
      {
        AuthFlow: flowName,
        AuthParameters: withSecretHash(pool, username, AuthParameters),
        ...call.request,
        ...(session !== undefined && { Session: session }),
      },
      signal,
    ),
  );
  const { userPoolId, clientId, api } = pool;
  const start: SignInBasis = {
    version: 1,
    userPoolId,
    clientId,
    api,
    authFlow: flowName,
    username,
    deviceKey: parameters.DEVICE_KEY,
    rememberDevice: isYes(values, 'rememberDevice'),
  };
  const outcome = await proceed(call, start, reply, proof);
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

  // What the state already knows need not be given again.
  const given = {
    ...values,
    deviceKey: textOf(values, 'deviceKey') ?? state.deviceKey,
    passwordClaimSecretBlock: values.passwordClaimSecretBlock ?? state.challengeParameters?.SECRET_BLOCK,
  };
  const before = {
    ...state,
    ...(given.deviceKey !== undefined && { deviceKey: given.deviceKey }),
    rememberDevice: state.rememberDevice === true || isYes(values, 'rememberDevice'),
  };
  const call = callOf(pool, given, signal);
  const { parameters, proof } = await fillAnswer(call, state, given);
  const reply = await respond(call, before, parameters, textOf(values, 'session'));
  return proceed(call, before, reply, proof);
}

/** What stays the same for all the requests that one step makes. */
interface Call {
  readonly pool: UserPool;
  readonly request: RequestFields;
  /** Says what the device is, if there is one. */
  readonly values: InputValues;
  readonly signal: AbortSignal;
}

/** What Cognito answered, and whether that took a second request without the device, which it does not know any more. */
interface Reply {
  readonly answer: AuthAnswer;
  readonly deviceForgotten: boolean;
}

function callOf(pool: UserPool, values: InputValues, signal: AbortSignal): Call {
  return { pool, request: requestFieldsOf(pool, values), values, signal };
}

async function fillAnswer(call: Call, state: OpenChallenge, values: InputValues): Promise<FilledStep> {
  const step = challengeStep(state.challengeName);
  const secret = textOf(values, 'totpSecret');
  if (step.totp && secret !== undefined && textOf(values, 'code') === undefined) {
    const code = await nextTotpCode(secret, () => call.pool.now(), call.signal);
    return fillStep(step, { ...values, code }, call.signal);
  }
  return fillStep(step, values, call.signal);
}

/** Follows an answer to tokens or to the next challenge that somebody else has to answer. */
async function proceed(
  call: Call,
  basis: SignInBasis,
  { answer, deviceForgotten }: Reply,
  proof: PendingProof | undefined,
): Promise<Outcome> {
  const before = deviceForgotten ? { ...basis, deviceKey: undefined } : basis;
  if (answer.AuthenticationResult) {
    const outcome = signedIn(before, answer.AuthenticationResult);
    return { ...outcome, ...(await confirmDevice(call, before, answer.AuthenticationResult)), deviceForgotten };
  }
  const { challenge, state } = challenged(before, answer);
  const filled = await fillByItself(call, state, proof);
  if (!filled) return { challenge, state, deviceForgotten };
  const next = await respond(call, state, filled.parameters);
  const forgotten = deviceForgotten || next.deviceForgotten;
  return proceed(call, state, { ...next, deviceForgotten: forgotten }, filled.proof);
}

const isOfDevice = ({ challengeName }: OpenChallenge): boolean => {
  const { srp, verifies } = challengeStep(challengeName);
  return srp?.proves === 'device' || verifies === 'device';
};

/** The answer to a challenge that asks for nothing but a proof, if what it takes is at hand. */
async function fillByItself(
  { pool, values, signal }: Call,
  state: OpenChallenge,
  proof: PendingProof | undefined,
): Promise<FilledStep | undefined> {
  const step = challengeStep(state.challengeName);
  if (step.srp?.proves === 'device' && deviceOf(values)) {
    return fillStep(step, { ...values, extraParameters: undefined }, signal);
  }
  if (!proof || step.verifies !== proof.proves) return undefined;

  const { SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP } = state.challengeParameters ?? {};
  const identity = { realm: pool.srpRealm, userId: USER_ID_FOR_SRP ?? state.username ?? '', ...proof.identity };
  const challenge = { salt: SALT, srpB: SRP_B, secretBlock: SECRET_BLOCK };
  const given = [proof.ephemeral, challenge, identity, pool.now()] as const;
  const parameters = await inSrpThread('provePassword', [...given], signal);
  return { parameters: { ...parameters } };
}

async function respond(
  { pool, request, signal }: Call,
  state: OpenChallenge,
  responses: Record<string, string>,
  session: string | undefined = state.session,
): Promise<Reply> {
  const parameters: Record<string, string> = {
    ...(state.username !== undefined && { USERNAME: state.username }),
    ...(state.deviceKey !== undefined && { DEVICE_KEY: state.deviceKey }),
    ...responses,
  };
  const send = (ChallengeResponses: Record<string, string>): Promise<AuthAnswer> =>
    pool.respondToAuthChallenge(
      {
        ChallengeName: state.challengeName,
        ChallengeResponses: withSecretHash(pool, parameters.USERNAME, ChallengeResponses),
        ...request,
        ...(session !== undefined && { Session: session }),
      },
      signal,
    );
  if (!isOfDevice(state)) return sendWithDevice(parameters, send);
  const answer = await send(parameters).catch((error: unknown) => {
    throw markDeviceRefused(error);
  });
  return { answer, deviceForgotten: false };
}

/** Sends a request, and if the pool does not know its device any more, the same one without the device. */
async function sendWithDevice(
  parameters: Record<string, string>,
  send: (parameters: Record<string, string>) => Promise<AuthAnswer>,
): Promise<Reply> {
  try {
    return { answer: await send(parameters), deviceForgotten: false };
  } catch (error) {
    if (parameters.DEVICE_KEY === undefined || !isForgottenDevice(error)) throw error;
    const others = Object.entries(parameters).filter(([name]) => name !== 'DEVICE_KEY');
    return { answer: await send(Object.fromEntries(others)), deviceForgotten: true };
  }
}

/** Has the pool remember a new device where that was asked for. The user is signed in, whatever comes of it. */
async function confirmDevice(
  { pool, signal }: Call,
  before: SignInBasis,
  { AccessToken, NewDeviceMetadata }: AuthenticationResultType,
): Promise<Pick<Outcome, 'device' | 'warning'>> {
  if (!before.rememberDevice || !NewDeviceMetadata || AccessToken === undefined) return {};
  try {
    return { device: await rememberDevice(pool, AccessToken, NewDeviceMetadata, signal) };
  } catch (error) {
    return { warning: toCognitoAuthError(error) };
  }
}

/** A refresh answers without a refresh token unless it is rotated: the one in use stays good. */
function keepRefreshToken(outcome: Outcome, refreshToken: string | undefined): Outcome {
  if (!outcome.signedIn || outcome.signedIn.RefreshToken !== undefined || refreshToken === undefined) return outcome;
  return { ...outcome, signedIn: { ...outcome.signedIn, RefreshToken: refreshToken } };
}
