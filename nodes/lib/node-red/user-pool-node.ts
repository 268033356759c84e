import type { Node, NodeAPI } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import type { UserPool } from '../cognito/user-pool';
import type { SealedStore } from './sealed-store';
import type { Settings } from './typed-inputs';

/** The config node as the other nodes see it. */
export interface UserPoolNode extends Node {
  /** What it was deployed with, without its secrets. */
  readonly settings: Settings;
  /** @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset when its settings can't work */
  userPool(): Promise<UserPool>;
  /**
   * Where nodes keep what has to outlast a message.
   * @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset when there is no encryption key
   */
  sealedStore(): Promise<SealedStore>;
}

/**
 * The user pool that a node refers to.
 * @param id the id of a `cognito-user-pool` config node
 * @throws CognitoAuthError UserPoolMissing when there is none, or it is disabled; what `userPool()` throws
 */
export async function userPoolOf(RED: NodeAPI, id: unknown): Promise<UserPool> {
  return userPoolNode(RED, id).userPool();
}

/** The config node of that id. @throws CognitoAuthError UserPoolMissing */
export function userPoolNode(RED: NodeAPI, id: unknown): UserPoolNode {
  // The types say that getNode always finds one.
  const node = (typeof id === 'string' ? RED.nodes.getNode(id) : null) as UserPoolNode | null;
  if (node?.type !== 'cognito-user-pool') throw new CognitoAuthError('UserPoolMissing', { field: 'userPool' });
  return node;
}
