import type { Node, NodeAPI, NodeDef } from 'node-red';
import { whenFlowsStart } from '../lib/node-red/flows-started';
import { handleInput } from '../lib/node-red/input-handler';

export = (RED: NodeAPI): void => {
  function CognitoToken(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    const started = new Promise<void>((resolve) => {
      this.on('close', whenFlowsStart(RED, resolve));
    });
    handleInput(RED, this, { ...config }, async () => {
      const { TokenHandler } = await import('./token-handler.js');
      return new TokenHandler(started);
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-token', CognitoToken, {
    credentials: {
      password: secret,
      totpSecret: secret,
      refreshToken: secret,
      answer: secret,
      extraParameters: secret,
    },
  });
};
