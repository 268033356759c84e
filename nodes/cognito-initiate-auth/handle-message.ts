import { authFlow, authFlows, defaultAuthFlow } from '../lib/cognito/auth-flows';
import { CognitoAuthError } from '../lib/cognito/errors';
import { textEntriesOf, textOf } from '../lib/cognito/input-text';
import { deviceInputNames, type InputValues } from '../lib/cognito/inputs';
import { initiateAuth } from '../lib/cognito/sign-in';
import { isSignInState } from '../lib/cognito/sign-in-state';
import { inputsOf } from '../lib/cognito/steps';
import type { UserPool } from '../lib/cognito/user-pool';
import { DeviceKeeper, signInWith } from '../lib/node-red/device-keeper';
import type { Exit } from '../lib/node-red/message-runner';
import { leave, orEraseSecrets, readStepInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { fromPayload, readText, type Source } from '../lib/node-red/typed-inputs';
import { userPoolNode, userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some flow takes, and the device. */
export const defaultSettings = fromPayload([...Object.values(authFlows).flatMap(inputsOf), ...deviceInputNames]);

async function poolAndFlow(source: Source) {
  const pool = await userPoolOf(source.RED, source.settings.userPool);
  return { pool, flowName: (await readText(source, 'authFlow')) ?? defaultAuthFlow[pool.api] };
}

/**
 * What keeps the device, for a node that is set to remember it. Not for people: a remembered device skips MFA, so that
 * whoever has a person's password would be let in by this node's device.
 * @throws CognitoAuthError DeviceNeedsOwnAccount unless the node signs in an account of its own
 */
async function ownDeviceKeeper(source: Source, pool: UserPool, values: InputValues): Promise<DeviceKeeper | undefined> {
  const { RED, settings } = source;
  if (settings.keepDevice !== true || pool.api !== 'client-side') return undefined;
  const username = textOf(values, 'username');
  const isOwn = settings.passwordType === 'cred' && ['str', 'env'].includes(String(settings.usernameType));
  const extra = textEntriesOf(values, 'extraParameters');
  const isReplaced = ['USERNAME', 'PASSWORD', 'SRP_A'].some((parameter) => parameter in extra);
  const isRelayed = textOf(values, 'srpA') !== undefined;
  if (!isOwn || isReplaced || isRelayed || username === undefined) throw new CognitoAuthError('DeviceNeedsOwnAccount');
  return new DeviceKeeper(RED, await userPoolNode(RED, settings.userPool).sealedStore(), pool, username);
}

/** Starts a sign-in with what the message brings. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const msg: SignInMessage = source.msg;
  const { pool, flowName } = await orEraseSecrets(source, poolAndFlow(source));
  const values = await readStepInputs(source, ['username', ...inputsOf(authFlow(flowName))], pool.api);
  const previous = isSignInState(msg.cognito) ? msg.cognito : undefined;
  const keeper = await ownDeviceKeeper(source, pool, values);
  const outcome = await signInWith(keeper, values, (given) => initiateAuth(pool, flowName, given, signal, previous));
  return leave(source, pool, outcome, signal);
}
