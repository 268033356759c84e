import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { apis, type Api } from './apis';
import type { CredentialsSource } from './aws-credentials';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import { domainOf, issuersOf } from './issuers';
import { proxyHost } from './proxy-agent';
import { withoutQuotedSecrets } from './quoted-secrets';
import { withDeadline } from './unless-aborted';
import { readPublicDocument, type PublicDocument } from './public-document';
import { createSdkClient, type AuthAnswer, type Operation, type Operations, type SdkClient } from './sdk-client';

/** One user pool, one app client, and the way to them. */
export interface UserPoolSettings {
  /** `<region>_<name>` */
  readonly userPoolId: string;
  readonly clientId: string;
  /** Of an app client that has one. */
  readonly clientSecret?: string;
  readonly api: Api;
  /** IAM credentials; only server-side calls use them. */
  readonly credentials: CredentialsSource;
  /** Where the calls go in place of AWS: an http or https URL. */
  readonly endpoint?: string;
  /**
   * The URL of the proxy for a request to a URL, empty for none. Without it the environment's HTTPS_PROXY, HTTP_PROXY,
   * ALL_PROXY and NO_PROXY decide.
   */
  readonly proxyForUrl?: (url: string) => string;
  /** How long one call may take, repeated attempts included, in ms. */
  readonly timeout: number;
}

/** What both operations that start a sign-in take, whichever the API. */
export interface StartRequest extends SessionRequest {
  readonly AuthFlow: string;
  readonly AuthParameters: Record<string, string>;
}

/** What both operations that answer a challenge take, whichever the API. */
export interface AnswerRequest extends SessionRequest {
  readonly ChallengeName: string;
  readonly ChallengeResponses: Record<string, string>;
}

interface SessionRequest extends RequestFields {
  readonly Session?: string;
}

/** What every request of a sign-in can carry besides its parameters. */
export interface RequestFields {
  readonly ClientMetadata?: Record<string, string>;
  readonly AnalyticsMetadata?: sdk.AnalyticsMetadataType;
  readonly ContextData?: sdk.ContextDataType;
  readonly UserContextData?: sdk.UserContextDataType;
}

/** What threat protection is told, whichever the API. */
export type ContextData = sdk.ContextDataType | sdk.UserContextDataType;

/**
 * Checks what can be checked without asking AWS.
 * @throws CognitoAuthError UserPoolInvalid, naming the setting
 */
function assertValid(settings: UserPoolSettings): void {
  const invalid = (field: string, expected: string): CognitoAuthError =>
    new CognitoAuthError('UserPoolInvalid', { field, expected });
  // The patterns of the API's own types UserPoolIdType and ClientIdType; what stands before `_` is a region.
  if (!/^[a-z0-9-]+_[0-9a-zA-Z]+$/.test(settings.userPoolId)) throw invalid('userPoolId', 'eu-west-1_AbCdEfGhI');
  if (!/^[\w+]+$/.test(settings.clientId)) throw invalid('clientId', '1example23456789');
  // The longest that a timer of Node's can wait.
  if (!(settings.timeout > 0 && settings.timeout < 2 ** 31)) throw invalid('timeout', '15');
  if (settings.endpoint !== undefined) {
    const url = URL.canParse(settings.endpoint) ? new URL(settings.endpoint) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw invalid('endpoint', 'https://…');
  }
}

/** What a server's clock showed, and this machine's two at that moment, all in ms. */
interface ClockReading {
  readonly serverTime: number;
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * The latest reading of each server's clock, by endpoint or region: for all pools of a process, so that a pool that was
 * deployed anew knows it before its first call.
 */
const clockReadings = new Map<string, ClockReading>();

/**
 * Smaller differences between clocks, in ms, mean nothing: the header counts whole seconds, and the answer took its
 * time to get here.
 */
const clockPrecision = 3_000;

const tooLate = (): CognitoAuthError => new CognitoAuthError('TimeoutError');

/** How long a pool that is closed waits for calls that are under way, in ms. */
const closingTimeout = 5_000;

/** An Amazon Cognito user pool as one app client sees it: its operations, and the clock behind them. */
export class UserPool {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly api: Api;
  readonly #settings: UserPoolSettings;
  readonly #underWay = new Set<Promise<unknown>>();
  #client: Promise<SdkClient> | undefined;
  #isClosed = false;

  /** @throws CognitoAuthError UserPoolInvalid */
  constructor(settings: UserPoolSettings) {
    assertValid(settings);
    this.#settings = settings;
    this.userPoolId = settings.userPoolId;
    this.clientId = settings.clientId;
    this.api = settings.api;
  }

  /** The secret of the app client, if it has one. */
  get clientSecret(): string | undefined {
    return this.#settings.clientSecret;
  }

  /** Where the calls go in place of AWS, if they do. */
  get endpoint(): string | undefined {
    return this.#settings.endpoint;
  }

  /** The pool's name in SRP: what follows `_` in its id. */
  get srpRealm(): string {
    return this.userPoolId.slice(this.userPoolId.indexOf('_') + 1);
  }

  /** Whether its config node was removed or deployed anew. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Where the calls go: the endpoint, or AWS's region. */
  get server(): string {
    return this.#settings.endpoint ?? this.region;
  }

  /** The region that its id begins with. */
  get region(): string {
    return this.userPoolId.slice(0, this.userPoolId.indexOf('_'));
  }

  /** Where the IAM credentials come from. */
  get credentialsSource(): CredentialsSource['source'] {
    return this.#settings.credentials.source;
  }

  /** The proxy that calls go through, as `host:port`, without name and password; undefined for none. */
  proxy(): Promise<string | undefined> {
    const url = this.endpoint ?? `https://cognito-idp.${this.region}.${domainOf(this.region)}/`;
    return proxyHost(this.#settings, url);
  }

  /** Changes with every one of the settings, secrets included, and tells nothing about them. */
  get settingsDigest(): string {
    return createHash('sha256').update(JSON.stringify(this.#settings)).digest('base64');
  }

  /**
   * Cognito's time as far as it is known from its last answer, in ms since 1970. When the clock of this machine is set
   * in between, it is rather too late than too early, so that nothing that has expired passes for good.
   */
  now(): number {
    const reading = clockReadings.get(this.server);
    if (!reading) return Date.now();
    // The one stands still while the machine sleeps, the other can be set back.
    return reading.serverTime + Math.max(Date.now() - reading.wall, performance.now() - reading.monotonic);
  }

  /** Whether this machine's clock was set, or the machine slept, since Cognito's was read: `now()` may be too late. */
  get isTimeDoubtful(): boolean {
    const reading = clockReadings.get(this.server);
    if (!reading) return false;
    const apart = Date.now() - reading.wall - (performance.now() - reading.monotonic);
    return Math.abs(apart) > clockPrecision;
  }

  /**
   * AdminInitiateAuth or InitiateAuth.
   * @param signal aborts the call
   * @throws CognitoAuthError with Cognito's or one of our own codes
   */
  initiateAuth(request: StartRequest, signal: AbortSignal): Promise<AuthAnswer> {
    return this.call(apis[this.api].initiate, this.#inputOf(request), signal);
  }

  /**
   * AdminRespondToAuthChallenge or RespondToAuthChallenge.
   * @param signal aborts the call
   * @throws CognitoAuthError with Cognito's or one of our own codes
   */
  respondToAuthChallenge(request: AnswerRequest, signal: AbortSignal): Promise<AuthAnswer> {
    return this.call(apis[this.api].respond, this.#inputOf(request), signal);
  }

  /**
   * Calls any operation.
   * @param signal aborts the call
   * @throws CognitoAuthError with Cognito's or one of our own codes
   */
  async call<Name extends Operation>(
    operation: Name,
    input: Operations[Name]['input'],
    signal: AbortSignal,
  ): Promise<Operations[Name]['output']> {
    try {
      if (this.#isClosed) throw new CognitoAuthError('Aborted');
      const answer = withDeadline(signal, this.#settings.timeout, tooLate, async (ending) => {
        const client = await this.#connect();
        return client.send(operation, input, ending);
      });
      return await this.#untilDone(answer);
    } catch (error) {
      throw withoutQuotedSecrets(toCognitoAuthError(error, this.now() - Date.now()), this.#settings, input);
    }
  }

  /**
   * Reads a public document of the pool's, on the same way as calls go; its time is Cognito's.
   * @throws CognitoAuthError when it can't be reached, or is far too long
   */
  async read(url: string): Promise<PublicDocument> {
    const document = await readPublicDocument(url, this.#settings);
    if (document.serverTime !== undefined) this.#readClock(document.serverTime);
    return document;
  }

  /**
   * Reads Cognito's clock, unless an answer has shown it already. Where none comes in time, this machine's has to do.
   * @param timeout in ms
   */
  async learnTime(timeout: number): Promise<void> {
    if (clockReadings.has(this.server)) return;
    const read = async (): Promise<void> => {
      const [issuer] = issuersOf(this);
      if (issuer) await this.read(issuer.keysUrl);
    };
    await Promise.race([read().catch(() => undefined), sleep(timeout, undefined, { ref: false })]);
  }

  /** Loads the SDK, which takes its time, before the first call needs it. */
  async load(): Promise<void> {
    await this.#connect();
  }

  /**
   * Closes the sockets. Calls under way have a few seconds to end: a refresh token that has been replaced is lost with
   * its answer. Those of messages have been aborted by their nodes.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    const waiting = new AbortController();
    const timeout = sleep(closingTimeout, undefined, waiting).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#underWay), timeout]);
    waiting.abort();
    const client = await this.#client?.catch(() => undefined);
    client?.destroy();
  }

  #untilDone<T>(answer: Promise<T>): Promise<T> {
    this.#underWay.add(answer);
    return answer.finally(() => this.#underWay.delete(answer));
  }

  #inputOf(request: StartRequest | AnswerRequest): object {
    const { userPoolId: UserPoolId, clientId: ClientId } = this;
    return this.api === 'server-side' ? { ...request, UserPoolId, ClientId } : { ...request, ClientId };
  }

  #connect(): Promise<SdkClient> {
    this.#client ??= createSdkClient(this.#settings, this.region, (serverTime) => {
      this.#readClock(serverTime);
    }).catch((error: unknown) => {
      this.#client = undefined; // a failure to load is not kept
      throw error;
    });
    return this.#client;
  }

  #readClock(time: number): void {
    const wall = Date.now();
    const serverTime = Math.abs(time - wall) < clockPrecision ? wall : time;
    clockReadings.set(this.server, { serverTime, wall, monotonic: performance.now() });
  }
}
