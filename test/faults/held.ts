import type { EventEmitter } from 'node:events';

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What keeps this process busy, and who listens to what lives as long as it does. */
export function held(emitters: Readonly<Record<string, EventEmitter>>): Map<string, number> {
  const counts = counted(process.getActiveResourcesInfo());
  for (const [name, emitter] of Object.entries({ process, ...emitters })) {
    const listeners = emitter.eventNames().map((event) => emitter.listenerCount(event));
    counts.set(
      `listeners of ${name}`,
      listeners.reduce((sum, count) => sum + count, 0),
    );
  }
  return counts;
}

/** What there is more of than before, in words. */
export function moreThan(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...now]
    .filter(([name, count]) => count > (before.get(name) ?? 0))
    .map(([name, count]) => `${name}: ${count}, not ${before.get(name) ?? 0}`);
}
