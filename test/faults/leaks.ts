import { setTimeout as sleep } from 'node:timers/promises';
import RED from 'node-red';

/** How long what was left behind may take to go, in ms. */
const patience = 2_000;

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What keeps this process busy, and who listens to what lives as long as it does. */
function held(): Map<string, number> {
  const counts = counted(process.getActiveResourcesInfo());
  for (const [name, emitter] of Object.entries({ process, 'RED.events': RED.events })) {
    const listeners = emitter.eventNames().map((event) => emitter.listenerCount(event));
    counts.set(
      `listeners of ${name}`,
      listeners.reduce((sum, count) => sum + count, 0),
    );
  }
  return counts;
}

/**
 * Counts sockets, timers and listeners.
 * @returns waits until there are no more than there were, and throws if that takes too long
 */
export async function countLeaks(): Promise<() => Promise<void>> {
  await sleep(1); // mocha's own timer has begun by then
  const before = held();
  const more = (): string[] =>
    [...held()]
      .filter(([name, count]) => count > (before.get(name) ?? 0))
      .map(([name, count]) => `${name}: ${count}, not ${before.get(name) ?? 0}`);
  return async () => {
    for (let waited = 0; more().length > 0; waited += 10) {
      if (waited >= patience) throw new Error(`left behind: ${more().join('; ')}`);
      await sleep(10, undefined, { ref: false });
    }
  };
}
