import { createHmac, randomBytes } from 'node:crypto';
import { textEntriesOf, textOf } from './input-text';
import type { InputValues } from './inputs';
import type { Outcome } from './outcome';
import { tokenSetOf } from './token-set';
import { TokenSource, type Account } from './token-source';
import type { UserPool } from './user-pool';

/*
 * The tokens of this process, for all nodes, over deploys. Whoever gives another password is another account, and gets
 * no tokens but those that this password signs in for.
 */

/** How many accounts to hold: of those that nobody waits for, the ones asked for longest ago are let go first. */
const limit = 10_000;

const sources = new Map<string, TokenSource>();

/** Makes of a password something that can be compared, and of no use to anyone else. */
const processKey = randomBytes(32);

/** What tells accounts apart: pool, app client, user, and the secret that was given. */
export function accountPlace({ server, userPoolId, clientId }: UserPool, values: InputValues): string {
  const given = (['username', 'password', 'refreshToken', 'answer'] as const).map((name) => textOf(values, name) ?? null);
  return JSON.stringify([server, userPoolId, clientId, ...given, textEntriesOf(values, 'extraParameters')]);
}

/** Where the tokens of an account come from; the same place for everybody who gives the same secret. */
export function tokenSource(account: Account): TokenSource {
  const place = accountPlace(account.pool, account.values);
  const key = createHmac('sha256', processKey).update(place).digest('base64');
  const source = sources.get(key) ?? new TokenSource(account);
  sources.delete(key);
  sources.set(key, source);
  if (sources.size > limit) letGo();
  return source;
}

function letGo(): void {
  for (const [key, source] of sources) {
    if (!source.isIdle) continue;
    source.letGo();
    sources.delete(key);
    return;
  }
}

/**
 * Hands the tokens of a sign-in to the cache: to the source whose sign-in it was, where a person had to finish it, and
 * otherwise to whoever asks for this user without giving a password.
 * @param account the same user without a secret
 */
export async function rememberTokens(account: Account, { signedIn, state }: Outcome): Promise<void> {
  if (!signedIn) return;
  const asked = [...sources.values()].find(({ id }) => id === state.tokensFor);
  await (asked ?? tokenSource(account)).accept(tokenSetOf(signedIn, state, account.pool.now()));
}

/**
 * Forgets the tokens of a user who was signed out of a pool, whatever the app client.
 * @param userNames everything that the user is known by: names, sub, aliases, `refreshTokenName`
 */
export function forgetTokens(pool: UserPool, userNames: readonly string[]): void {
  const meant = new Set(userNames.map(comparable));
  for (const source of sources.values()) {
    const isOfPool = source.pool.server === pool.server && source.pool.userPoolId === pool.userPoolId;
    if (isOfPool && source.userNames.some((name) => meant.has(comparable(name)))) source.forget();
  }
}

/** Most pools don't tell upper case from lower case in names; where one does, somebody signs in once too often. */
export function comparable(userName: string): string {
  return userName.toLowerCase();
}
