import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import { catchableError } from './catchable-error';
import { Status, type Result } from './status';
import { translate } from './translate';

/** Where a message leaves the node, and how that is shown. */
export interface Exit {
  /** Counted from 0. */
  readonly port: number;
  readonly result: Result;
}

/**
 * Runs a node's work for each message: one `send` and one `done` for each, whatever happens; failures go to Catch
 * nodes with a code and a sentence; closing aborts what is under way.
 * @param work changes the message and says where it leaves; a rejection is reported and sends nothing
 */
export function handleInput(
  RED: NodeAPI,
  node: Node,
  work: (msg: NodeMessageInFlow, signal: AbortSignal) => Promise<Exit>,
): void {
  const status = new Status(RED, node);
  const underWay = new Map<Promise<void>, AbortController>();

  async function handle(
    msg: NodeMessageInFlow,
    signal: AbortSignal,
    send: (msg: (NodeMessageInFlow | null)[]) => void,
    done: (error?: Error) => void,
  ): Promise<void> {
    status.started();
    try {
      const { port, result } = await work(msg, signal);
      if (signal.aborted) throw new CognitoAuthError('Aborted');
      status.finished(result);
      send([...Array<null>(port).fill(null), msg]);
      done();
    } catch (thrown) {
      const error = catchableError(RED, thrown);
      status.finished({ error: error.code });
      done(error);
    }
  }

  node.on('input', (msg, send, done) => {
    const controller = new AbortController();
    const running = handle(msg, controller.signal, send, done).finally(() => underWay.delete(running));
    underWay.set(running, controller);
  });

  node.on('close', (_removed: boolean, done: () => void) => {
    const count = underWay.size;
    // At a full deploy the Catch nodes have stopped already, so the log has to tell.
    if (count > 0) node.warn(translate(RED, 'aborted', { count }) ?? `aborted: ${count}`);
    for (const controller of underWay.values()) controller.abort();
    void Promise.all(underWay.keys()).then(() => {
      status.close();
      done();
    });
  });
}
