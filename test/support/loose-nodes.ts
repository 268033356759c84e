import { EventEmitter } from 'node:events';
import { util } from '@node-red/util';
import type { Node, NodeAPI } from 'node-red';
import should from 'should';
import initiateAuth from '../../nodes/cognito-initiate-auth/cognito-initiate-auth';
import mfaSetup from '../../nodes/cognito-mfa-setup/cognito-mfa-setup';
import passkeySetup from '../../nodes/cognito-passkey-setup/cognito-passkey-setup';
import respondToChallenge from '../../nodes/cognito-respond-to-challenge/cognito-respond-to-challenge';
import signOut from '../../nodes/cognito-sign-out/cognito-sign-out';
import token from '../../nodes/cognito-token/cognito-token';
import userPool from '../../nodes/cognito-user-pool/cognito-user-pool';
import verifyToken from '../../nodes/cognito-verify-token/cognito-verify-token';
import type { Settings, Setup } from './sign-in-flow';

export type FlowNodeType = NonNullable<Setup['type']>;

/** What became of one message: by a port, or with an error. */
export interface Fate {
  readonly port?: number;
  readonly error?: Error & { readonly code?: unknown; readonly cause?: unknown };
}

type Constructor = (this: Node, config: object) => void;
type Input = (msg: object, send: (msgs: unknown) => void, done: (error?: Error) => void) => void;

/** How long a message may stay in a node, in ms: it is on no way out then. */
const patience = 60_000;

/**
 * The package's nodes without a flow around them, thousands a second: each message is handed to a node as Node-RED does,
 * and what the node does with its `send` and `done` is counted. No other node touches the message, so that it may be
 * one that can't be cloned.
 */
export class LooseNodes {
  /** What the nodes have reported beside the messages' own fates. */
  readonly reported: unknown[] = [];
  readonly #types = new Map<string, Constructor>();
  readonly #nodes = new Map<string, Node>();
  readonly #RED: NodeAPI;

  constructor() {
    this.#RED = {
      util,
      events: new EventEmitter(),
      settings: { available: () => false },
      httpAdmin: { post: () => undefined, get: () => undefined }, // no editor asks here
      auth: { needsPermission: () => () => undefined },
      _: (key: string, values: object) => `${key}: ${Object.values(values).join(' ')}.`,
      nodes: {
        createNode: (node: Node, config: object) => {
          this.#create(node, config);
        },
        registerType: (type: string, constructor: Constructor) => this.#types.set(type, constructor),
        getNode: (id: string) => this.#nodes.get(id) ?? null,
      },
    } as unknown as NodeAPI;
    const types = [userPool, initiateAuth, respondToChallenge, mfaSetup, passkeySetup, token, signOut, verifyToken];
    for (const register of types) register(this.#RED);
  }

  /** Makes a node; one of the same id that there was must have been closed. */
  add(id: string, type: string, settings: Settings, credentials: Settings = {}): void {
    const constructor = this.#types.get(type);
    if (!constructor) throw new Error(`no type ${type}`);
    const node = new EventEmitter() as unknown as Node;
    this.#nodes.set(id, node);
    constructor.call(node, { ...settings, id, type, credentials });
  }

  /** Hands a message to a node, and sees to it that it gets exactly one fate. */
  async send(id: string, msg: object): Promise<Fate> {
    const node = this.#nodes.get(id);
    const [input] = node?.listeners('input') ?? [];
    if (!input) throw new Error(`no node ${id}`);
    const sent: unknown[] = [];
    const ends: (Error | undefined)[] = [];
    let end: (() => void) | undefined;
    const ended = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('the message has stayed in the node'));
      }, patience);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    (input as Input)(
      msg,
      (msgs) => {
        should(ends).be.empty(); // send, then done
        sent.push(msgs);
      },
      (error) => {
        ends.push(error);
        end?.();
      },
    );
    await ended;
    await new Promise((resolve) => setImmediate(resolve)); // whatever else it may do
    should(ends).have.length(1);
    const [error] = ends;
    if (error !== undefined) {
      should(sent).be.empty();
      assertCatchable(error);
      return { error };
    }
    should(sent).have.length(1);
    const ports = sent[0] as unknown[];
    const port = ports.length - 1;
    should(ports.slice(0, port).every((other) => other === null)).be.true();
    should(ports[port] === msg).be.true();
    return { port };
  }

  /** Closes a node, as a deploy does. */
  async close(id: string): Promise<void> {
    const node = this.#nodes.get(id);
    this.#nodes.delete(id);
    for (const listener of node?.listeners('close') ?? []) {
      await new Promise<void>((resolve) => {
        const close = listener as (...args: unknown[]) => void;
        if (close.length === 0) {
          close.call(node);
          resolve();
        } else if (close.length === 1) close.call(node, resolve);
        else close.call(node, false, resolve);
      });
    }
  }

  async closeAll(): Promise<void> {
    for (const id of [...this.#nodes.keys()].reverse()) await this.close(id);
  }

  #create(node: Node, config: object): void {
    const values = new Map<string, unknown>();
    const get = (name: string, _store: unknown, done?: (error: unknown, value: unknown) => void): unknown => {
      done?.(undefined, values.get(name));
      return values.get(name);
    };
    const set = (name: string, value: unknown, _store: unknown, done?: () => void): void => {
      values.set(name, value);
      done?.();
    };
    const context = { get, set, keys: () => [...values.keys()] };
    Object.assign(node, config, {
      context: () => ({ ...context, flow: context, global: context }),
      status: () => undefined,
      send: () => undefined,
      warn: (warning: unknown) => this.reported.push(warning),
      error: (error: unknown) => this.reported.push(error),
      log: () => undefined,
    });
  }
}

/** What Catch nodes can make use of: a code and a sentence, and a cause that is plain data. */
function assertCatchable(error: Fate['error'] & object): void {
  should(error).be.instanceOf(Error);
  should(Object.hasOwn(error, 'code') && typeof error.code === 'string' && error.code !== '').be.true();
  should(error.message).be.a.String().and.not.be.empty();
  should(JSON.parse(JSON.stringify(error.cause))).deepEqual(error.cause);
}

const guarded = [Object, Array, Function, String, Number, Boolean, Promise, Error, Map, Set, Date, RegExp, Buffer];
const prototypes = guarded.map(({ prototype }) => ({
  prototype: prototype as object,
  keys: Reflect.ownKeys(prototype as object),
}));

/** Everything that all objects inherit is as it was when the tests began. */
export function assertUnpolluted(): void {
  for (const { prototype, keys } of prototypes) should(Reflect.ownKeys(prototype)).deepEqual(keys);
  should(({} as Record<string, unknown>).polluted).be.undefined();
}
