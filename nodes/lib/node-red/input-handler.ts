import { setMaxListeners } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { hideCredentials } from './hide-credentials';
import type { MessageHandler, MessageRunner } from './message-runner';
import type { Settings } from './typed-inputs';

/**
 * Runs a node's work for each message: one `send` and one `done` for each, whatever happens; failures go to Catch
 * nodes with a code and a sentence; closing aborts what is under way.
 * @param load loads the work; called when the node is deployed, so that Node-RED starts without it
 */
export function handleInput(RED: NodeAPI, node: Node, settings: Settings, load: () => Promise<MessageHandler>): void {
  hideCredentials(node);
  const runner = Promise.all([import('./message-runner.js'), load()]).then(
    ([{ MessageRunner }, handler]) => new MessageRunner(RED, node, settings, handler),
  );
  let ready: MessageRunner | undefined;
  runner.then(
    (loaded) => {
      ready = loaded;
    },
    (error: unknown) => {
      node.error(error);
    },
  );
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // each message that waits for its next code listens
  const underWay = new Set<Promise<void>>();

  node.on('input', (msg, send, done) => {
    if (ready?.runNow(msg, send, done)) return;
    const running = runner
      .then((loaded) => loaded.run(msg, send, done, closing.signal), done)
      .catch((error: unknown) => {
        node.error(error); // `send` or `done` itself failed
      })
      .finally(() => underWay.delete(running));
    underWay.add(running);
  });

  node.on('close', (_removed: boolean, done: () => void) => {
    closing.abort();
    void runner
      .then((loaded) => loaded.close([...underWay]))
      .catch(() => undefined) // what could not be loaded has been reported
      .then(done);
  });
}
