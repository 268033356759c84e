import { UserPool } from '../../nodes/lib/cognito/user-pool';
import { poolId, publicClient } from '../support/pools';

/** What calls came to that were made at once. */
export interface Outcomes {
  readonly codes: readonly string[];
  /** How long the slowest took, in ms. */
  readonly took: number;
}

/**
 * Calls Cognito in a process with an environment of its own, several times at once and then once more.
 * @param timeout in ms
 */
async function run(endpoint: string, timeout: number, atOnce: number): Promise<void> {
  const pool = new UserPool({
    ...{ userPoolId: poolId, clientId: publicClient, api: 'client-side', credentials: { source: 'default' } },
    ...{ endpoint, timeout },
  });
  const call = (): Promise<string> =>
    pool.call('GetUser', { AccessToken: 'a-token' }, new AbortController().signal).then(
      () => 'answered',
      (error: unknown) => String((error as { code?: unknown }).code),
    );
  const outcomes = async (times: number): Promise<Outcomes> => {
    const began = performance.now();
    const codes = await Promise.all(Array.from({ length: times }, call));
    return { codes, took: performance.now() - began };
  };
  await pool.load().catch(() => undefined); // takes its time
  const first = await outcomes(atOnce);
  console.log(JSON.stringify([first, await outcomes(1)]));
  await pool.close();
}

const [, , endpoint = '', timeout, atOnce] = process.argv;
void run(endpoint, Number(timeout), Number(atOnce));
