import { createHmac, randomBytes } from 'node:crypto';
import { textEntriesOf, textOf } from './input-text';
import type { InputValues } from './inputs';
import type { Outcome } from './outcome';
import { comparable, tokenSetOf } from './token-set';
import { TokenSource, type Account } from './token-source';
import type { UserPool } from './user-pool';

/** How many accounts to hold: of those that nobody waits for, the ones asked for longest ago are let go first. */
const limit = 10_000;

/** What tells app clients apart. */
function clientOf({ server, userPoolId, clientId }: UserPool): string {
  return JSON.stringify([server, userPoolId, clientId]);
}

/** What tells accounts apart: pool, app client, user, and the secrets that were given. */
export function accountPlace({ server, userPoolId, clientId }: UserPool, values: InputValues): string {
  const given = (['username', 'password', 'refreshToken', 'answer'] as const).map(
    (name) => textOf(values, name) ?? null,
  );
  return JSON.stringify([server, userPoolId, clientId, ...given, textEntriesOf(values, 'extraParameters')]);
}

/**
 * Where the tokens of accounts come from. Whoever gives another password is another account, and gets no tokens but those
 * that this password signs in for.
 */
export class TokenCache {
  readonly #sources = new Map<string, TokenSource>();
  /** Makes of a password something that can be compared, and of no use to anyone else. */
  readonly #key = randomBytes(32);

  /** The same for everybody who gives the same user and the same secrets. */
  source(account: Account): TokenSource {
    const place = createHmac('sha256', this.#key).update(accountPlace(account.pool, account.values)).digest('base64');
    const source = this.#sources.get(place) ?? new TokenSource(account);
    this.#sources.delete(place);
    this.#sources.set(place, source);
    if (this.#sources.size > limit) this.#letGoOne();
    return source;
  }

  /**
   * Hands the tokens of a sign-in on: to the source that asked for it, where a person had to finish it, and otherwise to
   * whoever asks for this user without giving a password.
   * @param account the same user without a secret
   */
  async remember(account: Account, { signedIn, state }: Outcome): Promise<void> {
    if (!signedIn) return;
    const asked = [...this.#sources.values()].find(
      ({ id, pool }) => id === state.tokensFor && clientOf(pool) === clientOf(account.pool),
    );
    await (asked ?? this.source(account)).accept(tokenSetOf(signedIn, state, account.pool.now()));
  }

  /**
   * Forgets the tokens of a user of a pool, whatever the app client.
   * @param userNames everything that the user is known by: names, sub, aliases, `refreshTokenName`
   */
  forget({ server, userPoolId }: UserPool, userNames: readonly string[]): void {
    const meant = new Set(userNames.map(comparable));
    for (const source of this.#sources.values()) {
      const isOfPool = source.pool.server === server && source.pool.userPoolId === userPoolId;
      if (isOfPool && source.userNames.some((name) => meant.has(comparable(name)))) source.forget();
    }
  }

  #letGoOne(): void {
    for (const [place, source] of this.#sources) {
      if (!source.isIdle) continue;
      source.letGo();
      this.#sources.delete(place);
      return;
    }
  }
}

/** The tokens of this process, for all nodes, over deploys. */
export const tokensOfProcess = new TokenCache();
