import { parseArgs } from 'node:util';
import { eventLoopStall } from './event-loop-stall';
import type { Figures } from './figures';
import { loading } from './loading';
import { memory } from './memory';
import { describe } from './report';
import { srpWork } from './srp-work';
import { throughput } from './throughput';
import { tokenThroughput } from './token-throughput';

/*
 * `npm run bench` measures against peers in one run and prints ratios: milliseconds differ from machine to machine,
 * ratios hardly do. `-- --json` prints the figures as one JSON object, and nothing else.
 */

async function measure(): Promise<Figures> {
  return {
    srp: await srpWork(),
    throughput: await throughput(),
    token: await tokenThroughput(),
    load: await loading(),
    stall: await eventLoopStall(),
    memory: await memory(),
  };
}

async function run(): Promise<void> {
  const { json } = parseArgs({ options: { json: { type: 'boolean', default: false } } }).values;
  const figures = await measure();
  console.log(json ? JSON.stringify(figures, null, 2) : describe(figures));
}

// Node-RED's runtime, which several of them use, keeps timers going.
run().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
