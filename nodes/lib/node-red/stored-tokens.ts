import { isRecord } from '../cognito/guards';
import type { InputValues } from '../cognito/inputs';
import { accountPlace, tokensOfProcess } from '../cognito/token-cache';
import { comparable, isTokenSet, userNamesOf, type TokenSet } from '../cognito/token-set';
import type { TokenRecord } from '../cognito/token-source';
import type { UserPool } from '../cognito/user-pool';
import type { SealedStore } from './sealed-store';

/** After how long a sign-out need not be known any more, in ms: by then the tokens from before it have expired. */
const forgottenAfter = 25 * 60 * 60_000;

/** How far clocks that share a store may be apart, in ms. */
const clockTolerance = 60_000;

/** When users were signed out, in ms of Cognito's time, by the digests of their names. */
type SignOuts = Readonly<Record<string, number>>;

function nameOfSignOuts(store: SealedStore, { server, userPoolId }: UserPool): Promise<string> {
  return recordName('cognitoSignOuts', store, JSON.stringify([server, userPoolId]));
}

/** The place of a record, which tells nothing about whom it is of; it has no dots, since names in the context are paths. */
async function recordName(kind: string, store: SealedStore, place: string): Promise<string> {
  return `${kind}_${(await store.digest(`${kind} ${place}`)).slice(0, 32)}`;
}

function digestsOf(store: SealedStore, userNames: Iterable<string>): Promise<string[]> {
  return Promise.all([...userNames].map((name) => store.digest(`user ${comparable(name)}`)));
}

async function readSignOuts(store: SealedStore, name: string): Promise<SignOuts> {
  const value = await store.read(name);
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** The tokens of one account in the store of the user pool node, encrypted. */
export class StoredTokens implements TokenRecord {
  readonly #store: SealedStore;
  readonly #pool: UserPool;
  readonly #name: Promise<string>;
  readonly #nameOfSignOuts: Promise<string>;

  /** @param values with the account's user name and secret */
  constructor(store: SealedStore, pool: UserPool, values: InputValues) {
    this.#store = store;
    this.#pool = pool;
    this.#name = recordName('cognitoTokens', store, accountPlace(pool, values));
    this.#nameOfSignOuts = nameOfSignOuts(store, pool);
  }

  /** @throws CognitoAuthError ContextStoreError */
  async read(userNames: readonly string[]): Promise<{ readonly tokens?: TokenSet; readonly signedOutAt?: number }> {
    const [tokens, signOuts] = await Promise.all([
      this.#store.read(await this.#name),
      readSignOuts(this.#store, await this.#nameOfSignOuts),
    ]);
    const found = isTokenSet(tokens) ? tokens : undefined;
    const names = new Set([...userNames, ...userNamesOf(found)]);
    const digests = Object.keys(signOuts).length > 0 ? await digestsOf(this.#store, names) : [];
    // A time to come was written by a clock that was wrong, and would undo every sign-in until then.
    const latest = this.#pool.now() + clockTolerance;
    const times = digests.flatMap((digest) => signOuts[digest] ?? []).filter((time) => time <= latest);
    return {
      ...(found && { tokens: found }),
      ...(times.length > 0 && { signedOutAt: Math.max(...times) }),
    };
  }

  /** @throws CognitoAuthError ContextStoreError */
  async write(tokens: TokenSet | undefined): Promise<void> {
    await this.#store.write(await this.#name, tokens);
  }
}

/** This process adds to a list of sign-outs one after the other. */
let adding: Promise<void> = Promise.resolve();

/** How often to look whether another process has written the same list at the same time. */
const writingTries = 3;

/** Adds to the list of a user pool, which other processes add to as well. @throws CognitoAuthError ContextStoreError */
async function addSignOuts(
  pool: UserPool,
  store: SealedStore,
  userNames: readonly string[],
  now: number,
): Promise<void> {
  const name = await nameOfSignOuts(store, pool);
  const digests = await digestsOf(store, userNames);
  for (let tries = 0; tries < writingTries; tries += 1) {
    const known = await readSignOuts(store, name);
    if (digests.every((digest) => (known[digest] ?? 0) >= now)) return;
    const recent = Object.entries(known).filter(([, at]) => at > now - forgottenAfter);
    await store.write(name, Object.fromEntries([...recent, ...digests.map((digest) => [digest, now] as const)]));
  }
}

/**
 * Forgets the tokens of a user who was signed out, in this process at once, and in others that share the store as soon as
 * they look there.
 * @param store of the user pool node, if it has one
 * @param userNames everything that the user is known by: names, sub, aliases, `refreshTokenName`
 * @throws CognitoAuthError ContextStoreError
 */
export async function forgetEverywhere(
  pool: UserPool,
  store: SealedStore | undefined,
  userNames: readonly string[],
): Promise<void> {
  const now = pool.now();
  tokensOfProcess.forget(pool, userNames);
  if (!store) return;
  const added = adding.then(() => addSignOuts(pool, store, userNames, now));
  adding = added.catch(() => undefined);
  await added;
}
