import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type RedisClientType } from '@redis/client';
import { freePort } from '../support/servers';

const command = process.env.REDIS_SERVER ?? 'redis-server';

/** Whether redis-server is on this machine. */
export function hasRedis(): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A Redis of the tests' own, on a free port; it keeps nothing on a disk. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  #server: ChildProcess | undefined;
  #folder = '';

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<RedisServer> {
    const redis = new RedisServer(await freePort());
    await redis.startAgain();
    return redis;
  }

  /** Starts it after it was stopped, empty, and waits until it answers. */
  async startAgain(): Promise<void> {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'redis-'));
    const settings = { port: this.#port, bind: '127.0.0.1', dir: this.#folder, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn(command, args, { stdio: 'ignore' });
    this.#server = server;
    await this.use(
      (client) => client.ping(),
      () => server.exitCode === null,
    );
  }

  async stop(): Promise<void> {
    if (this.#server?.exitCode === null) {
      this.#server.kill();
      await once(this.#server, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Everything in it, as text. */
  content(): Promise<string> {
    return this.use(async (client) => {
      const names = await client.keys('*');
      return JSON.stringify(await Promise.all(names.map(async (name) => [name, await client.hGetAll(name)])));
    });
  }

  /** Replaces the value of the one property of the global context whose name begins like this. */
  async change(name: string, to: (value: string) => unknown): Promise<void> {
    await this.use(async (client) => {
      const values = await client.hGetAll('node-red:global');
      const [entry] = Object.entries(values).filter(([field]) => field.startsWith(name));
      if (!entry) throw new Error(`Redis holds no ${name}`);
      await client.hSet('node-red:global', entry[0], JSON.stringify(to(JSON.parse(entry[1]) as string)));
    });
  }

  /** Waits until somebody uses it besides this. */
  async untilUsed(): Promise<void> {
    await this.use(async (client) => {
      while ((await client.clientList()).length < 2) await sleep(20);
    });
  }

  /**
   * Does something by a client.
   * @param isWorthTrying whether to wait for a server that does not answer yet
   */
  private async use<Result>(
    work: (client: RedisClientType) => Promise<Result>,
    isWorthTrying = () => false,
  ): Promise<Result> {
    const reconnectStrategy = () => (isWorthTrying() ? 50 : false);
    const client = createClient({ url: this.url, socket: { reconnectStrategy } }).on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }
}
