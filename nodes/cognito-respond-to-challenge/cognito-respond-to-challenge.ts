import type { Node, NodeAPI, NodeDef } from 'node-red';
import { challenge, challenges } from '../lib/cognito/challenges';
import { CognitoAuthError } from '../lib/cognito/errors';
import { respondToChallenge } from '../lib/cognito/sign-in';
import { readSignInState, startedElsewhere, type OpenChallenge } from '../lib/cognito/sign-in-state';
import { inputsOf } from '../lib/cognito/steps';
import type { UserPool } from '../lib/cognito/user-pool';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import { handleInput } from '../lib/node-red/input-handler';
import { eraseAllSecrets, leave, readStepInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { readText, withPayloadDefaults, type Settings, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some challenge takes; a TOTP secret does not belong on a message. */
const inputNames = [...new Set(Object.values(challenges).flatMap(inputsOf))].filter((name) => name !== 'totpSecret');

export = (RED: NodeAPI): void => {
  function CognitoRespondToChallenge(this: Node, config: NodeDef & Settings): void {
    RED.nodes.createNode(this, config);
    hideCredentials(this);
    const settings = withPayloadDefaults(config, inputNames);

    /** The open challenge: the one on the message, or the chosen one of a sign-in that began in another program. */
    async function openChallenge(source: Source, pool: UserPool): Promise<OpenChallenge> {
      const chosen = await readText(source, 'challengeName');
      const carried = (source.msg as SignInMessage).cognito;
      if (carried === undefined) {
        const username = await readText(source, 'username');
        if (chosen === undefined || username === undefined) throw new CognitoAuthError('ChallengeMissing');
        return startedElsewhere(pool, chosen, username);
      }
      const state = readSignInState(carried);
      const { challengeName } = state;
      if (challengeName === undefined) throw new CognitoAuthError('ChallengeMissing');
      if (chosen !== undefined && chosen !== challengeName) {
        throw new CognitoAuthError('ChallengeUnexpected', { field: challengeName, expected: chosen });
      }
      return { ...state, challengeName };
    }

    handleInput(RED, this, async (msg: SignInMessage, signal) => {
      const source = { RED, node: this, settings, msg };
      let pool: UserPool;
      let state: OpenChallenge;
      try {
        pool = userPoolOf(RED, settings.userPool);
        state = await openChallenge(source, pool);
      } catch (error) {
        eraseAllSecrets(source);
        throw error;
      }
      const values = await readStepInputs(source, inputsOf(challenge(state.challengeName)));
      return leave(msg, await respondToChallenge(pool, state, values, signal));
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-respond-to-challenge', CognitoRespondToChallenge, {
    credentials: {
      code: secret,
      totpSecret: secret,
      newPassword: secret,
      password: secret,
      answer: secret,
      credential: secret,
      extraParameters: secret,
    },
  });
};
