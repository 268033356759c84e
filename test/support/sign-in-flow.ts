import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import { LocalCognito, practiceCredentials, type LocalCognitoOptions, type User } from '@cognito-flows/local-cognito';
import change from '@node-red/nodes/core/function/15-change';
import httpProxy from '@node-red/nodes/core/network/06-httpproxy';
import httpRequest from '@node-red/nodes/core/network/21-httprequest';
import type { Node, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';
import initiateAuth from '../../nodes/cognito-initiate-auth/cognito-initiate-auth';
import mfaSetup from '../../nodes/cognito-mfa-setup/cognito-mfa-setup';
import passkeySetup from '../../nodes/cognito-passkey-setup/cognito-passkey-setup';
import respondToChallenge from '../../nodes/cognito-respond-to-challenge/cognito-respond-to-challenge';
import signOut from '../../nodes/cognito-sign-out/cognito-sign-out';
import token from '../../nodes/cognito-token/cognito-token';
import userPool from '../../nodes/cognito-user-pool/cognito-user-pool';
import verifyToken from '../../nodes/cognito-verify-token/cognito-verify-token';
import { clientSecret, poolId, publicClient, secretClient, testPools } from './pools';

/** A message as a test looks at it. */
export interface Message extends NodeMessage {
  payload?: unknown;
  cognito?: unknown;
  error?: CaughtError;
  [property: string]: unknown;
}

/** What Catch puts on a message. */
export interface CaughtError {
  readonly message: string;
  readonly code?: string;
  readonly cause?: Record<string, unknown>;
  readonly source: { readonly id: string; readonly count: number };
}

/** A message, and where it left the node. */
export interface Arrival {
  readonly by: 'port 1' | 'port 2' | 'port 3' | 'Catch';
  readonly msg: Message;
}

export type Settings = Record<string, unknown>;

/** The node under test, and the config node that it refers to. */
export interface Setup {
  readonly type?:
    | 'cognito-initiate-auth'
    | 'cognito-respond-to-challenge'
    | 'cognito-mfa-setup'
    | 'cognito-passkey-setup'
    | 'cognito-token'
    | 'cognito-sign-out'
    | 'cognito-verify-token';
  readonly settings?: Settings;
  readonly credentials?: Settings;
  readonly pool?: Settings;
  readonly poolCredentials?: Settings;
  /** An `http proxy` config node by the id `proxy`. */
  readonly proxy?: Settings;
  readonly proxyCredentials?: Settings;
  /** A node “respond to challenge”, or another, with the same pool and listeners, which `answer()` hands messages to. */
  readonly answer?: { readonly type?: Setup['type']; readonly settings?: Settings; readonly credentials?: Settings };
  /** A node “mfa setup” with the same pool and listeners, which `setUpMfa()` hands messages to. */
  readonly mfaSetup?: { readonly settings?: Settings };
  /** Any other nodes, by their ids; what a test hands to them leaves by the same listeners. */
  readonly others?: Readonly<Record<string, OtherNode>>;
}

interface OtherNode extends Settings {
  readonly type: string;
  readonly credentials?: Settings;
}

/** An input read from the message, from credentials, or from any other source of typed inputs. */
export function typed(name: string, type: string, value = ''): Settings {
  return { [name]: value, [`${name}Type`]: type };
}

/** A user pool for each test of the suite that calls this. */
export class TestPool {
  #local: LocalCognito | undefined;

  constructor(options: () => LocalCognitoOptions = () => ({ pools: testPools() })) {
    beforeEach(async () => {
      this.#local = new LocalCognito(options());
      await this.#local.listen(0);
    });
    afterEach(() => this.#local?.close());
  }

  get local(): LocalCognito {
    if (!this.#local) throw new Error('there is a pool only while a test runs');
    return this.#local;
  }

  user(username: string): User {
    return this.local.user(poolId, username);
  }

  /** The newest code sent to a user. */
  codeOf(username: string): string {
    const message = this.local.outbox.latest(username);
    if (!message) throw new Error(`nothing was sent to ${username}`);
    return message.code;
  }

  /** The bodies of the requests of an operation, oldest first. */
  requests(operation: string): Record<string, unknown>[] {
    return this.local.requests
      .filter((request) => request.operation === operation)
      .map(({ body }) => body as Record<string, unknown>);
  }

  /** The body of the newest request. */
  get lastRequest(): Record<string, unknown> {
    return this.local.requests.at(-1)?.body as Record<string, unknown>;
  }

  /** Server-side with practice IAM keys, at the client that has a secret. */
  serverSide(change: Settings = {}, credentials: Settings = {}): Pick<Setup, 'pool' | 'poolCredentials'> {
    return {
      pool: {
        userPoolId: poolId,
        clientId: secretClient,
        api: 'server-side',
        credentialsSource: 'keys',
        endpoint: this.local.endpoint,
        ...change,
      },
      poolCredentials: { clientSecret, ...practiceCredentials, ...credentials },
    };
  }

  /** Server-side with practice IAM keys, at the client that has no secret. */
  serverSideWithoutSecret(): Pick<Setup, 'pool' | 'poolCredentials'> {
    return this.serverSide({ clientId: publicClient }, { clientSecret: undefined });
  }

  /** Unsigned, at the client that has no secret. */
  clientSide(change: Settings = {}, credentials: Settings = {}): Pick<Setup, 'pool' | 'poolCredentials'> {
    return {
      pool: {
        userPoolId: poolId,
        clientId: publicClient,
        api: 'client-side',
        endpoint: this.local.endpoint,
        ...change,
      },
      poolCredentials: credentials,
    };
  }

  /** Unsigned, at the client that has a secret. */
  clientSideWithSecret(): Pick<Setup, 'pool' | 'poolCredentials'> {
    return this.clientSide({ clientId: secretClient }, { clientSecret });
  }
}

const nodeTypes = [
  change,
  httpProxy,
  httpRequest,
  userPool,
  initiateAuth,
  respondToChallenge,
  mfaSetup,
  passkeySetup,
  token,
  signOut,
  verifyToken,
];

function flowOf({
  type = 'cognito-initiate-auth',
  settings,
  pool,
  proxy,
  answer,
  mfaSetup,
  others = {},
}: Setup): object[] {
  // Ids differ from types and from each other's settings: Node-RED takes equal words for references.
  const wires = [['port1'], ['port2'], ['port3']];
  const placed = { z: 'tab', x: 0, y: 0 };
  return [
    { id: 'tab', type: 'tab', label: 'Test' },
    { id: 'pool', type: 'cognito-user-pool', ...pool },
    ...(proxy ? [{ id: 'proxy', type: 'http proxy', ...proxy }] : []),
    { id: 'node', ...placed, type, userPool: 'pool', ...settings, wires },
    ...(answer
      ? [
          {
            id: 'answer',
            ...placed,
            type: answer.type ?? 'cognito-respond-to-challenge',
            userPool: 'pool',
            ...answer.settings,
            wires,
          },
        ]
      : []),
    ...(mfaSetup
      ? [{ id: 'mfaSetup', ...placed, type: 'cognito-mfa-setup', userPool: 'pool', ...mfaSetup.settings, wires }]
      : []),
    ...Object.entries(others).map(([id, { credentials: _secret, ...node }]) => ({
      ...{ id, userPool: 'pool', ...node },
      ...(node.type !== 'cognito-user-pool' && { ...placed, wires }),
    })),
    { id: 'port1', ...placed, type: 'helper' },
    { id: 'port2', ...placed, type: 'helper' },
    { id: 'port3', ...placed, type: 'helper' },
    { id: 'catching', ...placed, type: 'catch', scope: null, uncaught: false, wires: [['caught']] },
    { id: 'caught', ...placed, type: 'helper' },
    { id: 'completing', ...placed, type: 'complete', scope: ['node', 'answer'], wires: [['completed']] },
    { id: 'completed', ...placed, type: 'helper' },
    { id: 'stating', ...placed, type: 'status', scope: null, wires: [['stated']] },
    { id: 'stated', ...placed, type: 'helper' },
  ];
}

function credentialsOf(setup: Setup): Record<string, object> {
  const { credentials, answer, poolCredentials, proxyCredentials, others = {} } = setup;
  const ofOthers = Object.entries(others).map(([id, node]) => [id, node.credentials ?? {}] as const);
  return {
    ...Object.fromEntries(ofOthers),
    ...(credentials && { node: credentials }),
    ...(answer?.credentials && { answer: answer.credentials }),
    ...(poolCredentials && { pool: poolCredentials }),
    ...(proxyCredentials && { proxy: proxyCredentials }),
  };
}

/** One node under test in a running flow, wired to helpers that listen at its ports. */
export class SignInFlow {
  /** Everything that arrived, in order. */
  readonly arrivals: Arrival[] = [];
  /** The ids of the messages that Complete nodes were told of. */
  readonly completed: string[] = [];
  /** The texts of the node's status. */
  readonly statuses: Record<string, unknown>[] = [];
  readonly #changes = new EventEmitter();
  readonly #waiting = new Map<string, (arrival: Arrival) => void>();

  private constructor() {
    const listen = (id: string, listener: (msg: Message) => void): void => {
      helper.getNode(id).on('input', (msg: object) => {
        listener(msg as Message);
      });
    };
    const arrive = (by: Arrival['by']) => (msg: Message) => {
      this.arrivals.push({ by, msg });
      this.#waiting.get(String(msg._msgid))?.({ by, msg });
    };
    listen('port1', arrive('port 1'));
    listen('port2', arrive('port 2'));
    listen('port3', arrive('port 3'));
    listen('caught', arrive('Catch'));
    listen('completed', (msg) => this.completed.push(String(msg._msgid)));
    listen('stated', (msg) => {
      this.statuses.push(msg.status as Record<string, unknown>);
      this.#changes.emit('status');
    });
  }

  /** Loads a flow; what ran before is stopped first. */
  static async start(setup: Setup): Promise<SignInFlow> {
    await SignInFlow.stop();
    running = true;
    await helper.load(nodeTypes, flowOf(setup), credentialsOf(setup));
    return new SignInFlow();
  }

  /** Deploys this flow's nodes again, changed, while what did not change goes on; the listeners stay. */
  static deploy(setup: Setup): Promise<void> {
    return helper.setFlows(flowOf(setup), 'nodes', credentialsOf(setup));
  }

  /** Stops the flow that runs, if one does. */
  static async stop(): Promise<void> {
    if (!running) return;
    running = false;
    await helper.unload();
  }

  get node(): Node {
    return helper.getNode('node');
  }

  /** The package's own nodes in this flow. */
  get nodes(): Node[] {
    return ['pool', 'node', 'answer'].map((id) => helper.getNode(id) as Node | null).filter((node) => node !== null);
  }

  /** Everything that went to Node-RED's log since the flow was loaded. */
  get logged(): unknown[] {
    return helper.log().args.flat();
  }

  /** Closes the node under test alone, as a deploy does. */
  async stopNode(): Promise<void> {
    await this.node.close(false);
  }

  /** Hands a message to the node and waits until it arrives somewhere. */
  send(msg: object, to: Node = this.node): Promise<Arrival> {
    const message: Message = msg as Message;
    message._msgid ??= randomUUID();
    const id = message._msgid;
    const arrival = new Promise<Arrival>((resolve) => this.#waiting.set(id, resolve));
    to.receive(message);
    return arrival.finally(() => this.#waiting.delete(id));
  }

  /** Hands a message to the node that answers. */
  answer(msg: object): Promise<Arrival> {
    return this.send(msg, helper.getNode('answer'));
  }

  /** Hands a message to one of the other nodes. */
  sendTo(id: string, msg: object): Promise<Arrival> {
    return this.send(msg, helper.getNode(id));
  }

  /** Hands a message to the node that sets up MFA. */
  setUpMfa(msg: object): Promise<Arrival> {
    return this.send(msg, helper.getNode('mfaSetup'));
  }

  /** Waits for the next change of the node's status. */
  async nextStatus(): Promise<void> {
    await once(this.#changes, 'status');
  }

  /** Sends a message that has to sign in. */
  async signedIn(msg: object): Promise<Message> {
    return this.#arrived('port 1', await this.send(msg));
  }

  /** Sends a message that has to meet this challenge. */
  async challenged(msg: object, name: string): Promise<Message> {
    const arrived = this.#arrived('port 2', await this.send(msg));
    const met = (arrived.payload as { ChallengeName?: string }).ChallengeName;
    if (met !== name) throw new Error(`met the challenge ${met ?? 'undefined'} in place of ${name}`);
    return arrived;
  }

  /** Sends a message that has to leave by this port. */
  async leaves(by: Arrival['by'], msg: object): Promise<Message> {
    return this.#arrived(by, await this.send(msg));
  }

  /** Sends a message that has to fail with this code. */
  async caught(msg: object, code: string): Promise<Message & { error: CaughtError }> {
    const arrived = this.#arrived('Catch', await this.send(msg));
    const { error } = arrived;
    if (error?.code !== code) {
      throw new Error(`failed with ${error?.code ?? 'no code'} in place of ${code}: ${error?.message ?? ''}`);
    }
    return { ...arrived, error };
  }

  #arrived(by: Arrival['by'], arrival: Arrival): Message {
    if (arrival.by === by) return arrival.msg;
    const { payload, error } = arrival.msg;
    throw new Error(`left by ${arrival.by}, not by ${by}: ${error?.message ?? inspect(payload).slice(0, 200)}`);
  }
}

let running = false;

/** Has each test of the suite that calls this end with its flow stopped. */
export function stopFlowAfterEach(): void {
  afterEach(() => SignInFlow.stop());
}
