import FakeTimers from '@sinonjs/fake-timers';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Worker } from 'node:worker_threads';
import { util } from '@node-red/util';
import type { Node, NodeAPI, NodeContextData } from 'node-red';
import should from 'should';
import { TokenHandler } from '../../nodes/cognito-token/token-handler';
import { createUserPool } from '../../nodes/cognito-user-pool/create-user-pool';
import { TokenCache } from '../../nodes/lib/cognito/token-cache';
import { UserPool } from '../../nodes/lib/cognito/user-pool';
import { MessageRunner } from '../../nodes/lib/node-red/message-runner';
import { SealedStore } from '../../nodes/lib/node-red/sealed-store';
import type { CaughtError, Message } from './sign-in-flow';

/** How much simulated time passes at once while a call waits for it to pass, in ms. */
const tick = 1_000;

/** How long, in real ms, a call may do nothing before it is taken to wait for simulated time. */
const patience = 15;

const realTimeout = setTimeout;

/** A clock that a test sets, for this process: `Date`, timers and `performance.now()`. Sockets live in real time. */
export class SimulatedTime {
  readonly #clock = FakeTimers.install({
    now: Date.UTC(2026, 10, 1),
    toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'],
    shouldClearNativeTimers: true,
  });
  readonly #call = Object.getOwnPropertyDescriptor(UserPool.prototype, 'call');
  readonly #postMessage = Object.getOwnPropertyDescriptor(Worker.prototype, 'postMessage');
  readonly #calls = new Map<string, number>();
  #underWay = 0;

  constructor() {
    const call = this.#call?.value as (this: UserPool, operation: string, ...rest: unknown[]) => Promise<unknown>;
    const counted = (pool: UserPool, operation: string, rest: unknown[]): Promise<unknown> => {
      this.#calls.set(operation, this.callsOf(operation) + 1);
      this.#underWay += 1;
      return call.call(pool, operation, ...rest).finally(() => {
        this.#underWay -= 1;
      });
    };
    Object.defineProperty(UserPool.prototype, 'call', {
      ...this.#call,
      value(this: UserPool, operation: string, ...rest: unknown[]) {
        return counted(this, operation, rest);
      },
    });
    this.#countThreads();
  }

  /** Threads work in real time: what one has been asked for is under way until it answers, or dies. */
  #countThreads(): void {
    const ask = this.#postMessage?.value as (this: Worker, message: unknown) => void;
    const begun = (thread: Worker, question: unknown): void => {
      this.#underWay += 1;
      const end = (): void => {
        this.#underWay -= 1;
        thread.off('message', hear).off('error', end);
      };
      const hear = ([answered]: [unknown]): void => {
        if (answered === question) end();
      };
      thread.on('message', hear).on('error', end);
    };
    Object.defineProperty(Worker.prototype, 'postMessage', {
      ...this.#postMessage,
      value(this: Worker, message: [question: unknown, ...unknown[]]) {
        begun(this, message[0]);
        ask.call(this, message);
      },
    });
  }

  /** How often an operation was called through a user pool. */
  callsOf(operation: string): number {
    return this.#calls.get(operation) ?? 0;
  }

  /** Lets time pass, and what is due in it happen. @param ms */
  async pass(ms: number): Promise<void> {
    this.#clock.tick(ms);
    await this.settle();
  }

  /** Lets time pass until something has happened. */
  async until<T>(happening: Promise<T>): Promise<T> {
    const state = { isDone: false };
    void happening.finally(() => {
      state.isDone = true;
    });
    await this.settle();
    while (!state.isDone) {
      await new Promise((resolve) => realTimeout(resolve, patience)); // keys are made, and modules loaded, in real time
      await this.pass(tick);
    }
    return happening;
  }

  /** Sets this machine's clock, and not the one that counts from its start. @param ms since 1970 */
  setClock(ms: number): void {
    this.#clock.setSystemTime(ms);
  }

  /** Waits until nothing is under way any more that needs no simulated time of its own. */
  async settle(): Promise<void> {
    let since = process.hrtime.bigint();
    for (let quiet = 0; quiet < 4; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#underWay === 0) continue;
      quiet = -1;
      if (process.hrtime.bigint() - since < patience * 1e6) continue;
      this.#clock.tick(tick);
      since = process.hrtime.bigint();
    }
  }

  /** Gives the real clock back. */
  end(): void {
    this.#clock.uninstall();
    if (this.#call) Object.defineProperty(UserPool.prototype, 'call', this.#call);
    if (this.#postMessage) Object.defineProperty(Worker.prototype, 'postMessage', this.#postMessage);
  }
}

/** How a message left the gateway. */
export interface Departure {
  readonly msg: Message;
  readonly port?: number;
  readonly error?: CaughtError;
}

/** The token that a message left with. */
export function tokenOf({ msg, error }: Departure): string {
  should(error).be.undefined();
  const { Authorization = '' } = msg.headers as { Authorization?: string };
  return Authorization.replace('Bearer ', '');
}

/** What a gateway is made of. */
export interface GatewaySetup {
  readonly pool: { readonly userPoolId: string; readonly clientId: string; readonly endpoint: string };
  readonly settings: object;
  readonly credentials: object;
  /** What its store holds, which outlasts it. */
  readonly context?: Map<string, unknown>;
  /** What its process holds, which outlasts a deploy. */
  readonly cache?: TokenCache;
}

/** A token node in a Node-RED of its own: when it is made anew on the same store, that is a restart. */
export class Gateway {
  /** What the node sent without being asked. */
  readonly own: Departure[] = [];
  readonly warnings: string[] = [];
  /** What went to Catch without a message that came in. */
  readonly errors: CaughtError[] = [];
  readonly statuses: string[] = [];
  readonly pool: UserPool;
  readonly #poolNode: object;
  readonly #runner: MessageRunner;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor({ pool, settings, credentials, context = new Map(), cache = new TokenCache() }: GatewaySetup) {
    setMaxListeners(0, this.#closing.signal);
    const RED = this.#nodeRed();
    this.pool = createUserPool(RED, { api: 'client-side', ...pool }, {});
    const store = new SealedStore(contextOf(context), undefined, 'the key of these gateways', pool.userPoolId);
    this.#poolNode = {
      type: 'cognito-user-pool',
      userPool: () => Promise.resolve(this.pool),
      sealedStore: () => Promise.resolve(store),
    };
    const node = {
      id: 'node',
      type: 'cognito-token',
      credentials,
      status: (status: { text?: string }) => this.statuses.push(status.text ?? ''),
      warn: (text: string) => this.warnings.push(text),
      error: (error: Error) => this.errors.push(error as unknown as CaughtError),
      send: (msgs: (Message | null)[]) => {
        const port = msgs.findIndex((msg) => msg !== null);
        this.own.push({ port, msg: msgs[port] ?? { _msgid: '' } });
      },
    } as unknown as Node;
    const handler = new TokenHandler(Promise.resolve(), cache);
    this.#runner = new MessageRunner(RED, node, { userPool: 'pool', ...settings }, handler);
  }

  /** Hands a message to the node. */
  send(msg: Message): Promise<Departure> {
    msg._msgid ??= randomUUID();
    return new Promise((resolve) => {
      const onSend = (msgs: (Message | null)[]): void => {
        resolve({ port: msgs.findIndex((sent) => sent !== null), msg });
      };
      const onDone = (error?: Error): void => {
        if (error) resolve({ msg, error: error as unknown as CaughtError });
      };
      const message = msg as Parameters<MessageRunner['run']>[0];
      if (this.#runner.runNow(message, onSend, onDone)) return;
      const running = this.#runner.run(message, onSend, onDone, this.#closing.signal).finally(() => {
        this.#underWay.delete(running);
      });
      this.#underWay.add(running);
    });
  }

  /** Ends it as a shutdown does. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#runner.close([...this.#underWay]);
    await this.pool.close();
  }

  #nodeRed(): NodeAPI {
    return {
      util,
      nodes: { getNode: () => this.#poolNode },
      settings: { available: () => false },
      _: (key: string) => key,
    } as unknown as NodeAPI;
  }
}

function contextOf(values: Map<string, unknown>): NodeContextData {
  return {
    get: (name: string, _store: unknown, done: (error: undefined, value: unknown) => void) => {
      done(undefined, values.get(name));
    },
    set: (name: string, value: unknown, _store: unknown, done: () => void) => {
      values.set(name, value);
      done();
    },
  } as unknown as NodeContextData;
}
