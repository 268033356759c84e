import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkedWith, RealNodeRed } from '../support/real-node-red';
import { moreThan } from './held';
import { mark, type Observed } from './observer';

/** How long anything may take to happen, in ms: this machine may have much else to do. */
const patience = 20_000;

/** Waits until something has happened. @throws with what is missing */
export async function until(happened: () => Promise<boolean> | boolean, missing: () => string): Promise<void> {
  const began = performance.now();
  while (!(await happened())) {
    if (performance.now() - began > patience) throw new Error(`not in time: ${missing()}`);
    await sleep(5);
  }
}

/** A Node-RED that tells what becomes of each message, and what keeps it busy. */
export class ObservedNodeRed {
  readonly runtime: RealNodeRed;
  /** Where in its output the current test begins. */
  #from = 0;

  private constructor(runtime: RealNodeRed) {
    this.runtime = runtime;
  }

  static async start(): Promise<ObservedNodeRed> {
    return new ObservedNodeRed(await RealNodeRed.start(linkedWith(path.join(__dirname, 'observer.js'), 'observe')));
  }

  /** Forgets what was logged. */
  forget(): void {
    this.#from = this.runtime.output.length;
  }

  /** What was logged since, in lines. */
  get lines(): string[] {
    return this.runtime.output.slice(this.#from).split('\n');
  }

  /** What became of messages. */
  get observed(): Observed[] {
    return this.lines
      .filter((line) => line.startsWith(mark))
      .map((line) => JSON.parse(line.slice(mark.length)) as Observed);
  }

  /** What became of one message there, by codes; undefined where it left without an error. */
  codes(by: string, id: string): (string | undefined)[] {
    return this.observed.filter((one) => one.by === by && one.id === id).map(({ code }) => code);
  }

  /** Hands a message to a node. */
  async hand(node: string, msg: object): Promise<void> {
    const response = await this.runtime.post(`/observer/${node}`, msg);
    if (!response.ok) throw new Error(`handing a message over: ${response.status}`);
  }

  /**
   * Counts timers and listeners of the process.
   * @returns waits until there are no more than there were
   */
  async countLeaks(): Promise<() => Promise<void>> {
    const before = await this.#held();
    let more: string[] = [];
    return () =>
      until(
        async () => {
          more = moreThan(before, await this.#held());
          return more.length === 0;
        },
        () => `left behind: ${more.join('; ')}`,
      );
  }

  /** Its connections come and go with a test's own requests; those to Cognito are counted where they end. */
  async #held(): Promise<Map<string, number>> {
    const counts = new Map(Object.entries((await this.runtime.json('/observer')) as Record<string, number>));
    counts.delete('TCPSocketWrap');
    return counts;
  }
}
