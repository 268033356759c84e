import { util } from '@node-red/util';
import { createClient, type RedisClientType } from '@redis/client';

interface Config {
  /** redis://… */
  readonly url: string;
}

/** How long to wait before each try to reach a Redis that is away, in ms. */
const reconnectDelay = 200;

/** What stands before a scope's name in the name of its hash. */
const prefix = 'node-red:';

type Values = Record<string, unknown>;
type Done = (error?: unknown, ...result: unknown[]) => void;

/** The name under which a hash holds what a property like `first.second[3]` is a part of. */
function fieldOf(key: string): string {
  return String(util.normalisePropertyExpression(key)[0]);
}

/** What is in a property, or in a part of it that need not be there. */
function partOf(values: Values, key: string): unknown {
  try {
    return util.getObjectProperty(values, key);
  } catch {
    return undefined;
  }
}

function tell(done: Done | undefined, result: Promise<unknown[]>): void {
  result.then(
    (values) => done?.(undefined, ...values),
    (error: unknown) => done?.(error),
  );
}

/**
 * Node-RED's context in a Redis: each scope is a hash, each of its values JSON. While Redis is away, everything fails
 * at once. See https://nodered.org/docs/api/context/store/
 */
class RedisContext {
  readonly #client: RedisClientType;

  constructor({ url }: Config) {
    this.#client = createClient({
      url,
      socket: { reconnectStrategy: () => reconnectDelay },
      disableOfflineQueue: true,
    });
    this.#client.on('error', () => undefined); // told to whoever reads or writes
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }

  get(scope: string, key: string | string[], done?: Done): void {
    if (!done) throw new Error('Redis is read asynchronously only');
    const keys = [key].flat();
    tell(done, Promise.all(keys.map(async (name) => partOf(await this.#read(scope, name), name))));
  }

  set(scope: string, key: string | string[], value: unknown, done?: Done): void {
    const keys = [key].flat();
    const values = Array.isArray(key) && Array.isArray(value) ? (value as unknown[]) : [value];
    tell(done, this.#set(scope, keys, values));
  }

  keys(scope: string, done?: Done): void {
    if (!done) throw new Error('Redis is read asynchronously only');
    tell(done, Promise.all([this.#client.hKeys(prefix + scope)]));
  }

  async delete(scope: string): Promise<void> {
    await this.#client.del(prefix + scope);
  }

  /** Removes the scopes of nodes that are gone; all instances are taken to run the same flows. */
  async clean(activeNodes: readonly string[]): Promise<void> {
    for (const name of await this.#client.keys(`${prefix}*`)) {
      const scope = name.slice(prefix.length);
      const [node = ''] = scope.split(':');
      if (scope !== 'global' && !activeNodes.includes(node)) await this.delete(scope);
    }
  }

  async #set(scope: string, keys: readonly string[], values: readonly unknown[]): Promise<[]> {
    for (const [index, key] of keys.entries()) {
      const all = await this.#read(scope, key);
      // As in Node-RED's own stores: what has no value in the list becomes null, and undefined removes.
      util.setObjectProperty(all, key, index < values.length ? values[index] : null);
      await this.#write(scope, fieldOf(key), all[fieldOf(key)]);
    }
    return [];
  }

  async #read(scope: string, key: string): Promise<Values> {
    const field = fieldOf(key);
    const json = await this.#client.hGet(prefix + scope, field);
    return json == null ? {} : { [field]: JSON.parse(json) as unknown };
  }

  async #write(scope: string, field: string, value: unknown): Promise<void> {
    if (value === undefined) await this.#client.hDel(prefix + scope, field);
    else await this.#client.hSet(prefix + scope, field, JSON.stringify(value));
  }
}

export = (config: Config): RedisContext => new RedisContext(config);
