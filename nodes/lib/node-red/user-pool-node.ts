import type { Node, NodeAPI } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import type { UserPool } from '../cognito/user-pool';

/** The config node as the other nodes see it. */
export interface UserPoolNode extends Node {
  /** @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset when its settings can't work */
  userPool(): Promise<UserPool>;
}

/**
 * The user pool that a node refers to.
 * @param id the id of a `cognito-user-pool` config node
 * @throws CognitoAuthError UserPoolMissing when there is none, or it is disabled; what `userPool()` throws
 */
export async function userPoolOf(RED: NodeAPI, id: unknown): Promise<UserPool> {
  // The types say that getNode always finds one.
  const node = (typeof id === 'string' ? RED.nodes.getNode(id) : null) as UserPoolNode | null;
  if (node?.type !== 'cognito-user-pool') throw new CognitoAuthError('UserPoolMissing', { field: 'userPool' });
  return node.userPool();
}
