import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { unlessAborted } from '../cognito/unless-aborted';
import { catchableError } from './catchable-error';
import { Status, type Result } from './status';
import { translate } from './translate';
import type { Settings, Source } from './typed-inputs';

/** Where a message leaves the node, and how that is shown. */
export interface Exit {
  /** Counted from 0. */
  readonly port: number;
  readonly result: Result;
}

/** What one type of node does with a message. */
export interface MessageHandler {
  /** What holds where the node's settings say nothing: the same as the editor's defaults. */
  readonly defaultSettings: Settings;
  /** Changes the message and says where it leaves; a rejection is reported, and nothing is sent. */
  handleMessage(source: Source, signal: AbortSignal): Promise<Exit>;
}

/** Takes one node's messages through its handler. */
export class MessageRunner {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #settings: Settings;
  readonly #handler: MessageHandler;
  readonly #status: Status;

  constructor(RED: NodeAPI, node: Node, settings: Settings, handler: MessageHandler) {
    this.#RED = RED;
    this.#node = node;
    this.#settings = { ...handler.defaultSettings, ...settings };
    this.#handler = handler;
    this.#status = new Status(RED, node);
  }

  /** Handles one message. Rejects only if `send` or `done` throws. */
  async run(
    msg: NodeMessageInFlow,
    send: (msg: (NodeMessageInFlow | null)[]) => void,
    done: (error?: Error) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.#status.started();
    const source = { RED: this.#RED, node: this.#node, settings: this.#settings, msg };
    let exit: Exit;
    try {
      exit = await unlessAborted(signal, this.#handler.handleMessage(source, signal));
    } catch (thrown) {
      const error = catchableError(this.#RED, this.#settings, thrown);
      this.#status.finished({ error: error.code });
      done(error);
      return;
    }
    this.#status.finished(exit.result);
    send([...Array<null>(exit.port).fill(null), msg]);
    done();
  }

  /** Waits for messages that have been aborted, and says how many there were. */
  async close(aborted: readonly Promise<void>[]): Promise<void> {
    const count = aborted.length;
    // At a full deploy the Catch nodes have stopped already, so the log has to tell.
    if (count > 0) this.#node.warn(translate(this.#RED, 'aborted', { count }) ?? `aborted: ${count}`);
    await Promise.all(aborted);
    this.#status.close();
  }
}
