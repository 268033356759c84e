import { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import type { NodeMessageInFlow } from 'node-red';
import initiateAuth from '../nodes/cognito-initiate-auth/cognito-initiate-auth';
import userPool from '../nodes/cognito-user-pool/cognito-user-pool';

/** A sign-in through a running `cognito-initiate-auth` node: resolves when the message has left it. */
export type SignIn = (payload: object) => Promise<void>;

/** Runs work with a Node-RED that holds one `cognito-initiate-auth`. */
export async function withSignInNode<T>(
  pool: object,
  poolCredentials: object,
  node: object,
  work: (signIn: SignIn) => Promise<T>,
): Promise<T> {
  const flow = [
    { id: 'flow', type: 'tab' },
    { id: 'pool', type: 'cognito-user-pool', ...pool },
    { id: 'initiate', z: 'flow', type: 'cognito-initiate-auth', userPool: 'pool', ...node, wires: [['out'], ['out']] },
    { id: 'out', z: 'flow', type: 'helper' },
    { id: 'catch', z: 'flow', type: 'catch', scope: null, wires: [['out']] },
  ];
  await helper.load([userPool, initiateAuth], flow, { pool: poolCredentials });
  const done = new EventEmitter().setMaxListeners(0);
  helper.getNode('out').on('input', (msg: NodeMessageInFlow & { error?: { message: string } }) => {
    if (msg.error) throw new Error(msg.error.message);
    done.emit(msg.topic ?? '');
  });
  let count = 0;
  const signIn: SignIn = (payload) => {
    count += 1;
    const topic = `sign-in ${count}`;
    return new Promise((resolve) => {
      done.once(topic, resolve);
      helper.getNode('initiate').receive({ topic, payload });
    });
  };
  try {
    return await work(signIn);
  } finally {
    await helper.unload();
  }
}
