import type { Node } from 'node-red';

/** Keeps a node's credentials out of `util.inspect`, `console.log` and JSON. */
export function hideCredentials(node: Node): void {
  Object.defineProperty(node, 'credentials', { enumerable: false });
}
