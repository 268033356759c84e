import { cannedFlow } from './canned-flow';
import type { Figures, Throughput } from './figures';
import { median, milliseconds, repeat, round } from './measurement';

const rounds = 15;
const signInsPerRound = 400;

type Flow = Awaited<ReturnType<typeof cannedFlow>>;

async function compare({ bareCall, throughNode }: Flow, atOnce: number): Promise<Throughput> {
  const load = (signIn: () => Promise<unknown>) => milliseconds(() => repeat(signInsPerRound, atOnce, signIn));
  await load(bareCall);
  await load(throughNode);
  const node: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    // Taking turns at going first: the garbage of one is often collected in the time of the next.
    if (i % 2 === 0) bare.push(await load(bareCall));
    node.push(await load(throughNode));
    if (i % 2 === 1) bare.push(await load(bareCall));
  }
  const perS = (times: readonly number[]): number => round((signInsPerRound / median(times)) * 1000);
  const added = node.map((time, i) => ((time - (bare[i] ?? Number.NaN)) / signInsPerRound) * 1000);
  return {
    oursPerS: perS(node),
    barePerS: perS(bare),
    ratio: round(median(node.map((time, i) => (bare[i] ?? Number.NaN) / time))),
    addedUs: round(median(added)),
  };
}

/** Sign-ins through the node against the same SDK calls without Node-RED. */
export async function throughput(): Promise<Figures['throughput']> {
  const flow = await cannedFlow();
  const figures = { '1': await compare(flow, 1), '10': await compare(flow, 10), '100': await compare(flow, 100) };
  flow.stop();
  return figures;
}
