import { authFlow, authFlows, defaultAuthFlow } from '../lib/cognito/auth-flows';
import { initiateAuth } from '../lib/cognito/sign-in';
import { isSignInState } from '../lib/cognito/sign-in-state';
import { inputsOf } from '../lib/cognito/steps';
import type { Exit } from '../lib/node-red/message-runner';
import { eraseAllSecrets, leave, readStepInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { fromPayload, readText, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some flow takes. */
export const defaultSettings = fromPayload(Object.values(authFlows).flatMap(inputsOf));

async function poolAndFlow(source: Source) {
  const pool = await userPoolOf(source.RED, source.settings.userPool);
  return { pool, flowName: (await readText(source, 'authFlow')) ?? defaultAuthFlow[pool.api] };
}

/** Starts a sign-in with what the message brings. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const msg: SignInMessage = source.msg;
  const { pool, flowName } = await poolAndFlow(source).catch((error: unknown) => {
    eraseAllSecrets(source);
    throw error;
  });
  const values = await readStepInputs(source, ['username', ...inputsOf(authFlow(flowName))], pool.api);
  const previous = isSignInState(msg.cognito) ? msg.cognito : undefined;
  return leave(msg, await initiateAuth(pool, flowName, values, signal, previous), signal);
}
