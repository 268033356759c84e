import type { Node, NodeAPI } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import { assertResolved } from './typed-inputs';

/** Node-RED's own `http proxy` config node, the one that `http request` uses. */
interface HttpProxyNode extends Node<{ username?: string; password?: string }> {
  url: string;
  noproxy?: string[];
}

/** The protocols that proxy-agent knows; it would quote any other URL, password included. */
const protocols = /^(https?|socks(4a?|5h?)?|pac\+\w+):/i;

/**
 * The choice of a proxy that an `http proxy` config node describes.
 * @param id the id of the config node; without one there is no choice, and the environment's variables count
 * @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset
 * @returns a function from the URL of a request to the URL of its proxy, empty for none
 */
export function proxyForUrl(RED: NodeAPI, id: unknown): ((url: string) => string) | undefined {
  const node = (typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null) as HttpProxyNode | null;
  if (!node?.url) return undefined;
  assertResolved('proxy', node.url);
  const url = node.url.includes('://') ? node.url : `http://${node.url}`;
  if (!URL.canParse(url) || !protocols.test(url)) throw new CognitoAuthError('UserPoolInvalid', { field: 'proxy' });
  const proxy = new URL(url);
  const credentials = node.credentials as HttpProxyNode['credentials'] | undefined;
  if (credentials?.username) {
    proxy.username = encodeURIComponent(credentials.username);
    proxy.password = encodeURIComponent(credentials.password ?? '');
  }
  const direct = (node.noproxy ?? []).map((host) => host.trim().toLowerCase()).filter((host) => host !== '');
  return (url) => {
    const { hostname } = new URL(url);
    return direct.some((host) => hostname === host || hostname.endsWith(`.${host.replace(/^\*?\./, '')}`))
      ? ''
      : proxy.href;
  };
}
