import { setTimeout as sleep } from 'node:timers/promises';
import { assertIsJwks, type JwkWithKid } from 'aws-jwt-verify/jwk';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import type { PublicDocument } from './public-document';

/** Reads the document at a URL. */
export type Read = (url: string) => Promise<PublicDocument>;

/** The longest key id that is looked for. Cognito's have 44 characters. */
const longestKid = 256;

/** How many may wait for the next reading once there are keys; what comes on top of them has no key. */
const mostWaiting = 1_000;

/** Keys are read again in the background once they are this old, in ms, so that one that was withdrawn goes. */
const lifetime = 24 * 60 * 60_000;

/** How long a failure to read answers for the next tries, in ms. */
const failureTime = 500;

/** @throws CognitoAuthError SigningKeysUnavailable for anything but a key set with a key in it */
function keysIn({ status, text }: PublicDocument): Map<string, JwkWithKid> {
  try {
    const keySet = JSON.parse(status === 200 ? text : '') as Parameters<typeof assertIsJwks>[0];
    assertIsJwks(keySet);
    // Cognito signs by RS256 alone; a server in its place may leave that out.
    const keys = keySet.keys.flatMap(({ kid, ...key }) => (kid ? [{ alg: 'RS256', ...key, kid }] : []));
    if (keys.length > 0) return new Map(keys.map((key) => [key.kid, key]));
  } catch {
    // told below; the words of the error could quote the answer
  }
  throw new CognitoAuthError('SigningKeysUnavailable', { httpStatusCode: status });
}

/**
 * The public keys that one user pool signs its tokens with. They are read once for all who wait; a key id that is not
 * among them has them read again, as it does after Cognito has changed its keys, but made-up ones don't do so more
 * often than every few seconds. Tokens of known keys never wait.
 */
export class SigningKeys {
  readonly #url: string;
  readonly #interval: number;
  #keys = new Map<string, JwkWithKid>();
  /** Key ids that the latest reading did not find. */
  #absent = new Set<string>();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  #failure: { readonly error: CognitoAuthError; readonly at: number } | undefined;
  #waiting = 0;

  /** @param interval the shortest time between two readings, in ms */
  constructor(url: string, interval = 5_000) {
    this.#url = url;
    this.#interval = interval;
  }

  /**
   * The key of an id; undefined when there is none.
   * @throws CognitoAuthError when that can't be known now: SigningKeysUnavailable, NetworkError and the like
   */
  async find(kid: string, read: Read): Promise<JwkWithKid | undefined> {
    const known = this.#keys.get(kid);
    if (known) {
      if (performance.now() - this.#readAt > lifetime) void this.refresh(read).catch(() => undefined);
      return known;
    }
    if (kid.length > longestKid) return undefined;
    if (this.#keys.size > 0) {
      const isRecent = performance.now() - this.#readAt < this.#interval;
      if (this.#waiting >= mostWaiting || (isRecent && this.#absent.has(kid))) return undefined;
    }
    this.#waiting += 1;
    await this.refresh(read).finally(() => {
      this.#waiting -= 1;
    });
    const found = this.#keys.get(kid);
    if (!found && this.#absent.size < mostWaiting) this.#absent.add(kid);
    return found;
  }

  /** Reads the keys if that was never done. @throws CognitoAuthError */
  async load(read: Read): Promise<void> {
    if (this.#keys.size === 0) await this.refresh(read);
  }

  /** Reads the keys again, as soon as that may be. @throws CognitoAuthError */
  refresh(read: Read): Promise<void> {
    if (this.#failure && performance.now() - this.#failure.at < failureTime) return Promise.reject(this.#failure.error);
    this.#reading ??= this.#read(read).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(read: Read): Promise<void> {
    const wait = this.#readAt + this.#interval - performance.now();
    if (wait > 0) await sleep(wait, undefined, { ref: false });
    try {
      this.#keys = keysIn(await read(this.#url));
      this.#absent = new Set();
      this.#readAt = performance.now();
      this.#failure = undefined;
    } catch (thrown) {
      const error = toCognitoAuthError(thrown);
      this.#failure = { error, at: performance.now() };
      throw error;
    }
  }
}

/** For all nodes of a process, by URL. */
const keySets = new Map<string, SigningKeys>();

/** The keys that stand at a URL. */
export function signingKeysAt(url: string): SigningKeys {
  const keys = keySets.get(url) ?? new SigningKeys(url);
  keySets.set(url, keys);
  return keys;
}
