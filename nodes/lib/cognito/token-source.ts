import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isClockSuspected } from './error-advice';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import { textOf } from './input-text';
import type { InputValues } from './inputs';
import type { Outcome } from './outcome';
import { refresh, type Refreshable } from './refresh';
import { backOff, coolDownAfter, endsRefreshToken, isPassing } from './retries';
import { provenNamesOf, tokenSetOf, userNamesOf, withoutRefreshToken, type TokenSet } from './token-set';
import { unlessAborted } from './unless-aborted';
import type { UserPool } from './user-pool';

/** Where the tokens of one account outlast the process, and reach other processes. */
export interface TokenRecord {
  /**
   * What was written, by this process or another, and when the user was last signed out, in ms of Cognito's time.
   * @param userNames what the user is known by, where that is known
   * @throws CognitoAuthError ContextStoreError
   */
  read(userNames: readonly string[]): Promise<{ readonly tokens?: TokenSet; readonly signedOutAt?: number }>;
  /** @throws CognitoAuthError ContextStoreError */
  write(tokens: TokenSet | undefined): Promise<void>;
}

/** An account, and how it gets tokens: as the node has it that asked last. */
export interface Account {
  readonly pool: UserPool;
  /** With `username` and `refreshToken` where they are given, and `clientMetadata`. */
  readonly values: InputValues;
  readonly record?: TokenRecord | undefined;
  /** Changes with every setting that a refusal can depend on. */
  readonly settingsDigest: () => string;
  /**
   * Signs in. What comes of it may be a challenge that needs a person, who will have been told.
   * @param id names the source of tokens that waits for that person
   * @throws CognitoAuthError TokensMissing for an account that can't be signed in without a person
   */
  readonly signIn: (id: string, signal: AbortSignal) => Promise<Outcome>;
}

/** Tokens were refused where they were used. */
export interface Rejection {
  /** The access and ID tokens that it can have been; none where that is not known. */
  readonly tokens: readonly string[];
}

/** Who wants to know what becomes of the tokens. */
export interface Watcher {
  /** Has the tokens renewed even while nobody asks for them. */
  readonly isKeptFresh: boolean;
  onTokens(tokens: TokenSet): void;
  /** Tokens could not be renewed; those at hand may still be good. */
  onFailure(error: CognitoAuthError): void;
  /** Something failed that the tokens don't depend on. */
  onWarning(error: CognitoAuthError): void;
}

/** Tokens are not given out for this long before they expire, in ms: they have to get to where they are checked. */
const margin = 10_000;

/**
 * How long before their end tokens are renewed, as a part of their life. Those of an hour then outlast a network that is
 * away for ten minutes.
 */
const earliness = { least: 0.2, spread: 0.2 };

/** How often to look into the store for what other processes have written, in ms. */
const lookInterval = 20_000;

/** How long those who ask wait for such a look, in ms. */
const lookTimeout = 1_000;

/** How long after tokens were rejected a rejection that names none is taken to mean the same ones, in ms. */
const rejectionInterval = 10_000;

/** After how long a person who has not answered is asked again, in ms: no session lives longer. */
const challengeInterval = 15 * 60_000;

/** When to look for the token that another process got for one that was used up, one wait after the other, in ms. */
const reuseWaits = [0, 500, 1_500];

/** The longest that a timer of Node's can wait, in ms. */
const longestTimer = 2 ** 31 - 1;

/** What a sign-in under way is not aborted by: it belongs to none of those who wait alone. */
const never = new AbortController().signal;
setMaxListeners(0, never); // each sign-in that waits for its next code listens

/**
 * The tokens of one account: signs in, renews them ahead of their end, with one call at a time however many ask, and
 * keeps them over failures that pass.
 */
export class TokenSource {
  /** Names this source in sign-ins that a person has to finish. */
  readonly id = randomUUID();
  #asked: Account;
  #tokens: TokenSet | undefined;
  /** In ms of Cognito's time. */
  #renewAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** In ms of this machine's monotonic clock. */
  #lookAt = -Infinity;
  #looking: Promise<void> | undefined;
  #storeFails = false;
  /** Somebody has asked since the last renewal. */
  #isUsed = false;
  #waiting = 0;
  #renewal: Promise<TokenSet> | undefined;
  /** By the digest of the settings that were refused; `until` in ms of the monotonic clock. */
  readonly #refusals = new Map<string, { readonly error: CognitoAuthError; readonly until: number }>();
  /** The end of the latest cool-down, whatever the settings, in ms of the monotonic clock. */
  #refusedUntil = -Infinity;
  /** Counts how often the tokens were forgotten. */
  #forgotten = 0;
  /** When rejected tokens were last replaced, in ms of the monotonic clock. */
  #forcedAt = -Infinity;
  #failure: CognitoAuthError | undefined;
  /** Whom the challenge is for that a person has to answer, and who waits for that. */
  #challenged: { readonly username: string | undefined; readonly accept: (tokens: TokenSet) => void } | undefined;
  readonly #watchers = new Map<Watcher, Account>();

  constructor(account: Account) {
    this.#asked = account;
  }

  /** The account of who asked last, or of somebody who watches once the user pool of that one is closed. */
  get #account(): Account {
    if (this.#asked.pool.isClosed) {
      this.#asked = [...this.#watchers.values()].find(({ pool }) => !pool.isClosed) ?? this.#asked;
    }
    return this.#asked;
  }

  /** Whether nobody waits or watches, so that it can be let go. */
  get isIdle(): boolean {
    return this.#watchers.size === 0 && !this.#renewal;
  }

  /** The pool that the tokens are of. */
  get pool(): UserPool {
    return this.#account.pool;
  }

  /** Everything that the user is known by. */
  get userNames(): string[] {
    const typed = textOf(this.#account.values, 'username');
    return [...(typed === undefined ? [] : [typed]), ...userNamesOf(this.#tokens)];
  }

  /** What keeps those waiting who wait. */
  get failure(): CognitoAuthError | undefined {
    return this.#failure;
  }

  /** Tells a watcher of every renewal and failure. @param account the watcher's own @returns what ends that */
  watch(watcher: Watcher, account: Account): () => void {
    this.#watchers.set(watcher, account);
    return () => {
      this.#watchers.delete(watcher);
      // What it would need of its node may be gone.
      if (this.#asked === account) this.#asked = [...this.#watchers.values()].at(-1) ?? account;
    };
  }

  /** Tokens that can be given out at once, if there are any. Begins to renew them when that is due. */
  fresh(): TokenSet | undefined {
    const tokens = this.#tokens;
    if (!tokens || this.#looking || this.#isLookDue) return undefined;
    const now = this.#account.pool.now();
    if (now >= tokens.expiresAt - margin) return undefined;
    this.#isUsed = true;
    if (now >= this.#renewAt && performance.now() >= this.#refusedUntil) void this.#renew();
    return tokens;
  }

  /**
   * Tokens that are good for a while. Waits for them for as long as failures are of the kind that passes.
   * @param account replaces the one that was given before
   * @param rejection tokens were refused where they were used: others are got, unless that has been done already
   * @param signal ends the waiting
   * @throws CognitoAuthError
   */
  async tokens(account: Account, rejection: Rejection | undefined, signal: AbortSignal): Promise<TokenSet> {
    this.#asked = account;
    if (this.#looking || this.#isLookDue) await this.#look();
    const tokens = this.fresh();
    const isRejected = rejection !== undefined && tokens !== undefined && this.#isMeant(rejection, tokens);
    if (tokens && !isRejected) return tokens;
    this.#waiting += 1;
    try {
      return await unlessAborted(signal, this.#renew(isRejected ? tokens : undefined));
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Takes tokens that were got elsewhere. Those of a person who was asked go to whom they were asked for alone. */
  async accept(tokens: TokenSet): Promise<void> {
    const { username, accept } = this.#challenged ?? {};
    if (username !== undefined && !provenNamesOf(tokens).includes(username)) return;
    // Nobody gets them where the user is signed out meanwhile.
    await this.#keep(tokens, this.#forgotten).then(accept, () => undefined);
  }

  /** Whether it is these tokens that were refused. Where the caller can't tell, those of a moment ago are not. */
  #isMeant(rejection: Rejection, { accessToken, idToken }: TokenSet): boolean {
    if (rejection.tokens.length === 0) return performance.now() - this.#forcedAt > rejectionInterval;
    return rejection.tokens.some((token) => token === accessToken || token === idToken);
  }

  /** Ends the renewing, for good. */
  letGo(): void {
    clearTimeout(this.#timer);
  }

  /** Forgets the tokens, here and in the store. */
  forget(): void {
    this.#account.record?.write(undefined).catch((error: unknown) => {
      this.#onStoreFailure(error);
    });
    this.#drop();
  }

  /** Renews the tokens, once for all who ask. */
  #renew(rejected?: TokenSet): Promise<TokenSet> {
    const refusal = this.#refusalOfSettings();
    if (refusal) return unhandled(Promise.reject(refusal));
    this.#renewal ??= unhandled(
      this.#renewUntilDone(rejected).finally(() => {
        this.#renewal = undefined;
      }),
    );
    return this.#renewal;
  }

  async #renewUntilDone(rejected: TokenSet | undefined): Promise<TokenSet> {
    for (let attempt = 0; ; attempt += 1) {
      const settings = this.#account.settingsDigest();
      try {
        const tokens = await this.#obtain(rejected);
        if (rejected) this.#forcedAt = performance.now();
        this.#failure = undefined;
        this.#refusals.clear();
        this.#refusedUntil = -Infinity;
        return tokens;
      } catch (thrown) {
        const error = toCognitoAuthError(thrown);
        if (!isPassing(error)) {
          const refusal = this.#refused(error, settings);
          if (settings === this.#account.settingsDigest()) throw refusal;
          // Others may have been deployed meanwhile, and deserve a try of their own.
          const known = this.#refusalOfSettings();
          if (known) throw known;
          continue;
        }
        this.#failed(error);
        if (!this.#isWanted) throw error;
        await sleep(backOff(attempt, error), undefined, { ref: this.#waiting > 0 });
      }
    }
  }

  /** Why an account with the settings that it has now is left alone, if it is. */
  #refusalOfSettings(): CognitoAuthError | undefined {
    if (this.#refusals.size === 0) return undefined;
    const { error, until = 0 } = this.#refusals.get(this.#account.settingsDigest()) ?? {};
    return performance.now() < until ? error : undefined;
  }

  #failed(error: CognitoAuthError): void {
    this.#failure = error;
    for (const watcher of this.#watchers.keys()) watcher.onFailure(error);
  }

  /** Remembers a refusal, so that Cognito is not asked the same again and again. @returns how it is reported */
  #refused(refusal: CognitoAuthError, settings: string): CognitoAuthError {
    const suspected = withClock(refusal);
    const coolDown = coolDownAfter(suspected);
    const error = coolDown > 0 ? suspected.with({ notAskedUntil: Date.now() + coolDown }) : suspected;
    const until = performance.now() + coolDown;
    for (const [refused, { until: end }] of this.#refusals) {
      if (performance.now() >= end) this.#refusals.delete(refused);
    }
    this.#refusals.set(settings, { error, until });
    this.#refusedUntil = until;
    this.#failed(error);
    if (this.#isKeptFresh && until > performance.now()) this.#renewIn(until - performance.now());
    return error;
  }

  /** Whether it is worth trying again. */
  get #isWanted(): boolean {
    if (this.#waiting > 0) return true;
    const { pool } = this.#account;
    return !pool.isClosed && (this.#isKeptFresh || (this.#isUsed && pool.now() < (this.#tokens?.expiresAt ?? 0)));
  }

  get #isKeptFresh(): boolean {
    return [...this.#watchers.keys()].some(({ isKeptFresh }) => isKeptFresh);
  }

  /** Takes tokens from where they can be had with the least: the store, a refresh, a sign-in. */
  async #obtain(rejected: TokenSet | undefined): Promise<TokenSet> {
    const before = this.#tokens;
    await this.#adopt();
    const { pool, values } = this.#account;
    const held = this.#tokens;
    const isNew = held !== before && held?.accessToken !== rejected?.accessToken;
    if (held && isNew && pool.now() < held.expiresAt - margin) return held;

    const refreshToken = held?.refreshToken ?? textOf(values, 'refreshToken');
    if (refreshToken === undefined) return this.#signIn();
    try {
      return await this.#refresh({ ...held, refreshToken });
    } catch (thrown) {
      const error = toCognitoAuthError(thrown);
      if (isPassing(error)) throw error;
      return await this.#signIn().catch((failure: unknown) => {
        throw failure instanceof CognitoAuthError && failure.code === 'TokensMissing' ? error : failure;
      });
    }
  }

  /** Refreshes, or takes over what another process got for the same refresh token. */
  async #refresh(before: Refreshable): Promise<TokenSet> {
    const { pool, values } = this.#account;
    const forgotten = this.#forgotten;
    try {
      const tokens = await refresh(pool, before, values, never);
      return await this.#keep(tokens, forgotten);
    } catch (thrown) {
      const error = toCognitoAuthError(thrown);
      if (!endsRefreshToken(error)) throw error;
      const waits = error.code === 'RefreshTokenReuseException' ? reuseWaits : [0];
      for (const wait of this.#account.record ? waits : []) {
        await sleep(wait);
        await this.#adopt();
        const found = this.#tokens;
        if (found?.refreshToken !== undefined && found.refreshToken !== before.refreshToken) {
          return pool.now() < found.expiresAt - margin
            ? found
            : this.#refresh({ ...found, refreshToken: found.refreshToken });
        }
      }
      if (this.#tokens) this.#hold(withoutRefreshToken(this.#tokens));
      throw error;
    }
  }

  async #signIn(): Promise<TokenSet> {
    const account = this.#account;
    const forgotten = this.#forgotten;
    const { signedIn, state, warning } = await account.signIn(this.id, never);
    if (warning) for (const watcher of this.#watchers.keys()) watcher.onWarning(warning);
    if (!signedIn) return this.#awaitPerson(state);
    return this.#keep(tokenSetOf(signedIn, state, account.pool.now()), forgotten);
  }

  /** Waits until a person has answered a challenge, and the tokens come in by `accept`. */
  async #awaitPerson({ username, challengeName = '' }: Outcome['state']): Promise<TokenSet> {
    const given = new AbortController();
    try {
      return await Promise.race([
        new Promise<TokenSet>((accept) => {
          this.#challenged = { username, accept };
        }),
        sleep(challengeInterval, undefined, { ref: false, signal: given.signal }).then(() => {
          throw new CognitoAuthError('PersonNeeded', { expected: challengeName });
        }),
      ]);
    } finally {
      given.abort();
    }
  }

  /**
   * Keeps new tokens: in the store first, so that a refresh token that replaced another is never known here alone.
   * @param forgotten the count when they were asked for
   * @throws CognitoAuthError Aborted when the user was signed out since
   */
  async #keep(tokens: TokenSet, forgotten: number): Promise<TokenSet> {
    await this.#account.record?.write(tokens).then(
      () => {
        this.#storeFails = false;
      },
      (error: unknown) => {
        this.#onStoreFailure(error);
      },
    );
    if (forgotten !== this.#forgotten) {
      this.forget(); // what was written just now, too
      throw new CognitoAuthError('Aborted');
    }
    this.#hold(tokens);
    for (const watcher of this.#watchers.keys()) watcher.onTokens(tokens);
    return tokens;
  }

  #hold(tokens: TokenSet | undefined): void {
    clearTimeout(this.#timer);
    this.#tokens = tokens;
    this.#isUsed = this.#waiting > 0;
    if (!tokens) return;
    const part = earliness.least + earliness.spread * Math.random();
    this.#renewAt = tokens.expiresAt - (tokens.expiresAt - tokens.receivedAt) * part;
    this.#lookAt = performance.now() + lookInterval;
    this.#renewIn(this.#renewAt - this.#account.pool.now());
  }

  /** Renews the tokens after some ms, unless nobody has asked for them until then. */
  #renewIn(wait: number): void {
    clearTimeout(this.#timer);
    const timer = setTimeout(
      () => {
        const { pool } = this.#account;
        if (pool.isClosed) return;
        // Timers of Node's can fire a little early, and the clock may have been set.
        const early = Math.max(this.#renewAt - pool.now(), this.#refusedUntil - performance.now());
        if (early > 0) this.#renewIn(early);
        else if (this.#isUsed || this.#isKeptFresh) void this.#renew();
      },
      Math.min(wait, longestTimer),
    );
    this.#timer = timer.unref();
  }

  get #isLookDue(): boolean {
    return this.#account.record !== undefined && performance.now() >= this.#lookAt;
  }

  /** Looks for what other processes have done, without holding up messages for long. */
  #look(): Promise<void> {
    this.#looking ??= Promise.race([this.#adopt(), sleep(lookTimeout, undefined, { ref: false })]).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Takes over from the store what is newer there, and drops what was got before the user was signed out. */
  async #adopt(): Promise<void> {
    const { record } = this.#account;
    if (!record) return;
    this.#lookAt = performance.now() + lookInterval;
    try {
      const { tokens, signedOutAt = -Infinity } = await record.read(this.userNames);
      const held = this.#tokens;
      const isNewer = tokens !== undefined && tokens.receivedAt > Math.max(held?.receivedAt ?? 0, signedOutAt);
      if (isNewer) {
        await this.#account.pool.learnTime(lookTimeout);
        this.#hold(tokens);
        for (const watcher of this.#watchers.keys()) watcher.onTokens(tokens);
      } else if (held && held.receivedAt <= signedOutAt) {
        this.#drop();
      }
    } catch (error) {
      this.#onStoreFailure(error);
    }
  }

  /** Lets go of the tokens of a user who was signed out; where they are kept fresh, others are got at once. */
  #drop(): void {
    this.#forgotten += 1;
    this.#hold(undefined);
    if (this.#isKeptFresh) void this.#renew();
  }

  /** Without the store things go on as well as they can; that is told once, until something can be written again. */
  #onStoreFailure(thrown: unknown): void {
    if (this.#storeFails) return;
    this.#storeFails = true;
    for (const watcher of this.#watchers.keys()) watcher.onWarning(toCognitoAuthError(thrown));
  }
}

/** Who asked for it may have gone when a promise is rejected. */
function unhandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** With a clock that is far off, Cognito's refusal says more about the clock than about the user. */
function withClock(error: CognitoAuthError): CognitoAuthError {
  const { clockOffset, requestId } = error.details;
  if (!isClockSuspected(error)) return error;
  return new CognitoAuthError('ClockSkewed', {
    message: error.message,
    ...(clockOffset !== undefined && { clockOffset }),
    ...(requestId !== undefined && { requestId }),
  });
}
