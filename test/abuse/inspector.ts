import { inspect, type InspectOptions } from 'node:util';
import type { Worker } from 'node:worker_threads';
import type { Node, NodeAPI } from 'node-red';
import { tokensOfProcess } from '../../nodes/lib/cognito/token-cache';
import { userPoolNode } from '../../nodes/lib/node-red/user-pool-node';

/** What SRP was done with in this process. */
export interface SrpSecrets {
  /** The secret exponents, in hexadecimal. */
  readonly exponents: string[];
  /** People's passwords, and those that were made for devices. */
  readonly passwords: string[];
}

const inFull = { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity } as const;

/** Keeps what the SRP thread is asked and answers: the only place that its secrets come by. */
function listenToSrp(): SrpSecrets {
  const exponents: string[] = [];
  const passwords: string[] = [];
  const keep = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
      if (name === 'a' && typeof inner === 'bigint') exponents.push(inner.toString(16));
      else if (name === 'password' && typeof inner === 'string') passwords.push(inner);
      else keep(inner);
    }
  };
  process.on('worker', (worker: Worker) => {
    worker.on('message', keep);
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (value: unknown, ...others) => {
      keep(value);
      post(value, ...others);
    };
  });
  return { exponents, passwords };
}

/** Keeps the sources of tokens, which nothing else hands out. */
function listenToTokenCache(): ReadonlySet<object> {
  const sources = new Set<object>();
  const find = tokensOfProcess.source.bind(tokensOfProcess);
  tokensOfProcess.source = (account) => {
    const source = find(account);
    sources.add(source);
    return source;
  };
  return sources;
}

/** Takes from a node what Node-RED has put there, for the time of a look: its flow, which leads everywhere, and credentials. */
function without<T>(node: Node, names: readonly ('_flow' | 'credentials')[], look: () => T): T {
  const taken = names.map((name) => [name, Reflect.getOwnPropertyDescriptor(node, name)] as const);
  for (const [name, own] of taken) if (own?.writable) Object.defineProperty(node, name, { value: undefined });
  try {
    return look();
  } finally {
    for (const [name, own] of taken) if (own?.writable) Object.defineProperty(node, name, own);
  }
}

/** Runs in a Node-RED of its own: shows what can be seen by looking into the nodes of this package, and SRP's secrets. */
export function inspector(RED: NodeAPI): void {
  const srp = listenToSrp();
  const sources = listenToTokenCache();

  function nodes(): Node[] {
    const found: Node[] = [];
    RED.nodes.eachNode(({ id, type }) => {
      if (type.startsWith('cognito-')) found.push(RED.nodes.getNode(id));
    });
    return found;
  }

  /** Every node, and what it hands to other nodes. */
  async function everything(): Promise<unknown[]> {
    const pools = nodes().filter(({ type }) => type === 'cognito-user-pool').map(({ id }) => userPoolNode(RED, id));
    const handed = await Promise.allSettled(pools.flatMap((node) => [node.userPool(), node.sealedStore()]));
    return [...nodes(), ...sources, ...handed];
  }

  function hidden(taken: readonly ('_flow' | 'credentials')[], options: InspectOptions): string {
    return nodes()
      .map((node) => without(node, taken, () => inspect(node, options)))
      .join('\n');
  }

  const looks: Readonly<Record<string, () => Promise<string> | string>> = {
    plain: async () => (await everything()).map((one) => inspect(one, inFull)).join('\n'),
    logged: async () => (await everything()).map((one) => inspect(one)).join('\n'),
    json: () => JSON.stringify(nodes()),
    hidden: async () =>
      hidden(['_flow', 'credentials'], { ...inFull, showHidden: true }) +
      inspect((await everything()).slice(nodes().length), { ...inFull, showHidden: true }),
    /** What nothing in JavaScript can hide. */
    credentials: () => hidden(['_flow'], { ...inFull, showHidden: true }),
  };
  for (const [name, look] of Object.entries(looks)) {
    RED.httpAdmin.get(`/inspector/${name}`, (_request, response) => {
      void Promise.resolve(look()).then((text) => response.type('text').send(text));
    });
  }
  RED.httpAdmin.get('/inspector', (_request, response) => {
    response.json({ ...srp, sources: sources.size });
  });
}
