import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cannedFlow } from './canned-flow';
import type { Figures } from './figures';
import { repeat, round } from './measurement';

const inFlight = 1_000;
const signIns = 20_000;
const atOnce = 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The heap in use once all garbage is collected, in bytes. */
async function heap(): Promise<number> {
  for (let i = 0; i < 4; i += 1) {
    await sleep(100); // what ends with a timer, and what was waiting for a collection to be let go
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

/** What sign-ins through the node take of the heap while they wait for Cognito, and what they leave there. */
export async function memory(): Promise<Figures['memory']> {
  const { server, throughNode, stop } = await cannedFlow();
  await repeat(inFlight, inFlight, throughNode);
  const idle = await heap();
  await server.hold(true);
  const underWay = Promise.all(Array.from({ length: inFlight }, throughNode));
  const full = await heap();
  await server.hold(false);
  await underWay;

  await repeat(signIns / 10, atOnce, throughNode);
  const before = await heap();
  await repeat(signIns, atOnce, throughNode);
  const after = await heap();
  stop();
  return { bytesInFlight: round((full - idle) / inFlight), growthBytesPer20000: round(after - before) };
}
