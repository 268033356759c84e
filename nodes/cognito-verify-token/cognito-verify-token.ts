import type { Node, NodeAPI, NodeDef } from 'node-red';
import { whenFlowsStart } from '../lib/node-red/flows-started';
import { handleInput } from '../lib/node-red/input-handler';

/** How long the flows run before the signing keys are read in the background, in ms. */
const loadDelay = 500;

export = (RED: NodeAPI): void => {
  function CognitoVerifyToken(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    const settings = { ...config };
    const load = () => import('./handle-message.js');
    handleInput(RED, this, settings, load);

    let loading: NodeJS.Timeout | undefined;
    const cancel = whenFlowsStart(RED, () => {
      loading = setTimeout(() => {
        void load()
          .then(({ loadKeys }) => loadKeys(RED, settings))
          .catch(() => undefined); // the first message that needs the keys tries again, and reports it
      }, loadDelay).unref();
    });
    this.on('close', () => {
      cancel();
      clearTimeout(loading);
    });
  }

  RED.nodes.registerType('cognito-verify-token', CognitoVerifyToken);
};
