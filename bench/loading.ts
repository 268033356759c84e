import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Figures } from './figures';
import { median, round } from './measurement';

const rounds = 20;
const root = path.resolve(__dirname, '../..');

interface PackageJson {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
}

/** What requiring modules takes of a fresh process: ms, and MB of its memory. */
interface Loading {
  readonly ms: number;
  readonly mb: number;
}

function load(modules: readonly string[]): Loading {
  const script = `
    const { rss } = process.memoryUsage();
    const start = process.hrtime.bigint();
    for (const name of ${JSON.stringify(modules)}) require(name);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    console.log(JSON.stringify({ ms, mb: (process.memoryUsage().rss - rss) / 1e6 }));`;
  const output = execFileSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output) as Loading;
}

/** What Node-RED's start costs: requiring every node's file, against requiring the SDK's client. */
export function loading(): Promise<Figures['load']> {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as PackageJson;
  const entryFiles = Object.values(nodeRed.nodes).map((file) => path.join(root, file));
  const ours: Loading[] = [];
  const sdk: Loading[] = [];
  for (let i = 0; i < rounds; i += 1) {
    ours.push(load(entryFiles));
    sdk.push(load(['@aws-sdk/client-cognito-identity-provider']));
  }
  const of = (figure: keyof Loading, runs: readonly Loading[]): number => round(median(runs.map((run) => run[figure])));
  return Promise.resolve({
    oursMs: of('ms', ours),
    oursMb: of('mb', ours),
    sdkMs: of('ms', sdk),
    sdkMb: of('mb', sdk),
  });
}
