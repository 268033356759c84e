import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { translate } from './translate';

/** The shortest time between two changes of a node's status, in ms: each one is sent to every open editor. */
const interval = 1_000;

/** What a node has done, or what it now waits for. The words stand in the catalogue, below `status`. */
export const milestones = [
  'signedIn',
  'showQr',
  'enrolled',
  'showOptions',
  'registered',
  'withToken',
  'signedOut',
  'valid',
] as const;

type Milestone = (typeof milestones)[number];

/** How a message left the node. */
export type Result =
  /** `failing` is the code of what goes wrong in the background. */
  | { readonly done: Milestone; readonly failing?: string }
  | { readonly waiting: Milestone }
  | { readonly challenge: string }
  | { readonly rejected: string }
  | { readonly error: string };

/** Shows how many messages are in the works and how the last one ended. Never whom it was about. */
export class Status {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  #inFlight = 0;
  #last: Result | undefined;
  #shownAt = -interval;
  #timer: NodeJS.Timeout | undefined;

  constructor(RED: NodeAPI, node: Node) {
    this.#RED = RED;
    this.#node = node;
  }

  started(): void {
    this.#inFlight += 1;
    this.#showSoon();
  }

  finished(result: Result): void {
    this.#inFlight -= 1;
    this.report(result);
  }

  /** For what does not come of a message in the works. */
  report(result: Result): void {
    this.#last = result;
    this.#showSoon();
  }

  /** Shows nothing from now on. */
  close(): void {
    clearTimeout(this.#timer);
    this.#showSoon = () => undefined;
    this.#node.status({});
  }

  #showSoon = (): void => {
    if (this.#timer) return;
    const wait = Math.max(0, this.#shownAt + interval - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#shownAt = performance.now();
      this.#node.status(this.#status());
    }, wait);
    this.#timer.unref();
  };

  #status(): NodeStatus {
    const last = this.#last && this.#describe(this.#last);
    if (this.#inFlight === 0) return last ?? {};
    const count = translate(this.#RED, 'status.inFlight', { count: this.#inFlight }) ?? String(this.#inFlight);
    const isFailing = this.#last !== undefined && 'error' in this.#last;
    const text = [count, last?.text].filter(Boolean).join(' · ');
    return { fill: isFailing ? 'yellow' : 'blue', shape: 'dot', text };
  }

  #describe(result: Result): NodeStatus {
    if ('error' in result) return { fill: 'red', shape: 'ring', text: result.error };
    if ('challenge' in result) return { fill: 'yellow', shape: 'ring', text: result.challenge };
    if ('rejected' in result) return { fill: 'yellow', shape: 'ring', text: result.rejected };
    const milestone = 'done' in result ? result.done : result.waiting;
    const text = translate(this.#RED, `status.${milestone}`) ?? milestone;
    if ('waiting' in result) return { fill: 'yellow', shape: 'ring', text };
    if (result.failing !== undefined) return { fill: 'yellow', shape: 'dot', text: `${text} · ${result.failing}` };
    return { fill: 'green', shape: 'dot', text };
  }
}
