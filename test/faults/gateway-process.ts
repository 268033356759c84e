import { setTimeout as sleep } from 'node:timers/promises';
import { UserPool } from '../../nodes/lib/cognito/user-pool';
import { poolId, publicClient } from '../support/pools';

interface Failure {
  readonly code?: string;
  readonly details?: { readonly systemCode?: string };
}

/** Calls Cognito twice, further apart than a call may take, in a process with an environment of its own. */
async function run(endpoint: string): Promise<void> {
  const timeout = 2_000;
  const pool = new UserPool({
    ...{ userPoolId: poolId, clientId: publicClient, api: 'client-side', credentials: { source: 'default' } },
    ...{ endpoint, timeout },
  });
  const call = (): Promise<string> =>
    pool.call('GetUser', { AccessToken: 'a-token' }, new AbortController().signal).then(
      () => 'answered',
      (error: unknown) => {
        const { code, details } = error as Failure;
        return [code, details?.systemCode].filter(Boolean).join(': ');
      },
    );
  await pool.load(); // takes its time
  const outcomes = [await call()];
  await sleep(timeout + 200);
  outcomes.push(await call());
  await pool.close();
  console.log(JSON.stringify(outcomes));
}

void run(process.argv[2] ?? '');
