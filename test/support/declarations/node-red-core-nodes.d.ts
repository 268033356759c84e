/* Nodes of Node-RED's own, which come without types. */

declare module '@node-red/nodes/core/function/15-change' {
  import type { NodeAPI } from 'node-red';

  export default function register(RED: NodeAPI): void;
}

declare module '@node-red/nodes/core/network/06-httpproxy' {
  import type { NodeAPI } from 'node-red';

  export default function register(RED: NodeAPI): void;
}

declare module '@node-red/nodes/core/network/21-httprequest' {
  import type { NodeAPI } from 'node-red';

  export default function register(RED: NodeAPI): void;
}
