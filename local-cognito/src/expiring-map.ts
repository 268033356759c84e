import type { Clock } from './clock';

/**
 * A map bounded in time and number, so that a pool that runs for months does not grow.
 * The oldest entries make room for new ones.
 */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, { value: V; forgetAt: number }>();

  /** @param limit most entries held at once */
  constructor(
    private readonly clock: Clock,
    private readonly limit: number,
  ) {}

  /** @param forgetAt ms since 1970 on the pool's clock */
  set(key: string, value: V, forgetAt: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, forgetAt });
    this.#prune();
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.forgetAt > this.clock.now() ? entry.value : undefined;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #prune(): void {
    const now = this.clock.now();
    for (const [key, { forgetAt }] of this.#entries) {
      // Entries stand in the order of their making; behind the first live one they are nearly all alive.
      if (forgetAt > now && this.#entries.size <= this.limit) break;
      this.#entries.delete(key);
    }
  }
}
