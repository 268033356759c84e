import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { median, round, type Measurement } from './measurement';

const rounds = 20;
const root = path.resolve(__dirname, '../..');

interface PackageJson {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
}

/** How long a fresh process takes to require modules, in ms. */
function loadTime(modules: readonly string[]): number {
  const script = `
    const start = process.hrtime.bigint();
    for (const name of ${JSON.stringify(modules)}) require(name);
    console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
  return Number(
    execFileSync(process.execPath, ['-e', script], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
}

/** What Node-RED's start costs: requiring every node's file, against requiring the SDK's client. */
export function loading(): Promise<Measurement[]> {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as PackageJson;
  const entryFiles = Object.values(nodeRed.nodes).map((file) => path.join(root, file));
  const ours: number[] = [];
  const sdk: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    ours.push(loadTime(entryFiles));
    sdk.push(loadTime(['@aws-sdk/client-cognito-identity-provider']));
  }
  return Promise.resolve([
    {
      name: 'loading all nodes / loading the SDK client',
      ratio: round(median(ours) / median(sdk)),
      goal: 0.1,
      atLeast: false,
      details: { nodes: `${round(median(ours))} ms`, 'SDK client': `${round(median(sdk))} ms` },
    },
  ]);
}
