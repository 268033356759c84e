import type { NodeMessageInFlow } from 'node-red';
import type { Api } from '../cognito/apis';
import { CognitoAuthError } from '../cognito/errors';
import { isRecord } from '../cognito/guards';
import { inputs, requestInputs, type InputName, type InputValues } from '../cognito/inputs';
import { tokensOfProcess } from '../cognito/token-cache';
import type { UserPool } from '../cognito/user-pool';
import { secretParameters } from '../cognito/secret-parameters';
import type { Outcome } from '../cognito/outcome';
import { catchableError } from './catchable-error';
import type { Exit } from './message-runner';
import { storeOf, tokenAccount } from './token-account';
import { eraseSecrets, readInputs, type Source } from './typed-inputs';

/** A message on its way through sign-in. */
export interface SignInMessage extends NodeMessageInFlow {
  cognito?: unknown;
}

const isSecret = (name: InputName): boolean => inputs[name].secret === true;

/** Where a secret may come from. What any other type of input holds stands in every exported flow. */
const secretSources = ['cred', 'msg', 'flow', 'global', 'jsonata', 'env'];

/** Refuses settings that would put a secret into every exported flow. */
function assertNotExported({ settings }: Source, name: InputName, value: unknown): void {
  if (secretSources.includes(String(settings[`${name}Type`]))) return;
  // Extra parameters may be typed in, as long as none of them is known for a secret; their shape is checked later.
  const mayBeTyped = inputs[name].kind === 'object';
  const field = mayBeTyped ? secretParameters.find((parameter) => isRecord(value) && parameter in value) : name;
  if (field === undefined) return;
  throw new CognitoAuthError('InputInvalid', { field, expected: secretSources.join(', ') });
}

/**
 * A node's inputs, read from where the author said. Secrets that the message brings are erased from it before anything
 * else.
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset, naming the input
 */
export async function readNodeInputs(source: Source, names: readonly InputName[], api: Api): Promise<InputValues> {
  const isWanted = (name: InputName): boolean => (inputs[name].api ?? api) === api;
  const all = [...new Set(names)];
  eraseSecrets(
    source,
    all.filter((name) => isSecret(name) && !isWanted(name)),
  );
  const values: InputValues = await readInputs(source, all.filter(isWanted), isSecret);
  for (const [name, value] of Object.entries(values)) {
    if (isSecret(name as InputName)) assertNotExported(source, name as InputName, value);
  }
  return values;
}

/** The inputs of a step of a sign-in, with those that every request of a sign-in can carry. */
export function readStepInputs(source: Source, names: readonly InputName[], api: Api): Promise<InputValues> {
  return readNodeInputs(source, [...names, ...requestInputs], api);
}

/**
 * Waits for what tells which inputs are due. If it fails, that can't be known, and every secret that the node's inputs
 * could read is erased.
 */
export async function orEraseSecrets<T>(source: Source, decision: Promise<T>): Promise<T> {
  return decision.catch((error: unknown) => {
    eraseSecrets(
      source,
      Object.keys(inputs).filter((name) => isSecret(name as InputName)),
    );
    throw error;
  });
}

/**
 * Changes properties of the message.
 * @throws CognitoAuthError Aborted when the node was closed meanwhile, with the message left as it was
 */
export function put(msg: SignInMessage, properties: object, signal: AbortSignal): void {
  if (signal.aborted) throw new CognitoAuthError('Aborted');
  Object.assign(msg, properties);
}

function warn({ RED, node, settings }: Source, error: unknown): void {
  node.warn(catchableError(RED, settings, error).message);
}

/** Hands tokens on to token nodes. The user is signed in, whatever becomes of that. */
async function remember(source: Source, pool: UserPool, outcome: Outcome): Promise<void> {
  try {
    const { username } = outcome.state;
    await tokensOfProcess.remember(tokenAccount(pool, { username }, await storeOf(source)), outcome);
  } catch (error) {
    warn(source, error);
  }
}

/**
 * Puts a step's outcome on the message: Cognito's own answer as payload, what the next step needs as `cognito`. Where the
 * node is set to, token nodes get the tokens too.
 * @throws CognitoAuthError Aborted when the node was closed meanwhile, with the message left as it was
 */
export async function leave(source: Source, pool: UserPool, outcome: Outcome, signal: AbortSignal): Promise<Exit> {
  const { signedIn, challenge, state, device, warning } = outcome;
  if (signedIn && source.settings.rememberTokens === true) await remember(source, pool, outcome);
  const payload = device ? { ...signedIn, NewDeviceMetadata: device } : (signedIn ?? challenge);
  put(source.msg, { payload, cognito: state }, signal);
  if (warning) warn(source, warning);
  return challenge
    ? { port: 1, result: { challenge: challenge.ChallengeName } }
    : { port: 0, result: { done: 'signedIn' } };
}
