import { CognitoAuthError } from '../lib/cognito/errors';
import { isSignInState } from '../lib/cognito/sign-in-state';
import { isOver, signOut, signOutNamed, signOuts } from '../lib/cognito/sign-out';
import type { UserPool } from '../lib/cognito/user-pool';
import { catchableError } from '../lib/node-red/catchable-error';
import type { Exit } from '../lib/node-red/message-runner';
import { orEraseSecrets, readNodeInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { forgetEverywhere } from '../lib/node-red/stored-tokens';
import { storeOf } from '../lib/node-red/token-account';
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

/** Forgets the tokens that other nodes hold of the user. Where a store fails that is told: the user has signed out. */
async function forget(source: Source, pool: UserPool, userNames: readonly string[]): Promise<void> {
  const warn = (error: unknown): undefined => {
    source.node.warn(catchableError(source.RED, source.settings, error).message);
  };
  const store = await storeOf(source).catch(warn);
  await forgetEverywhere(pool, store, userNames).catch(warn);
}

/** Signs out the user whom the message names or brings a token of, and takes that user's sign-in off the message. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const msg: SignInMessage = source.msg;
  const { pool, name } = await orEraseSecrets(source, poolAndChoice(source));
  const values = await readNodeInputs(source, signOuts[name][pool.api], pool.api);
  const current = isSignInState(msg.cognito) ? msg.cognito : undefined;
  const userNames = await signOut(pool, name, values, current, signal);
  if (userNames.length > 0) await forget(source, pool, userNames);
  if (signal.aborted) throw new CognitoAuthError('Aborted');
  if (current && isOver(current, pool, name, userNames)) delete msg.cognito;
  return { port: 0, result: { done: 'signedOut' } };
}
