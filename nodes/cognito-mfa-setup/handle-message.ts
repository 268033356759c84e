import { CognitoAuthError } from '../lib/cognito/errors';
import { challengeSetupInputs, setUpMfaInSignIn, setUpMfaOfUser, userSetupInputs } from '../lib/cognito/mfa-setup';
import { readSignInState, type OpenChallenge } from '../lib/cognito/sign-in-state';
import { DeviceKeeper, signInWith } from '../lib/node-red/device-keeper';
import type { Exit } from '../lib/node-red/message-runner';
import {
  leave,
  orEraseSecrets,
  put,
  readNodeInputs,
  readStepInputs,
  type SignInMessage,
} from '../lib/node-red/sign-in-step';
import { fromPayload, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some set-up takes. Right behind a sign-in its access token is at hand. */
export const defaultSettings = {
  ...fromPayload(['choice', 'code', 'email']),
  accessToken: 'payload.AccessToken',
  accessTokenType: 'msg',
  preferred: true,
};

/** The open MFA_SETUP on the message; undefined where a user is signed in already. */
function openSetup({ cognito }: SignInMessage): OpenChallenge | undefined {
  if (cognito === undefined) return undefined;
  const state = readSignInState(cognito);
  const { challengeName } = state;
  if (challengeName === undefined) return undefined;
  if (challengeName !== 'MFA_SETUP') {
    throw new CognitoAuthError('ChallengeUnexpected', { field: challengeName, expected: 'MFA_SETUP' });
  }
  return { ...state, challengeName };
}

async function poolAndSetup({ RED, settings, msg }: Source) {
  return { pool: await userPoolOf(RED, settings.userPool), state: openSetup(msg) };
}

/** Sets up MFA with what the message brings: inside its open MFA_SETUP, or for the user of its access token. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const { msg, settings } = source;
  const { pool, state } = await orEraseSecrets(source, poolAndSetup(source));
  const showQr = { port: 2, result: { waiting: 'showQr' } } as const;
  if (state) {
    const values = await readStepInputs(source, challengeSetupInputs, pool.api);
    const keeper = await DeviceKeeper.ofSignIn(source, pool, state);
    const onVerified = (verified: OpenChallenge): void => {
      put(msg, { cognito: verified }, signal);
    };
    const outcome = await signInWith(keeper, values, (given) =>
      setUpMfaInSignIn(pool, state, given, onVerified, signal),
    );
    if (!('secret' in outcome)) return leave(source, pool, outcome, signal);
    put(msg, { payload: outcome.secret, cognito: outcome.state }, signal);
    return showQr;
  }
  const values = await readNodeInputs(source, userSetupInputs, pool.api);
  const awaited = await setUpMfaOfUser(pool, values, settings.preferred !== false, signal);
  put(msg, { payload: awaited?.secret ?? {} }, signal);
  return awaited ? showQr : { port: 0, result: { done: 'enrolled' } };
}
