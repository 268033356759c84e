import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { NodeContextData } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import { unlessAborted } from '../cognito/unless-aborted';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;
const keyLength = 32;

/** How long a store may take for one value, in ms. */
const storeTimeout = 10_000;

/**
 * Makes the key from what the author gave, which may be a sentence. Off the main thread, for about 50 ms, once.
 * @param salt public; keeps the same words from giving the same key elsewhere
 */
const deriveKey: (words: string, salt: string, length: number) => Promise<Buffer> = promisify(scrypt);

/** @throws CognitoAuthError ContextStoreError when the store fails, or never answers */
function inTime<T>(access: Promise<T>): Promise<T> {
  return unlessAborted(AbortSignal.timeout(storeTimeout), access).catch((error: unknown) => {
    throw new CognitoAuthError('ContextStoreError', {
      message: error instanceof Error ? error.message : String(error),
    });
  });
}

/**
 * Values in Node-RED's global context, encrypted (AES-256-GCM), so that a store that is written to a disk or shared by
 * several instances gives nothing away. Each value is bound to its name. What can't be read, because it is of another
 * key or was changed, is as good as not there.
 */
export class SealedStore {
  readonly #get: (name: string) => Promise<unknown>;
  readonly #set: (name: string, value: unknown) => Promise<void>;
  readonly #key: Promise<Buffer>;

  /**
   * @param context the global context
   * @param storeName one of the `contextStorage` in Node-RED's settings; its default store unless given
   * @param words what the key is made from
   * @param salt public, different for each purpose
   */
  constructor(context: NodeContextData, storeName: string | undefined, words: string, salt: string) {
    const get = promisify((name: string, done: (error: Error, value: unknown) => void) => {
      context.get(name, storeName, done);
    });
    const set = promisify((name: string, value: unknown, done: (error: Error) => void) => {
      context.set(name, value, storeName, done);
    });
    this.#get = (name) => inTime(get(name));
    this.#set = (name, value) => inTime(set(name, value));
    this.#key = deriveKey(words, salt, keyLength);
  }

  /** What was written under this name. @throws CognitoAuthError ContextStoreError */
  async read(name: string): Promise<unknown> {
    const text = await this.open(await this.#get(name), name);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  /** Writes JSON; undefined removes what is there. @throws CognitoAuthError ContextStoreError */
  async write(name: string, value: unknown): Promise<void> {
    await this.#set(name, value === undefined ? undefined : await this.seal(JSON.stringify(value), name));
  }

  /**
   * Stands for a text, in names and in lists, without giving it away: HMAC-SHA256.
   * @returns hexadecimal
   */
  async digest(text: string): Promise<string> {
    return createHmac('sha256', await this.#key)
      .update(text)
      .digest('hex');
  }

  /** Encrypts a text. @param purpose needed again to open it @returns base64url */
  async seal(text: string, purpose: string): Promise<string> {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv(algorithm, await this.#key, iv).setAAD(Buffer.from(purpose));
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url');
  }

  /** The text that was sealed for this purpose by this key; undefined for anything else. */
  async open(sealed: unknown, purpose: string): Promise<string | undefined> {
    if (typeof sealed !== 'string') return undefined;
    const bytes = Buffer.from(sealed, 'base64url');
    const key = await this.#key;
    try {
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
      return decipher.update(bytes.subarray(ivLength + tagLength), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}
