import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { UserPool } from '../lib/cognito/user-pool';
import { whenFlowsStart } from '../lib/node-red/flows-started';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import type { SealedStore } from '../lib/node-red/sealed-store';
import type { UserPoolNode } from '../lib/node-red/user-pool-node';
import { registerAdminRoutes } from './admin-routes';

/** How long the flows run before the SDK is loaded in the background, in ms. */
const loadDelay = 500;

export = (RED: NodeAPI): void => {
  function CognitoUserPool(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    hideCredentials(this);

    // Settings that can't work are told to every message that needs the pool: a config node's errors reach no Catch.
    let created: Promise<UserPool> | undefined;
    const userPool: UserPoolNode['userPool'] = () => {
      created ??= import('./create-user-pool.js').then(({ createUserPool }) =>
        createUserPool(RED, { ...config }, { ...this.credentials }),
      );
      return created;
    };
    let store: Promise<SealedStore> | undefined;
    const sealedStore: UserPoolNode['sealedStore'] = () => {
      store ??= import('./create-user-pool.js').then(({ createSealedStore }) =>
        createSealedStore(this, { ...config }, { ...this.credentials }),
      );
      return store;
    };
    Object.assign(this, { userPool, sealedStore, settings: { ...config } });

    let loading: NodeJS.Timeout | undefined;
    const cancel = whenFlowsStart(RED, () => {
      loading = setTimeout(() => {
        void userPool()
          .then((pool) => pool.load())
          .catch(() => undefined); // the first message that needs the pool reports it
      }, loadDelay).unref();
    });

    this.on('close', (done: () => void) => {
      cancel();
      clearTimeout(loading);
      void Promise.resolve(created)
        .then((pool) => pool?.close())
        .catch(() => undefined) // it was never there
        .then(done);
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-user-pool', CognitoUserPool, {
    credentials: {
      clientSecret: secret,
      accessKeyId: secret,
      secretAccessKey: secret,
      sessionToken: secret,
      encryptionKey: secret,
    },
  });
  registerAdminRoutes(RED);
};
