import type { NodeMessage } from 'node-red';
import { defaultAuthFlow } from '../lib/cognito/auth-flows';
import { CognitoAuthError, toCognitoAuthError } from '../lib/cognito/errors';
import { textEntriesOf, textOf } from '../lib/cognito/input-text';
import type { InputName, InputValues } from '../lib/cognito/inputs';
import type { Outcome } from '../lib/cognito/outcome';
import { isPassing } from '../lib/cognito/retries';
import { tokensOfProcess, type TokenCache } from '../lib/cognito/token-cache';
import type { TokenSet } from '../lib/cognito/token-set';
import type { Account, Rejection, TokenSource, Watcher } from '../lib/cognito/token-source';
import { signInUnattended } from '../lib/cognito/unattended';
import { withDeadline } from '../lib/cognito/unless-aborted';
import type { UserPool } from '../lib/cognito/user-pool';
import { DeviceKeeper, signInWith } from '../lib/node-red/device-keeper';
import type { Exit, MessageHandler, Outlet } from '../lib/node-red/message-runner';
import type { SealedStore } from '../lib/node-red/sealed-store';
import { orEraseSecrets, readNodeInputs } from '../lib/node-red/sign-in-step';
import { storeOf, tokenAccount } from '../lib/node-red/token-account';
import { placeOf, readText, type Settings, type Source } from '../lib/node-red/typed-inputs';
import { userPoolOf } from '../lib/node-red/user-pool-node';
import { GivenTokens } from './given-tokens';
import { TokenPlacer } from './token-placer';

/** What says whose tokens they are, and what signs in. */
const accountInputs = [
  'username',
  'password',
  'totpSecret',
  'refreshToken',
  'answer',
  'preferredChallenge',
  'clientMetadata',
  'extraParameters',
] as const satisfies readonly InputName[];

const defaultSettings: Settings = {
  authFlow: '',
  authFlowType: 'authFlow',
  username: '',
  usernameType: 'str',
  password: '',
  passwordType: 'cred',
  totpSecret: '',
  totpSecretType: 'cred',
  refreshToken: '',
  refreshTokenType: 'cred',
  answer: '',
  answerType: 'cred',
  preferredChallenge: '',
  preferredChallengeType: 'preferredChallenge',
  clientMetadata: '',
  clientMetadataType: 'json',
  extraParameters: '',
  extraParametersType: 'json',
  accessTokenTo: 'headers.Authorization',
  idTokenTo: '',
  sendOnRenewal: false,
  maxWaiting: 5000,
  maxWait: 900,
};

/** What proves whose account it is. */
const secretInputs = ['password', 'refreshToken', 'answer', 'extraParameters'] as const satisfies readonly InputName[];

function isGiven(values: InputValues, name: (typeof secretInputs)[number]): boolean {
  return name === 'extraParameters'
    ? Object.keys(textEntriesOf(values, name)).length > 0
    : textOf(values, name) !== undefined;
}

/** Types of inputs whose values can differ from message to message. */
const changing = ['msg', 'flow', 'global', 'jsonata'];

function isChanging(settings: Settings, name: string): boolean {
  return changing.includes(String(settings[`${name}Type`]));
}

/** The longest that a timer of Node's can wait, in ms. */
const longestTimer = 2 ** 31 - 1;

/** What a sign-in takes. */
interface SignInRequest {
  readonly pool: UserPool;
  readonly flow: string;
  readonly store: SealedStore | undefined;
  readonly values: InputValues;
  /** Names the source that the tokens are for. */
  readonly id: string;
  readonly signal: AbortSignal;
}

interface AccountAndSource {
  readonly account: Account;
  readonly source: TokenSource;
}

/** What says no to `msg.forceRefresh`. */
const no: readonly unknown[] = [undefined, null, false, 0, '', '0', 'false', 'no', 'off'];

const withToken: Exit = { port: 0, result: { done: 'withToken' } };

type MessageWithToken = NodeMessage & { forceRefresh?: unknown; headers?: unknown };

/** A setting that is a number above 0. @throws CognitoAuthError InputInvalid */
function positive(settings: Settings, field: string): number {
  const value = Number(settings[field]);
  if (!(value > 0)) throw new CognitoAuthError('InputInvalid', { field, expected: '> 0' });
  return value;
}

/** One token node: puts the tokens of an account on each message, and waits for them where it has to. */
export class TokenHandler implements MessageHandler, Watcher {
  readonly defaultSettings = defaultSettings;
  readonly #flowsStarted: Promise<void>;
  readonly #cache: TokenCache;
  readonly #closing = new AbortController();
  #outlet: Outlet | undefined;
  #settings: Settings = defaultSettings;
  #placer: TokenPlacer | undefined;
  /** Where every message has the same account: the node's own. */
  #own: AccountAndSource | undefined;
  #findingOwn: Promise<AccountAndSource> | undefined;
  /** How many messages wait, by where their tokens come from. */
  readonly #watched = new Map<TokenSource, { count: number; readonly unwatch: () => void }>();
  #waiting = 0;
  #sent: TokenSet | undefined;
  readonly #given = new GivenTokens();

  /** @param flowsStarted when the node's own messages can be sent */
  constructor(flowsStarted: Promise<void>, cache: TokenCache = tokensOfProcess) {
    this.#flowsStarted = flowsStarted;
    this.#cache = cache;
  }

  get isKeptFresh(): boolean {
    return this.#settings.sendOnRenewal === true && this.#hasOwnAccount;
  }

  open(node: Omit<Source, 'msg'>, outlet: Outlet): void {
    this.#settings = node.settings;
    this.#outlet = outlet;
    if (this.isKeptFresh) void this.#flowsStarted.then(() => this.#keepFresh(node));
  }

  close(): void {
    this.#closing.abort();
    this.#outlet = undefined;
    for (const { unwatch } of this.#watched.values()) unwatch();
  }

  handleNow({ msg }: Source): Exit | undefined {
    const { forceRefresh }: MessageWithToken = msg;
    const source = no.includes(forceRefresh) ? this.#own?.source : undefined;
    const tokens = source?.fresh();
    if (!source || !tokens) return undefined;
    if (forceRefresh !== undefined) Reflect.deleteProperty(msg, 'forceRefresh');
    return this.#leave(msg, tokens, source);
  }

  async handleMessage(source: Source, signal: AbortSignal): Promise<Exit> {
    const rejection = this.#takeRejection(source);
    const { account, source: tokens } = await this.#accountOf(source);
    return this.#leave(source.msg, await this.#waitFor(tokens, account, rejection, signal), tokens);
  }

  onTokens(tokens: TokenSet): void {
    this.#outlet?.show({ done: 'withToken' });
    if (!this.isKeptFresh || !this.#placer || tokens === this.#sent) return;
    this.#sent = tokens;
    const msg = {};
    try {
      this.#placer.place(msg, tokens);
    } catch (error) {
      this.onFailure(toCognitoAuthError(error)); // a place that is named by the message that there is not
      return;
    }
    this.#outlet?.send(0, msg);
  }

  onFailure(error: CognitoAuthError): void {
    this.#outlet?.show({ error: error.code });
    // There may never be a message that would tell Catch nodes of it.
    if (this.isKeptFresh && this.#hasOwnAccount && !isPassing(error)) this.#outlet?.fail(error);
  }

  onWarning(error: CognitoAuthError): void {
    this.#outlet?.warn(error);
  }

  /** Whether no input can differ from message to message. */
  get #hasOwnAccount(): boolean {
    return !['authFlow', ...accountInputs].some((name) => isChanging(this.#settings, name));
  }

  /** Has tokens from the start, and sends them on when they are renewed. */
  async #keepFresh(node: Omit<Source, 'msg'>): Promise<void> {
    const own = await this.#accountOf({ ...node, msg: { _msgid: '' } }).catch((error: unknown) => {
      this.onFailure(toCognitoAuthError(error));
    });
    if (!own) return;
    await own.source.tokens(own.account, undefined, this.#closing.signal).then(
      (tokens) => {
        this.onTokens(tokens);
      },
      (error: unknown) => {
        this.#outlet?.show({ error: toCognitoAuthError(error).code }); // the rest was told when it happened
      },
    );
  }

  #leave(msg: Source['msg'], tokens: TokenSet, { failure }: TokenSource): Exit {
    this.#placer?.place(msg, tokens);
    this.#given.add(msg._msgid, tokens);
    return failure ? { port: 0, result: { done: 'withToken', failing: failure.code } } : withToken;
  }

  /** What the message says about the token that it carried, if that was rejected. */
  #takeRejection({ msg }: Source): Rejection | undefined {
    const { forceRefresh }: MessageWithToken = msg;
    Reflect.deleteProperty(msg, 'forceRefresh');
    if (no.includes(forceRefresh)) return undefined;
    const known = [this.#given.takeBack(msg._msgid)?.accessToken, this.#placer?.tokenOn(msg)];
    return { tokens: known.filter((token) => token !== undefined) };
  }

  #accountOf(source: Source): Promise<AccountAndSource> {
    if (!this.#hasOwnAccount) return this.#findAccount(source);
    this.#findingOwn ??= this.#findAccount(source).then(
      (own) => {
        if (this.#closing.signal.aborted) throw new CognitoAuthError('Aborted');
        this.#watch(own);
        this.#own = own;
        return own;
      },
      (error: unknown) => {
        this.#findingOwn = undefined; // what was missing may be there for the next message
        throw error;
      },
    );
    return this.#findingOwn;
  }

  async #findAccount(source: Source): Promise<AccountAndSource> {
    const { pool, flow, store } = await orEraseSecrets(source, this.#poolOf(source));
    const values = await readNodeInputs(source, accountInputs, pool.api);
    if (textOf(values, 'username') === undefined && textOf(values, 'refreshToken') === undefined) {
      throw new CognitoAuthError('InputMissing', { field: 'username' });
    }
    this.#assertSecretsGiven(values);
    const account = tokenAccount(pool, values, store, flow, (id, signal) =>
      this.#signIn(source.RED, { pool, flow, store, values, id, signal }),
    );
    return { account, source: this.#cache.source(account) };
  }

  /**
   * Without a secret, an account gets the tokens that were remembered for the user. That is for nodes that are not set to
   * read one: where one is due and does not come, nobody gets in, whatever answer or parameters all messages share.
   * @throws CognitoAuthError InputMissing
   */
  #assertSecretsGiven(values: InputValues): void {
    const due = secretInputs.filter(
      (name) => placeOf(this.#settings, name) !== undefined && isChanging(this.#settings, name),
    );
    const [first] = due;
    const proving = new Set(['password', 'refreshToken', ...due] as const);
    if (first && ![...proving].some((name) => isGiven(values, name))) {
      throw new CognitoAuthError('InputMissing', { field: first });
    }
  }

  async #poolOf(source: Source) {
    this.#placer ??= new TokenPlacer(source.RED, source.settings);
    const pool = await userPoolOf(source.RED, source.settings.userPool);
    const flow = (await readText(source, 'authFlow')) ?? defaultAuthFlow[pool.api];
    return { pool, flow, store: await storeOf(source) };
  }

  /** Signs in without a person, or sends out the challenge for one. */
  async #signIn(RED: Source['RED'], { pool, flow, store, values, id, signal }: SignInRequest): Promise<Outcome> {
    const username = textOf(values, 'username');
    const isDevice = pool.api === 'client-side';
    // A device that lets its owner past MFA is for the node's own account alone; others need one to be refreshed.
    const keeper =
      isDevice && store && this.#hasOwnAccount && username !== undefined
        ? new DeviceKeeper(RED, store, pool, username)
        : undefined;
    const given = { ...values, rememberDevice: isDevice };
    const outcome = await signInUnattended(pool, flow, given, signal, (inputs, step) =>
      signInWith(keeper, inputs, step),
    ).catch((error: unknown) => {
      const isMissing = error instanceof CognitoAuthError && error.code === 'InputMissing';
      throw isMissing ? new CognitoAuthError('TokensMissing') : error;
    });
    const { challenge, state } = outcome;
    if (challenge) {
      if (!this.#outlet) throw new CognitoAuthError('Aborted'); // the next deploy's node asks anew
      this.#outlet.show({ challenge: challenge.ChallengeName });
      this.#outlet.send(1, { payload: challenge, cognito: { ...state, tokensFor: id } });
    }
    return outcome;
  }

  /** @throws CognitoAuthError TooManyWaiting, TokensNotInTime, or why there will be no tokens */
  async #waitFor(
    source: TokenSource,
    account: Account,
    rejection: Rejection | undefined,
    signal: AbortSignal,
  ): Promise<TokenSet> {
    if (signal.aborted) throw new CognitoAuthError('Aborted'); // too late to be told by it
    const tokens = rejection ? undefined : source.fresh();
    if (tokens) return tokens;
    const maxWaiting = positive(this.#settings, 'maxWaiting');
    const maxWait = positive(this.#settings, 'maxWait');
    if (this.#waiting >= maxWaiting) throw new CognitoAuthError('TooManyWaiting', { expected: String(maxWaiting) });

    const notInTime = (): CognitoAuthError => {
      const { code = '', message = '' } = source.failure ?? {};
      const reason = [code, message].filter(Boolean).join(': ');
      const words = { expected: String(maxWait), ...(reason !== '' && { message: reason }) };
      return new CognitoAuthError('TokensNotInTime', words);
    };
    const unwatch = this.#watch({ account, source });
    this.#waiting += 1;
    try {
      return await withDeadline(signal, Math.min(maxWait * 1000, longestTimer), notInTime, (ending) =>
        source.tokens(account, rejection, ending),
      );
    } finally {
      this.#waiting -= 1;
      unwatch();
    }
  }

  /** Is told what becomes of the tokens of a source. @returns what ends that, once as many callers have */
  #watch({ account, source }: AccountAndSource): () => void {
    const watched = this.#watched.get(source) ?? { count: 0, unwatch: source.watch(this, account) };
    this.#watched.set(source, watched);
    watched.count += 1;
    return () => {
      watched.count -= 1;
      if (watched.count > 0) return;
      watched.unwatch();
      this.#watched.delete(source);
    };
  }
}
