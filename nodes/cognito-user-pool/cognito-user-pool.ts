import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { UserPool } from '../lib/cognito/user-pool';
import { lazy } from '../lib/lazy';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import type { UserPoolNode } from '../lib/node-red/user-pool-node';

/** How long the flows run before the SDK is loaded in the background, in ms. */
const loadDelay = 500;

export = (RED: NodeAPI): void => {
  function CognitoUserPool(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    hideCredentials(this);

    // Settings that can't work are told to every message that needs the pool: a config node's errors reach no Catch.
    const userPool: UserPoolNode['userPool'] = lazy(async (): Promise<UserPool> => {
      const { createUserPool } = await import('./create-user-pool.js');
      return createUserPool(RED, { ...config }, { ...this.credentials });
    });
    Object.assign(this, { userPool });

    let loading: NodeJS.Timeout | undefined;
    const loadSoon = (): void => {
      loading = setTimeout(() => {
        // A failure is not lost: the first call tries again, and reports it.
        void userPool()
          .then((pool) => pool.load())
          .catch(() => undefined);
      }, loadDelay).unref();
    };
    RED.events.once('flows:started', loadSoon);

    this.on('close', (done: () => void) => {
      RED.events.off('flows:started', loadSoon);
      clearTimeout(loading);
      void userPool()
        .then((pool) => pool.close())
        .catch(() => undefined)
        .then(done);
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-user-pool', CognitoUserPool, {
    credentials: { clientSecret: secret, accessKeyId: secret, secretAccessKey: secret, sessionToken: secret },
  });
};
