import type { TokenSet } from '../lib/cognito/token-set';

/** How many ids to remember, in each of two halves. */
const remembered = 5_000;

/** What was given to the messages of one id. */
interface Given {
  tokens: TokenSet;
  /** To how many that have not come back. */
  count: number;
  /** Parts of one message share its id, and can have got different ones. */
  areSeveral: boolean;
}

/** Which tokens messages got, by their ids, to know them when they come back rejected. */
export class GivenTokens {
  #recent = new Map<string, Given>();
  #before = new Map<string, Given>();

  add(id: string, tokens: TokenSet): void {
    const given = this.#find(id);
    if (given) {
      const isOther = given.tokens !== tokens;
      if (isOther && given.count > 0) given.areSeveral = true;
      if (isOther) given.count = 0;
      given.tokens = tokens;
      given.count += 1;
      return;
    }
    if (this.#recent.size >= remembered) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(id, { tokens, count: 1, areSeveral: false });
  }

  /** What a message got that comes back; undefined where that can't be told. */
  takeBack(id: string): TokenSet | undefined {
    const given = this.#find(id);
    if (!given || given.areSeveral) return undefined;
    given.count = Math.max(0, given.count - 1);
    return given.tokens;
  }

  #find(id: string): Given | undefined {
    return this.#recent.get(id) ?? this.#before.get(id);
  }
}
