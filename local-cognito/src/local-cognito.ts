import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SrpStarts } from './challenges/password-verifier';
import { Clock } from './clock';
import type { IamUser, PoolConfig } from './config';
import { assertPoolsFile } from './config-check';
import { refuse } from './exceptions';
import { Faults } from './faults';
import { type Answer, failure as failureAnswer } from './http/answer';
import { callApi, operationName, readBody } from './http/api';
import { getPage, plain } from './http/pages';
import { Outbox } from './outbox';
import { Pool, Pools } from './pool';
import { practiceCredentials, samplePools } from './sample-pools';
import type { Service } from './service';
import { Sessions } from './sessions';
import { type SigningKeys, signingKeys } from './signing-keys';
import { Tokens } from './tokens';
import type { User } from './user';

/** The port that `listen()` uses unless told otherwise. */
export const DEFAULT_PORT = 9339;

export interface LocalCognitoOptions {
  /** Default: {@link samplePools}. */
  pools?: PoolConfig[];
  /** The IAM keys that may sign Admin and Describe operations; default: {@link practiceCredentials}. */
  iamUsers?: IamUser[];
  /** Where real time comes from, in ms since 1970; default Date.now. */
  now?: () => number;
}

/** A request as the pool received it. */
export interface RecordedRequest {
  /** As in X-Amz-Target, without the service's name. */
  operation: string;
  /** The JSON object sent; undefined where it was none. */
  body: unknown;
  /** ms since 1970, on the pool's clock. */
  at: number;
}

const LARGEST_BODY = 256 * 1024;
const RECORDED_REQUESTS = 200;

/** As Cognito answers browsers: API calls are open to every origin, since they carry no ambient authority. */
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
};

const preflight = {
  ...cors,
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers': '*, Authorization',
  'Access-Control-Max-Age': '600',
};

/** Amazon Cognito user pools in this process, on the loopback interface. */
export class LocalCognito {
  readonly clock: Clock;
  readonly outbox = new Outbox();
  readonly faults = new Faults();
  readonly #service: Service;
  readonly #iamUsers: readonly IamUser[];
  #requests: RecordedRequest[] = [];
  #running: { server: Server; endpoint: string; stop: AbortController } | undefined;
  #keys: SigningKeys | undefined;

  /** @throws ConfigError that names the field, for pools that Cognito would not let be */
  constructor(options: LocalCognitoOptions = {}) {
    const { pools = samplePools() } = options;
    // The SDK leaves marks of its own on credentials objects that it was given.
    this.#iamUsers = (options.iamUsers ?? [practiceCredentials]).map(({ accessKeyId, secretAccessKey }) => ({
      accessKeyId,
      secretAccessKey,
    }));
    assertPoolsFile({ pools, iamUsers: this.#iamUsers });
    const clock = new Clock(options.now);
    this.clock = clock;
    const running = new Pools(pools.map((config) => new Pool(config, clock.now())));
    this.#service = {
      clock,
      outbox: this.outbox,
      faults: this.faults,
      pools: running,
      sessions: new Sessions(clock),
      srpStarts: new SrpStarts(clock),
      tokens: new Tokens(
        clock,
        running,
        () => this.#signingKeys(),
        (poolId) => this.#issuer(poolId),
      ),
    };
  }

  /** `http://127.0.0.1:<port>`, for the SDK's `endpoint`. @throws Error unless listening */
  get endpoint(): string {
    if (!this.#running) throw new Error('local-cognito is not listening');
    return this.#running.endpoint;
  }

  /** The latest requests, oldest first, passwords and all: for tests. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /** A user, by canonical username or alias, to look at or to change. @throws Error for an unknown one */
  user(userPoolId: string, username: string): User {
    const user = this.#service.pools.get(userPoolId).findUser(username);
    if (!user) throw new Error(`${userPoolId} has no user ${username}`);
    return user;
  }

  /**
   * Starts answering, on 127.0.0.1 only.
   * @param port 0 for any free one
   * @returns the endpoint; rejects with code EADDRINUSE where the port is taken
   */
  async listen(port = DEFAULT_PORT): Promise<string> {
    if (this.#running) throw new Error('local-cognito is listening already');
    this.#keys = await signingKeys();
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
    const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
    this.#running = { server, endpoint, stop };
    return endpoint;
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
    return `${this.endpoint}/${poolId}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse, stopped: AbortSignal): Promise<void> {
    const path = (request.url ?? '').replace(/\?.*/, '');
    const headers = request.headers;
    if (request.method === 'POST' && path === '/') {
      await this.#handleCall(request, response, stopped);
    } else if (request.method === 'OPTIONS' && path === '/') {
      this.#send(response, { status: 200, headers: preflight, body: '' });
    } else if (request.method === 'GET') {
      const context = {
        service: this.#service,
        keys: this.#signingKeys(),
        issuer: (poolId: string) => this.#issuer(poolId),
      };
      this.#send(response, getPage(path, headers, context));
    } else {
      this.#send(response, plain(404, 'Not found.'));
    }
  }

  async #handleCall(request: IncomingMessage, response: ServerResponse, stopped: AbortSignal): Promise<void> {
    const body = await readAll(request);
    if (!body) {
      response.shouldKeepAlive = false;
      this.#send(response, withCors(failureAnswer(refuse('bodyTooLarge'))));
      return;
    }
    const operation = operationName(request.headers);
    this.#record(operation, body);
    const injected = this.faults.next(operation);
    if (injected && 'drop' in injected) {
      response.destroy();
      return;
    }
    if (injected && 'status' in injected) {
      this.#send(response, withCors({ status: injected.status, headers: {}, body: '' }));
      return;
    }
    const call = { path: '/', headers: request.headers, body };
    const answer = await callApi(this.#service, this.#iamUsers, call, injected);
    if (injected && 'delay' in injected) await sleep(injected.delay, undefined, { signal: stopped });
    this.#send(response, withCors(answer));
  }

  #record(operation: string, raw: Buffer): void {
    let body: unknown;
    try {
      body = readBody(raw);
    } catch {
      body = undefined;
    }
    this.#requests = [...this.#requests, { operation, body, at: this.clock.now() }].slice(-RECORDED_REQUESTS);
  }

  #send(response: ServerResponse, answer: Answer): void {
    response.writeHead(answer.status, {
      ...answer.headers,
      'Content-Length': Buffer.byteLength(answer.body),
      Date: new Date(this.clock.now()).toUTCString(),
    });
    response.end(answer.body);
  }
}

function withCors(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...cors } };
}

/** The whole body, or undefined where it is too large. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
