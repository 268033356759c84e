import { setTimeout as sleep } from 'node:timers/promises';
import RED from 'node-red';
import { held, moreThan } from './held';

/** How long what was left behind may take to go, in ms. */
const patience = 2_000;

const heldHere = (): Map<string, number> => held({ 'RED.events': RED.events });

/**
 * Counts sockets, timers and listeners.
 * @returns waits until there are no more than there were, and throws if that takes too long
 */
export async function countLeaks(): Promise<() => Promise<void>> {
  await sleep(1); // mocha's own timer has begun by then
  const before = heldHere();
  return async () => {
    for (let waited = 0; moreThan(before, heldHere()).length > 0; waited += 10) {
      if (waited >= patience) throw new Error(`left behind: ${moreThan(before, heldHere()).join('; ')}`);
      await sleep(10, undefined, { ref: false });
    }
  };
}
