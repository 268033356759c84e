import { requiredText, textOf } from '../lib/cognito/input-text';
import { passkeyOptions, readNewPasskey, registerPasskey } from '../lib/cognito/passkeys';
import type { Exit } from '../lib/node-red/message-runner';
import { orEraseSecrets, put, readNodeInputs } from '../lib/node-red/sign-in-step';
import { fromPayload, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Right behind a sign-in its access token is at hand. */
export const defaultSettings = { ...fromPayload(['accessToken', 'credential']), accessToken: 'payload.AccessToken' };

/** Registers the passkey that the message brings, or gets the options to make one. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const { RED, msg, settings } = source;
  const pool = await orEraseSecrets(source, userPoolOf(RED, settings.userPool));
  const values = await readNodeInputs(source, ['accessToken', 'credential'], pool.api);
  const accessToken = requiredText(values, 'accessToken');
  if (textOf(values, 'credential') === undefined) {
    put(msg, { payload: await passkeyOptions(pool, accessToken, signal) }, signal);
    return { port: 1, result: { waiting: 'showOptions' } };
  }
  const passkey = readNewPasskey(values.credential);
  await registerPasskey(pool, accessToken, passkey, signal);
  put(msg, { payload: { CredentialId: passkey.id } }, signal);
  return { port: 0, result: { done: 'registered' } };
}
