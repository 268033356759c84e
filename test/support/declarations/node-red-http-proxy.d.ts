/* Node-RED's own `http proxy` config node, which comes without types. */

declare module '@node-red/nodes/core/network/06-httpproxy' {
  import type { NodeAPI } from 'node-red';

  export default function register(RED: NodeAPI): void;
}
