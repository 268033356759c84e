import { challenge, challenges } from '../lib/cognito/challenges';
import { CognitoAuthError } from '../lib/cognito/errors';
import { deviceInputNames } from '../lib/cognito/inputs';
import { respondToChallenge } from '../lib/cognito/sign-in';
import { readSignInState, startedElsewhere, type OpenChallenge } from '../lib/cognito/sign-in-state';
import { inputsOf } from '../lib/cognito/steps';
import type { UserPool } from '../lib/cognito/user-pool';
import { DeviceKeeper, signInWith } from '../lib/node-red/device-keeper';
import type { Exit } from '../lib/node-red/message-runner';
import { leave, orEraseSecrets, readStepInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { fromPayload, readText, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some challenge takes, and the device; a TOTP secret does not belong on a message. */
export const defaultSettings = {
  ...fromPayload([...Object.values(challenges).flatMap(inputsOf), ...deviceInputNames]),
  totpSecret: '',
  totpSecretType: 'cred',
};

/** The open challenge: the one on the message, or the chosen one of a sign-in that began in another program. */
async function openChallenge(source: Source, pool: UserPool): Promise<OpenChallenge> {
  const msg: SignInMessage = source.msg;
  const chosen = await readText(source, 'challengeName');
  if (msg.cognito === undefined) {
    const username = await readText(source, 'username');
    if (chosen === undefined || username === undefined) throw new CognitoAuthError('ChallengeMissing');
    return startedElsewhere(pool, chosen, username);
  }
  const state = readSignInState(msg.cognito);
  const { challengeName } = state;
  if (challengeName === undefined) throw new CognitoAuthError('ChallengeMissing');
  if (chosen !== undefined && chosen !== challengeName) {
    throw new CognitoAuthError('ChallengeUnexpected', { field: challengeName, expected: chosen });
  }
  return { ...state, challengeName };
}

async function poolAndChallenge(source: Source) {
  const pool = await userPoolOf(source.RED, source.settings.userPool);
  return { pool, state: await openChallenge(source, pool) };
}

/** Answers the challenge on the message with what the message brings. */
export async function handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
  const { pool, state } = await orEraseSecrets(source, poolAndChallenge(source));
  const values = await readStepInputs(source, inputsOf(challenge(state.challengeName)), pool.api);
  const keeper = await DeviceKeeper.ofSignIn(source, pool, state);
  const outcome = await signInWith(keeper, values, (given) => respondToChallenge(pool, state, given, signal));
  return leave(source, pool, outcome, signal);
}
