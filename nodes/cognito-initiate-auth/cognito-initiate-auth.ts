import type { Node, NodeAPI, NodeDef } from 'node-red';
import { authFlow, authFlows, defaultAuthFlow } from '../lib/cognito/auth-flows';
import { initiateAuth } from '../lib/cognito/sign-in';
import { isSignInState } from '../lib/cognito/sign-in-state';
import { inputsOf } from '../lib/cognito/steps';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import { handleInput } from '../lib/node-red/input-handler';
import { eraseAllSecrets, leave, readStepInputs, type SignInMessage } from '../lib/node-red/sign-in-step';
import { readText, withPayloadDefaults, type Settings, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';

/** Every input that some flow takes. */
const inputNames = [...new Set(Object.values(authFlows).flatMap(inputsOf))];

export = (RED: NodeAPI): void => {
  function CognitoInitiateAuth(this: Node, config: NodeDef & Settings): void {
    RED.nodes.createNode(this, config);
    hideCredentials(this);
    const settings = withPayloadDefaults(config, inputNames);

    async function poolAndFlow(source: Source) {
      const pool = userPoolOf(RED, settings.userPool);
      return { pool, flowName: (await readText(source, 'authFlow')) ?? defaultAuthFlow[pool.api] };
    }

    handleInput(RED, this, async (msg: SignInMessage, signal) => {
      const source = { RED, node: this, settings, msg };
      const { pool, flowName } = await poolAndFlow(source).catch((error: unknown) => {
        eraseAllSecrets(source);
        throw error;
      });
      const values = await readStepInputs(source, ['username', ...inputsOf(authFlow(flowName))]);
      const previous = isSignInState(msg.cognito) ? msg.cognito : undefined;
      return leave(msg, await initiateAuth(pool, flowName, values, signal, previous));
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-initiate-auth', CognitoInitiateAuth, {
    credentials: { password: secret, refreshToken: secret, accessToken: secret, extraParameters: secret },
  });
};
