import { CognitoAuthError } from '../../nodes/lib/cognito/errors';
import { backOff } from '../../nodes/lib/cognito/retries';
import { Events } from './events';

const second = 1_000;
const minute = 60 * second;

/** What is simulated. */
export const scene = {
  gateways: 100_000,
  /** How long the network is away, in ms. */
  outage: 10 * minute,
  /** How long after that the simulation ends, in ms. */
  horizon: 3 * 60 * minute,
  /**
   * Sign-ins a second: the default quota of the category UserAuthentication, for all user pools of an account in a
   * region. Answers to challenges have one of their own, three times as high.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
   */
  quota: 120,
  /** How finely the results count, in ms. */
  interval: 10 * second,
} as const;

/**
 * What the SDK does with each call by itself: it repeats a failed request twice, after a random part of a time that
 * doubles, as long as it has not spent its budget (its "standard" mode, @smithy/core's submodule `retry`).
 */
const sdk = { repeats: 2, base: 500, budget: 500, cost: 5 } as const;

const networkError = new CognitoAuthError('NetworkError');
const tooManyRequests = new CognitoAuthError('TooManyRequestsException', { message: 'Rate exceeded' });

/** How a gateway waits between two tries, in ms. */
export interface Policy {
  readonly name: string;
  /** @param attempt counted from 0 */
  wait(attempt: number, error: CognitoAuthError): number;
}

export const policies: readonly Policy[] = [
  { name: 'cognito-token', wait: backOff },
  { name: 'doubling up to a minute, no jitter', wait: (attempt) => Math.min(minute, second * 2 ** attempt) },
  { name: 'every 5 seconds', wait: () => 5 * second },
];

/** What became of the fleet. Times count from the moment when the network is back, in ms. */
export interface FleetResult {
  readonly policy: string;
  /** Requests that reached the pool, and what it did with them, in each interval. */
  readonly arrivals: readonly number[];
  readonly refusals: readonly number[];
  readonly served: readonly number[];
  readonly allServedAfter: number | undefined;
  readonly halfServedAfter: number | undefined;
  readonly servedCount: number;
  readonly refusalCount: number;
  /** The highest number of requests in a second. */
  readonly peakPerS: number;
}

/** The same random numbers in every run (mulberry32), for whatever asks `Math.random`. */
function withSeed<T>(seed: number, work: () => T): T {
  const real = Math.random;
  let state = seed;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  try {
    return work();
  } finally {
    Math.random = real;
  }
}

/** A pool that takes so many requests a second, as many as that in one moment, and refuses the others. */
class Quota {
  #left: number;
  #at = 0;

  constructor(private readonly perSecond: number) {
    this.#left = perSecond;
  }

  takes(now: number): boolean {
    this.#left = Math.min(this.perSecond, this.#left + ((now - this.#at) / second) * this.perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Lets a fleet whose power went with its network come back: all start at once, and none has a token stored. */
export function simulate(policy: Policy, setting: typeof scene = scene): FleetResult {
  return withSeed(1, () => {
    const { gateways, outage, horizon, quota, interval } = setting;
    const events = new Events(outage + horizon);
    const pool = new Quota(quota);
    const attempts = new Uint16Array(gateways);
    const repeats = new Uint8Array(gateways);
    const budgets = new Uint16Array(gateways).fill(sdk.budget);
    const count = () => Array.from({ length: Math.ceil(horizon / interval) }, () => 0);
    const [arrivals, refusals, served] = [count(), count(), count()];
    const perSecond = new Uint32Array(Math.ceil(horizon / second));
    const servedAt: number[] = [];
    const add = (counts: number[], since: number): void => {
      const place = Math.floor(since / interval);
      counts[place] = (counts[place] ?? 0) + 1;
    };

    const failed = (who: number, error: CognitoAuthError): void => {
      const repeat = repeats[who] ?? 0;
      const budget = budgets[who] ?? 0;
      if (repeat < sdk.repeats && budget >= sdk.cost) {
        repeats[who] = repeat + 1;
        budgets[who] = budget - sdk.cost;
        events.plan(Math.random() * sdk.base * 2 ** repeat, who);
        return;
      }
      const attempt = attempts[who] ?? 0;
      repeats[who] = 0;
      attempts[who] = attempt + 1;
      events.plan(policy.wait(attempt, error), who);
    };

    for (let who = 0; who < gateways; who += 1) events.plan(0, who);
    events.run((who) => {
      const since = events.now - outage;
      if (since < 0) {
        failed(who, networkError);
        return;
      }
      add(arrivals, since);
      const place = Math.floor(since / second);
      perSecond[place] = (perSecond[place] ?? 0) + 1;
      if (pool.takes(events.now)) {
        add(served, since);
        servedAt.push(since);
      } else {
        add(refusals, since);
        failed(who, tooManyRequests);
      }
    });

    return {
      policy: policy.name,
      arrivals,
      refusals,
      served,
      halfServedAfter: servedAt[gateways / 2 - 1],
      allServedAfter: servedAt[gateways - 1],
      servedCount: servedAt.length,
      refusalCount: refusals.reduce((sum, each) => sum + each, 0),
      peakPerS: perSecond.reduce((most, each) => Math.max(most, each), 0),
    };
  });
}
