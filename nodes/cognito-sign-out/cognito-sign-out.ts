import type { Node, NodeAPI, NodeDef } from 'node-red';
import { handleInput } from '../lib/node-red/input-handler';

export = (RED: NodeAPI): void => {
  function CognitoSignOut(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    handleInput(RED, this, { ...config }, () => import('./handle-message.js'));
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-sign-out', CognitoSignOut, {
    credentials: {
      accessToken: secret,
      refreshToken: secret,
    },
  });
};
