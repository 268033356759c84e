import { parseArgs } from 'node:util';
import { eventLoopStall } from './event-loop-stall';
import { loading } from './loading';
import type { Measurement } from './measurement';
import { nodeOverhead } from './node-overhead';
import { srpWork } from './srp-work';
import { tokenThroughput } from './token-throughput';

/*
 * `npm run bench` measures against peers in one run and prints ratios: milliseconds differ from machine to machine,
 * ratios hardly do. `-- --json` prints one JSON object.
 */

const benchmarks = [srpWork, nodeOverhead, tokenThroughput, loading, eventLoopStall];

function describe({ name, ratio, goal, atLeast, details }: Measurement): string {
  const reached = (atLeast ? ratio >= goal : ratio <= goal) ? 'reached' : 'NOT reached';
  const figures = Object.entries(details).map(([what, figure]) => `    ${what}: ${figure}`);
  return [`${name}: ${ratio} (goal: at ${atLeast ? 'least' : 'most'} ${goal}, ${reached})`, ...figures].join('\n');
}

async function run(): Promise<void> {
  const { json: asJson } = parseArgs({ options: { json: { type: 'boolean', default: false } } }).values;
  const measurements: Measurement[] = [];
  for (const benchmark of benchmarks) {
    for (const measurement of await benchmark()) {
      measurements.push(measurement);
      if (!asJson) console.log(describe(measurement));
    }
  }
  if (asJson) console.log(JSON.stringify({ node: process.version, arch: process.arch, measurements }, null, 2));
}

// Node-RED's runtime, which two of them use, keeps timers going.
run().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
