import type { NodeAPI } from 'node-red';
import { answerTo, TokenRejected } from '../lib/cognito/token-rejections';
import { loadSigningKeys, verifyToken } from '../lib/cognito/token-verifier';
import type { Exit } from '../lib/node-red/message-runner';
import { put, type SignInMessage } from '../lib/node-red/sign-in-step';
import { readInputs, type Settings, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';
import { issuerIn, readRules } from './token-rules';

/** A request's own header, and the access tokens of the user pool's own app client. */
export const defaultSettings = {
  token: 'req.headers.authorization',
  tokenType: 'msg',
  tokenUse: 'access',
  clientIds: '',
  groups: '',
  scopes: '',
  askCognito: false,
  issuer: '',
  clockTolerance: 0,
};

/** Reads the user pool's signing keys, so that the first message need not wait for them. */
export async function loadKeys(RED: NodeAPI, settings: Settings): Promise<void> {
  await loadSigningKeys(await userPoolOf(RED, settings.userPool), issuerIn({ ...defaultSettings, ...settings }));
}

/** The token stays where it is: it is the request's own, and what comes next may have to pass it on. */
function readToken(source: Source): Promise<{ readonly token?: unknown }> {
  return readInputs(source, ['token'], () => false);
}

/** Lets a message pass whose token is good, and prepares the answer to any other. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const { RED, settings } = source;
  const msg: SignInMessage = source.msg;
  // Claims that something else put there must never pass for verified ones, whichever way the message leaves.
  const { token } = await readToken(source).finally(() => {
    delete msg.cognito;
  });
  const pool = await userPoolOf(RED, settings.userPool);
  try {
    const given = token === '' ? undefined : token;
    put(msg, { cognito: await verifyToken(pool, given, readRules(settings, pool), signal) }, signal);
    return { port: 0, result: { done: 'valid' } };
  } catch (error) {
    if (!(error instanceof TokenRejected)) throw error;
    put(msg, answerTo(error), signal);
    return { port: 1, result: { rejected: error.reason } };
  }
}
