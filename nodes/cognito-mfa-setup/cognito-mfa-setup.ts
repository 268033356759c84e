import type { Node, NodeAPI, NodeDef } from 'node-red';
import { handleInput } from '../lib/node-red/input-handler';

export = (RED: NodeAPI): void => {
  function CognitoMfaSetup(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    handleInput(RED, this, { ...config }, () => import('./handle-message.js'));
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-mfa-setup', CognitoMfaSetup, {
    credentials: {
      accessToken: secret,
      code: secret,
      extraParameters: secret,
    },
  });
};
