import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { UserPool } from '../lib/cognito/user-pool';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import type { SealedStore } from '../lib/node-red/sealed-store';
import type { UserPoolNode } from '../lib/node-red/user-pool-node';

/** How long the flows run before the SDK is loaded in the background, in ms. */
const loadDelay = 500;

export = (RED: NodeAPI): void => {
  /** The pools that wait for the flows to start, behind one listener: flows may have many. */
  const waiting = new Set<() => void>();
  const flowsStarted = (): void => {
    for (const loadSoon of waiting) loadSoon();
    waiting.clear();
  };

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
    Object.assign(this, { userPool, sealedStore });

    let loading: NodeJS.Timeout | undefined;
    const loadSoon = (): void => {
      loading = setTimeout(() => {
        void userPool()
          .then((pool) => pool.load())
          .catch(() => undefined); // the first message that needs the pool reports it
      }, loadDelay).unref();
    };
    if (waiting.size === 0) RED.events.once('flows:started', flowsStarted);
    waiting.add(loadSoon);

    this.on('close', (done: () => void) => {
      waiting.delete(loadSoon);
      if (waiting.size === 0) RED.events.off('flows:started', flowsStarted);
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
};
