import { deploy } from './bench-node-red';
import type { Figures } from './figures';
import { median, milliseconds, round } from './measurement';
import { ServerProcess } from './server-process';

const rounds = 15;
const count = 5_000;

/**
 * A `cognito-token` node that has its token, against a core `change` node that sets the same header: messages per second
 * of each, after the time is taken off that a chain takes without either.
 */
export async function tokenThroughput(): Promise<Figures['token']> {
  const server = await ServerProcess.start('canned-server');
  const pool = { userPoolId: 'eu-west-1_Bench1234', clientId: 'bench', credentialsSource: 'keys' };
  const keys = { accessKeyId: 'BENCH', secretAccessKey: 'bench' };
  const header = { t: 'set', p: 'headers.Authorization', pt: 'msg', to: 'Bearer …', tot: 'str' };
  const flows = await deploy([
    { id: 'pool', type: 'cognito-user-pool', ...pool, endpoint: server.endpoint, credentials: keys },
    { id: 'token', type: 'cognito-token', userPool: 'pool', username: 'bench', credentials: { password: 'Bench-1234' } },
    { id: 'change', type: 'change', rules: [header] },
    // The chains start at a node that hands on what it gets.
    { id: 'empty', type: 'junction' },
    { id: 'with-token', type: 'junction', wires: [['token']] },
    { id: 'with-change', type: 'junction', wires: [['change']] },
  ]);
  const chains = ['empty', 'with-token', 'with-change'] as const;
  const times: Record<(typeof chains)[number], number[]> = { empty: [], 'with-token': [], 'with-change': [] };
  await flows.pass('token', {});
  for (const chain of chains) await flows.flood(chain, count);
  for (let i = 0; i < rounds; i += 1) {
    // Taking turns at going first: the garbage of one is often collected in the time of the next.
    for (let turn = 0; turn < chains.length; turn += 1) {
      const chain = chains[(i + turn) % chains.length] ?? 'empty';
      times[chain].push((await milliseconds(() => flows.flood(chain, count))) / count);
    }
  }
  server.stop();

  const empty = median(times.empty);
  const token = median(times['with-token']) - empty;
  const change = median(times['with-change']) - empty;
  return { oursPerS: round(1000 / token), changeNodePerS: round(1000 / change), ratio: round(change / token) };
}
