import type { Node, NodeAPI, NodeMessage, NodeMessageInFlow } from 'node-red';
import type { CognitoAuthError } from '../cognito/errors';
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

/** The node, for what does not come of a message in the works. */
export interface Outlet {
  /** Sends a message of the node's own. */
  send(port: number, msg: NodeMessage & Record<string, unknown>): void;
  show(result: Result): void;
  warn(error: CognitoAuthError): void;
  /** Tells Catch nodes, without a message of the flow's. */
  fail(error: CognitoAuthError): void;
}

/** What one type of node does with a message, or one node. */
export interface MessageHandler {
  /** What holds where the node's settings say nothing: the same as the editor's defaults. */
  readonly defaultSettings: Settings;
  /** Changes the message and says where it leaves; a rejection is reported, and nothing is sent. */
  handleMessage(source: Source, signal: AbortSignal): Promise<Exit>;
  /** The same for a message that need not wait for anything; undefined for all others, which it leaves as they are. */
  handleNow?(source: Source): Exit | undefined;
  /** Called once, before the first message. @param source without a message */
  open?(source: Omit<Source, 'msg'>, outlet: Outlet): void;
  close?(): void;
}

type Send = (msg: (NodeMessageInFlow | null)[]) => void;

/** A message and the ports before its own, as `send` wants them. */
function atPort<Message>(port: number, msg: Message): (Message | null)[] {
  return [...Array<null>(port).fill(null), msg];
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
    handler.open?.(
      { RED, node, settings: this.#settings },
      {
        send: (port, msg) => {
          node.send(atPort(port, msg));
        },
        show: (result) => {
          this.#status.report(result);
        },
        warn: (error) => {
          node.warn(catchableError(RED, this.#settings, error).message);
        },
        fail: (error) => {
          node.error(catchableError(RED, this.#settings, error), {});
        },
      },
    );
  }

  /** Handles a message at once, if that can be done. @returns whether it was */
  runNow(msg: NodeMessageInFlow, send: Send, done: (error?: Error) => void): boolean {
    let exit: Exit | undefined;
    try {
      exit = this.#handler.handleNow?.(this.#sourceOf(msg));
    } catch (thrown) {
      const error = catchableError(this.#RED, this.#settings, thrown);
      this.#status.report({ error: error.code });
      done(error);
      return true;
    }
    if (!exit) return false;
    this.#status.report(exit.result);
    send(atPort(exit.port, msg));
    done();
    return true;
  }

  /** Handles one message. Rejects only if `send` or `done` throws. */
  async run(msg: NodeMessageInFlow, send: Send, done: (error?: Error) => void, signal: AbortSignal): Promise<void> {
    this.#status.started();
    let exit: Exit;
    try {
      exit = await unlessAborted(signal, this.#handler.handleMessage(this.#sourceOf(msg), signal));
    } catch (thrown) {
      const error = catchableError(this.#RED, this.#settings, thrown);
      this.#status.finished({ error: error.code });
      done(error);
      return;
    }
    this.#status.finished(exit.result);
    send(atPort(exit.port, msg));
    done();
  }

  /** Waits for messages that have been aborted, and says how many there were. */
  async close(aborted: readonly Promise<void>[]): Promise<void> {
    const count = aborted.length;
    // At a full deploy the Catch nodes have stopped already, so the log has to tell.
    if (count > 0) this.#node.warn(translate(this.#RED, 'aborted', { count }) ?? `aborted: ${count}`);
    await Promise.all(aborted);
    this.#handler.close?.();
    this.#status.close();
  }

  #sourceOf(msg: NodeMessageInFlow): Source {
    return { RED: this.#RED, node: this.#node, settings: this.#settings, msg };
  }
}
