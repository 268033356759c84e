/* What the tests use of node-red-node-test-helper, which comes without types. */

declare module 'node-red-node-test-helper' {
  import type { Node, NodeAPI } from 'node-red';

  interface LogSpy {
    /** The arguments of each call of Node-RED's log. */
    readonly args: unknown[][];
  }

  interface NodeTestHelper {
    load(nodes: ((RED: NodeAPI) => void)[], flow: object[], credentials?: Record<string, object>): Promise<void>;
    unload(): Promise<void>;
    setFlows(flow: object[], type?: 'full' | 'flows' | 'nodes', credentials?: Record<string, object>): Promise<void>;
    clearFlows(): Promise<void>;
    getNode(id: string): Node;
    log(): LogSpy;
  }

  const helper: NodeTestHelper;
  export default helper;
}
