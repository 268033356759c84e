import type { NodeAPI } from 'node-red';

/** What waits for the flows to start, behind one listener: flows may have many nodes. */
const waiting = new Set<() => void>();

function flowsStarted(): void {
  const due = [...waiting];
  waiting.clear();
  for (const callback of due) callback();
}

/**
 * Calls back when the flows have started that are being deployed.
 * @returns what cancels that, for a node that is closed
 */
export function whenFlowsStart(RED: NodeAPI, callback: () => void): () => void {
  if (waiting.size === 0) RED.events.once('flows:started', flowsStarted);
  waiting.add(callback);
  return () => {
    waiting.delete(callback);
    if (waiting.size === 0) RED.events.off('flows:started', flowsStarted);
  };
}
