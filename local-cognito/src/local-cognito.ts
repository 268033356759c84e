import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SrpStarts } from './challenges/password-verifier';
import { Clock } from './clock';
import type { IamUser, PoolConfig } from './config';
import { assertPoolsFile } from './config-check';
import { Faults } from './faults';
import { route } from './http/route';
import { Outbox } from './outbox';
import { Registrations } from './passkeys/registrations';
import { Pool, Pools } from './pool';
import { type RecordedRequest, RequestLog } from './request-log';
import { TRIGGER_TIMEOUT } from './run-trigger';
import { practiceCredentials, samplePools } from './sample-pools';
import { sampleTriggers } from './sample-triggers';
import type { Service } from './service';
import { Sessions } from './sessions';
import { SignUps } from './sign-ups';
import { newSigningKeys, type SigningKeys, signingKeys } from './signing-keys';
import { Tokens } from './tokens';
import { checkTriggers, type Triggers } from './triggers';
import type { User } from './user';

/** The port that `listen()` uses unless told otherwise. */
export const DEFAULT_PORT = 9339;

export interface LocalCognitoOptions {
  /** Default: {@link samplePools}, with {@link sampleTriggers}. */
  pools?: PoolConfig[];
  /** The functions that CUSTOM_AUTH is driven by, by user pool id. */
  triggers?: Record<string, Triggers>;
  /** How long a trigger may take, in ms; default 5000, as Cognito. */
  triggerTimeout?: number;
  /** The IAM keys that may sign Admin and Describe operations; default: {@link practiceCredentials}. */
  iamUsers?: IamUser[];
  /** Where real time comes from, in ms since 1970; default Date.now. */
  now?: () => number;
}

/** Amazon Cognito user pools in this process, on the loopback interface. */
export class LocalCognito {
  readonly clock: Clock;
  readonly outbox = new Outbox();
  readonly faults = new Faults();
  readonly #service: Service;
  readonly #iamUsers: readonly IamUser[];
  readonly #requests = new RequestLog();
  #running: { server: Server; stop: AbortController } | undefined;
  #origin = '';
  #keys: SigningKeys | undefined;

  /** @throws ConfigError that names the field, for pools that Cognito would not let be */
  constructor(options: LocalCognitoOptions = {}) {
    const { pools = samplePools(), triggers = options.pools ? {} : sampleTriggers() } = options;
    // The SDK leaves marks of its own on credentials objects that it was given.
    this.#iamUsers = (options.iamUsers ?? [practiceCredentials]).map(
      ({ accessKeyId, secretAccessKey, denied }) => ({
        accessKeyId,
        secretAccessKey,
        ...(denied && { denied }),
      }),
    );
    assertPoolsFile({ pools, iamUsers: this.#iamUsers });
    checkTriggers(
      triggers,
      pools.map(({ id }) => id),
    );
    const clock = new Clock(options.now);
    this.clock = clock;
    const running = new Pools(pools.map((config) => new Pool(config, clock.now(), triggers[config.id])));
    this.#service = {
      clock,
      outbox: this.outbox,
      faults: this.faults,
      pools: running,
      registrations: new Registrations(clock),
      sessions: new Sessions(clock),
      signUps: new SignUps(clock, this.outbox),
      srpStarts: new SrpStarts(clock),
      tokens: new Tokens(
        clock,
        running,
        () => this.#signingKeys(),
        (poolId) => this.#issuer(poolId),
      ),
      triggerTimeout: options.triggerTimeout ?? TRIGGER_TIMEOUT,
    };
  }

  /** `http://127.0.0.1:<port>`, for the SDK's `endpoint`. @throws Error unless listening */
  get endpoint(): string {
    if (!this.#running) throw new Error('local-cognito is not listening');
    return this.#origin;
  }

  /** The latest requests, oldest first, passwords and all: for tests. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests.read();
  }

  /** A user, by canonical username or alias, to look at or to change. @throws Error for an unknown one */
  user(userPoolId: string, username: string): User {
    const user = this.#service.pools.get(userPoolId).findUser(username);
    if (!user) throw new Error(`${userPoolId} has no user ${username}`);
    return user;
  }

  /** Replaces the keys of all pools: tokens signed before verify no more, neither here nor with the published keys. */
  async rotateSigningKeys(): Promise<void> {
    this.#keys = await newSigningKeys();
  }

  /**
   * Starts answering, on 127.0.0.1 only.
   * @param port 0 for any free one
   * @returns the endpoint; rejects with code EADDRINUSE where the port is taken
   */
  async listen(port = DEFAULT_PORT): Promise<string> {
    if (this.#running) throw new Error('local-cognito is listening already');
    this.#keys ??= await signingKeys();
    const stop = new AbortController();
    const server = createServer((request, response) => {
      // The client broke off, or the pool is closing: there is nobody to answer.
      this.#handle(request, response, stop.signal).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    this.#origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
    this.#running = { server, stop };
    return this.#origin;
  }

  /** Stops, and ends open connections. */
  async close(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.stop.abort();
    const closed = new Promise((resolve) => running.server.close(resolve));
    running.server.closeAllConnections();
    await closed;
  }

  #signingKeys(): SigningKeys {
    if (!this.#keys) throw new Error('local-cognito is not listening');
    return this.#keys;
  }

  /** Differs from AWS, where the issuer is `https://cognito-idp.<region>.amazonaws.com/<pool id>`: tokens must be told apart. */
  #issuer(poolId: string): string {
    return `${this.#origin}/${poolId}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse, stopped: AbortSignal): Promise<void> {
    const answer = await route(
      {
        service: this.#service,
        iamUsers: this.#iamUsers,
        keys: this.#signingKeys(),
        issuer: (poolId) => this.#issuer(poolId),
        record: (operation, body) => {
          this.#requests.add(operation, body, this.clock.now());
        },
        stopped,
      },
      request,
    );
    if (!answer) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, {
      ...answer.headers,
      'Content-Length': Buffer.byteLength(answer.body),
      Date: new Date(this.clock.now()).toUTCString(),
    });
    response.end(answer.body);
  }
}
