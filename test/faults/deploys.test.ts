import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import should from 'should';
import { openPools, poolId } from '../support/pools';
import { type Setup, SignInFlow, TestPool } from '../support/sign-in-flow';
import { TokenIssuer } from '../support/token-issuer';
import { FaultyServer } from './faulty-server';
import { ObservedNodeRed, until } from './observed-node-red';
import { allStepsOf, kinds, type Step } from './steps';

/** Node-RED waits for a node for 15 s; this is what we allow ourselves, in ms. */
const longestClose = 6_000;

interface FlowNode extends Record<string, unknown> {
  readonly id: string;
}

/** A deploy in mid sign-in. */
interface Deploy {
  readonly type: 'full' | 'flows' | 'nodes';
  /** The flow that is deployed, made from the one that runs. */
  readonly change: (flow: readonly FlowNode[]) => FlowNode[];
  /** Whether Catch nodes live on, and hear of what is aborted. */
  readonly isHeard: boolean;
}

const changed =
  (id: string, change: object = { name: 'changed' }) =>
  (flow: readonly FlowNode[]) =>
    flow.map((node) => (node.id === id ? { ...node, ...change } : node));
const without = (id: string) => (flow: readonly FlowNode[]) => flow.filter((node) => node.id !== id);

const deploys: Readonly<Record<string, Deploy>> = {
  'a full deploy': { type: 'full', change: (flow) => [...flow], isHeard: false },
  'a deploy of the changed flow': {
    type: 'flows',
    change: changed('tab', { env: [{ name: 'CHANGED', value: '1', type: 'str' }] }),
    isHeard: false,
  },
  'a deploy of flows in which the node is changed': { type: 'flows', change: changed('node'), isHeard: true },
  'a deploy of the changed node': { type: 'nodes', change: changed('node'), isHeard: true },
  'a deploy without the node': { type: 'nodes', change: without('node'), isHeard: true },
  'a deploy of the changed user pool': { type: 'nodes', change: changed('pool'), isHeard: true },
  'a deploy without the user pool': { type: 'nodes', change: without('pool'), isHeard: true },
};

/** A step's node with a user pool of its own, which other nodes observe. */
function placed(setup: Setup, node = 'node', pool = 'pool'): FlowNode[] {
  const { type, settings, credentials = {}, poolCredentials = {} } = setup;
  const wires = [['port 1'], ['port 2'], ['port 3']];
  return [
    { id: pool, type: 'cognito-user-pool', ...setup.pool, credentials: poolCredentials },
    { id: node, z: 'tab', x: 0, y: 0, type, userPool: pool, ...settings, credentials, wires },
  ];
}

const observers: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Test' },
  ...['port 1', 'port 2', 'port 3', 'Catch'].map((id) => ({ id, z: 'tab', x: 0, y: 0, type: 'observer', wires: [] })),
  { id: 'catching', z: 'tab', x: 0, y: 0, type: 'catch', scope: null, uncaught: false, wires: [['Catch']] },
];

/** As the editor deploys nodes whose secrets were not touched. */
const withoutCredentials = (flow: readonly FlowNode[]): FlowNode[] =>
  flow.map(({ credentials: _kept, ...node }) => node);

/** A step whose messages share one call, which is not aborted with them: others may wait for it, or its answer be lost. */
const isShared = ({ type, operation }: Step): boolean => type === 'cognito-token' || operation === 'GET';

/** The messages that are under way in a step at once. */
const idsOf = ({ after, isOnce }: Step): string[] => (after === undefined && !isOnce ? ['one', 'two'] : ['one']);

/** Holds back the answers to an operation. */
class Holding {
  readonly #sockets = new Set<Socket>();
  constructor(
    readonly server: FaultyServer,
    { operation, after }: Step,
  ) {
    server.break(
      operation,
      ({ request: { socket } }) => {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
      },
      after,
    );
  }

  /** How many requests wait for their answers. */
  get size(): number {
    return this.#sockets.size;
  }

  async letGo(): Promise<void> {
    await this.server.heal();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** A step that is about to be taken. */
interface Prepared {
  readonly step: Step;
  readonly server: FaultyServer;
  readonly holding: Holding;
  readonly setup: Setup;
  readonly msg: object;
  /** Makes another one like it. */
  readonly message: () => Promise<object>;
}

const ports = ['port 1', 'port 2', 'port 3'];

/** The lines that tell of messages that were aborted, without the time. */
const abortedIn = ({ lines }: ObservedNodeRed): string[] =>
  lines.filter((line) => line.includes('Aborted while under way')).map((line) => line.replace(/^.* - /, ''));

const lineOf = ({ type }: Step, node: string, count: number): string =>
  `[warn] [${type}:${node}] Aborted while under way, because the node was closed: ${count}`;

function assertNoTrouble({ lines }: ObservedNodeRed): void {
  should(lines.filter((line) => /timed out|Error stopping|Uncaught|unhandled/i.test(line))).be.empty();
}

/** Asserts what became of a message that was aborted. */
function assertAborted(nodeRed: ObservedNodeRed, node: string, id: string, isHeard: boolean): void {
  should(nodeRed.codes(`done of ${node}`, id)).deepEqual(['Aborted']);
  should(nodeRed.codes('Catch', id)).deepEqual(isHeard ? ['Aborted'] : []);
  for (const port of ports) should(nodeRed.codes(port, id)).be.empty();
}

for (const [kind, config] of Object.entries(kinds)) {
  describe(`a user pool that ${kind} has not answered yet, and Node-RED`, function () {
    this.timeout(60_000);
    const pool = new TestPool(() => ({ pools: openPools(config) }));
    const servers: FaultyServer[] = [];
    let issuer: TokenIssuer;
    let nodeRed: ObservedNodeRed;

    before(async () => {
      nodeRed = await ObservedNodeRed.start();
    });
    after(() => nodeRed.runtime.stop());
    beforeEach(async () => {
      issuer = new TokenIssuer(poolId);
      await issuer.listen();
      nodeRed.forget();
    });
    afterEach(async () => {
      await SignInFlow.stop();
      for (const server of servers.splice(0)) await server.close();
      await issuer.close();
    });

    /** A server that holds answers back, the node that calls it, and a message for that. */
    async function prepare(step: Step): Promise<Prepared> {
      const server = new FaultyServer(pool.local.endpoint, issuer.endpoint);
      servers.push(server);
      await server.listen();
      const access = pool[step.access]({ timeout: 30 });
      const { type, settings = {}, credentials = {} } = step;
      const setup = {
        ...{ type, settings: { ...settings, ...(type === 'cognito-token' && { maxWait: 60 }) }, credentials },
        ...{ ...access, pool: { ...access.pool, endpoint: server.endpoint } },
      };
      const bench = { pool, issuer, endpoint: server.endpoint };
      const message = async (): Promise<object> => step.prepare(bench, access);
      return { step, server, setup, msg: await message(), message, holding: new Holding(server, step) };
    }

    /** Hands the messages of a step to a node, and waits until Cognito has been asked. @returns the messages' ids */
    async function hand(runtime: ObservedNodeRed, node: string, { step, holding, msg }: Prepared): Promise<string[]> {
      const ids = idsOf(step);
      for (const _msgid of ids) await runtime.hand(node, { ...msg, _msgid });
      const requests = isShared(step) ? 1 : ids.length;
      await until(() => holding.size === requests, () => `${requests} requests: ${inspect(runtime.observed)}`);
      return ids;
    }

    for (const [name, step] of allStepsOf(kind)) {
      describe(`in mid “${name}” gets`, () => {
        /** Hands the same message over once more, or one like it, until it leaves: tokens and keys come in their own time. */
        async function signInAgain(msg: object, message: () => Promise<object>): Promise<void> {
          for (let times = 1, by = 'Catch'; by === 'Catch'; times += 1) {
            const id = `again, ${times}`;
            await nodeRed.hand('node', { ...(step.isOnce ? await message() : msg), _msgid: id });
            const arrivals = () => nodeRed.observed.filter((one) => one.id === id && !one.by.startsWith('done'));
            await until(() => arrivals().length > 0, () => 'the next message’s arrival');
            [{ by } = { by: '' }] = arrivals();
            should(by).equalOneOf(step.leaves ?? 'port 1', isShared(step) && times < 30 ? 'Catch' : '');
            if (by === 'Catch') await sleep(100);
          }
        }

        for (const [what, { type, change, isHeard }] of Object.entries(deploys)) {
          it(what, async () => {
            await nodeRed.runtime.deploy([]);
            const assertNoLeaks = await nodeRed.countLeaks();
            const prepared = await prepare(step);
            const { server, setup, msg, message, holding } = prepared;
            const flow = [...observers, ...placed(setup)];
            await nodeRed.runtime.deploy(flow);
            const ids = await hand(nodeRed, 'node', prepared);

            const began = performance.now();
            const deploying = nodeRed.runtime.deploy(withoutCredentials(change(flow)), type);
            await until(
              () => ids.every((id) => nodeRed.codes('done of node', id).length > 0),
              () => `the ends of messages: ${inspect(nodeRed.observed)}`,
            );
            if (isShared(step)) await holding.letGo();
            await deploying;
            should(performance.now() - began).be.below(longestClose);
            await until(() => holding.size === 0, () => 'connections closed');
            await until(() => abortedIn(nodeRed).length > 0, () => 'a line in the log');

            await holding.letGo();
            await nodeRed.runtime.deploy(flow);
            await signInAgain(msg, message);

            await nodeRed.runtime.deploy([]);
            await until(() => server.connections === 0, () => `${server.connections} connections closed`);
            await assertNoLeaks();
            for (const id of ids) assertAborted(nodeRed, 'node', id, isHeard);
            should(abortedIn(nodeRed)).deepEqual([lineOf(step, 'node', ids.length)]);
            assertNoTrouble(nodeRed);
          });
        }
      });
    }

    it('is shut down in mid everything', async () => {
      const ending = await ObservedNodeRed.start();
      const prepared: Prepared[] = [];
      for (const [, step] of allStepsOf(kind)) prepared.push(await prepare(step));
      const nodes = prepared.flatMap(({ setup }, number) => placed(setup, `node ${number}`, `pool ${number}`));
      await ending.runtime.deploy([...observers, ...nodes]);
      for (const [number, one] of prepared.entries()) await hand(ending, `node ${number}`, one);
      const began = performance.now();
      await ending.runtime.stop();
      should(performance.now() - began).be.below(longestClose);
      should(ending.runtime.exitCode).equal(0);
      for (const [number, { step }] of prepared.entries()) {
        for (const id of idsOf(step)) assertAborted(ending, `node ${number}`, id, false);
      }
      const lines = prepared.map(({ step }, number) => lineOf(step, `node ${number}`, idsOf(step).length));
      should(abortedIn(ending).sort()).deepEqual(lines.sort());
      assertNoTrouble(ending);
      for (const { server } of prepared) await until(() => server.connections === 0, () => 'connections closed');
    });
  });
}
