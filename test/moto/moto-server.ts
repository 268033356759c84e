import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/servers';

/** A running moto: an implementation of AWS's APIs that this project has no hand in. */
export interface MotoServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const command = process.env.MOTO_SERVER ?? 'moto_server';

/** Whether moto_server is on this machine. */
export function hasMoto(): boolean {
  return spawnSync(command, ['--help'], { stdio: 'ignore' }).status === 0;
}

/** Starts moto_server on a free port and waits until it answers. */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP: 'true' },
  });
  const ended = once(server, 'exit');
  for (let tries = 0; tries < 300 && server.exitCode === null; tries += 1) {
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) {
      return {
        endpoint,
        stop: async () => {
          server.kill();
          await ended;
        },
      };
    }
    await sleep(100);
  }
  server.kill();
  throw new Error('moto_server did not start');
}
