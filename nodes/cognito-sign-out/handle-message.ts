import { CognitoAuthError } from '../lib/cognito/errors';
import { isSignInState } from '../lib/cognito/sign-in-state';
import { isOver, signOut, signOutNamed, signOuts } from '../lib/cognito/sign-out';
import type { Exit } from '../lib/node-red/message-runner';
import { orEraseSecrets, readNodeInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { fromPayload, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Right behind a sign-in its tokens are at hand. */
export const defaultSettings = {
  signOut: 'everywhere',
  ...fromPayload(['username', 'accessToken', 'refreshToken']),
  accessToken: 'payload.AccessToken',
  refreshToken: 'payload.RefreshToken',
};

async function poolAndChoice({ RED, settings }: Source) {
  return { pool: await userPoolOf(RED, settings.userPool), name: signOutNamed(settings.signOut) };
}

/** Signs out the user whom the message names or brings a token of, and takes that user's sign-in off the message. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const msg: SignInMessage = source.msg;
  const { pool, name } = await orEraseSecrets(source, poolAndChoice(source));
  const values = await readNodeInputs(source, signOuts[name][pool.api], pool.api);
  const current = isSignInState(msg.cognito) ? msg.cognito : undefined;
  const user = await signOut(pool, name, values, current, signal);
  if (signal.aborted) throw new CognitoAuthError('Aborted');
  if (current && isOver(current, pool, user)) delete msg.cognito;
  return { port: 0, result: { done: 'signedOut' } };
}
