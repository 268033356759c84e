import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import RED from 'node-red';
import type { NodeMessageInFlow } from 'node-red';

/** Flows that run. Each resolves when what was handed to the node of that id has come to the end. */
export interface BenchFlows {
  pass(first: string, msg: object): Promise<void>;
  /** As many messages at once as are asked for. */
  flood(first: string, count: number): Promise<void>;
}

const packageName = '@cognito-flows/node-red-cognito-auth';
const root = path.resolve(__dirname, '../..');

/** Who waits for a message to come to the node that ends the flows, by its topic. */
const waiting = new Map<string, (error: Error | undefined) => void>();

interface Result extends NodeMessageInFlow {
  error?: { message: string };
}

/** What Node-RED's side and this one know of each other. */
const bench = {
  end(msg: Result): void {
    waiting.get(msg.topic ?? '')?.(msg.error && new Error(msg.error.message));
  },
  start(_id: string, _msg: object): void {
    throw new Error('no flow is running');
  },
};

const endNode = `
module.exports = (RED) => RED.nodes.registerType('bench-end', function (config) {
  RED.nodes.createNode(this, config);
  globalThis.bench.start = (id, msg) => RED.nodes.getNode(id).receive(msg);
  this.on('input', (msg, send, done) => { globalThis.bench.end(msg); done(); });
});`;

let running: Promise<void> | undefined;

/** Starts a Node-RED without an editor that knows this package's nodes. */
async function start(): Promise<void> {
  const userDir = mkdtempSync(path.join(tmpdir(), 'cognito-bench-'));
  process.once('exit', () => {
    rmSync(userDir, { recursive: true, force: true });
  });
  mkdirSync(path.join(userDir, 'nodes'));
  writeFileSync(path.join(userDir, 'nodes/bench-end.js'), endNode);
  writeFileSync(path.join(userDir, 'nodes/bench-end.html'), '<script type="text/javascript"></script>');
  mkdirSync(path.join(userDir, 'node_modules', path.dirname(packageName)), { recursive: true });
  symlinkSync(root, path.join(userDir, 'node_modules', packageName), 'junction');
  Object.assign(globalThis, { bench });

  const settings: object = {
    userDir,
    httpAdminRoot: false,
    httpNodeRoot: false,
    credentialSecret: false,
    logging: { console: { level: 'off' } },
  };
  RED.init(createServer(), settings as Parameters<typeof RED.init>[1]);
  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started;
}

/**
 * Deploys nodes in a real Node-RED.
 * @param nodes wired to `end`, where their messages are to come to; their credentials with them
 */
export async function deploy(nodes: readonly object[]): Promise<BenchFlows> {
  running ??= start();
  await running;
  const place = { z: 'flow', x: 0, y: 0 };
  const flows = [
    { id: 'flow', type: 'tab' },
    ...nodes.map((node) => ({ ...place, wires: [['end'], ['end']], ...node })),
    { id: 'end', type: 'bench-end', ...place, wires: [] },
    { id: 'caught', type: 'catch', ...place, scope: null, wires: [['end']] },
  ];
  const started = once(RED.events, 'flows:started');
  await RED.runtime.flows.setFlows({ flows: { flows } as never });
  await started;

  let passed = 0;
  return {
    pass(first, msg) {
      passed += 1;
      const topic = `message ${passed}`;
      return new Promise((resolve, reject) => {
        waiting.set(topic, (error) => {
          waiting.delete(topic);
          if (error) reject(error);
          else resolve();
        });
        bench.start(first, { ...msg, topic });
      });
    },
    flood(first, count) {
      let left = count;
      return new Promise((resolve, reject) => {
        waiting.set('flood', (error) => {
          if (error) reject(error);
          left -= 1;
          if (left === 0) resolve();
        });
        for (let i = 0; i < count; i += 1) bench.start(first, { _msgid: String(i), topic: 'flood', payload: i });
      });
    },
  };
}
