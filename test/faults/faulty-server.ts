import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that is being broken, and what a fault can do to it. */
export interface Struck {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Stops listening, and breaks every connection. */
  readonly vanish: () => void;
}

/** Breaks a request in some way. */
export type Strike = (struck: Struck) => void;

/** What a request asks for: an operation of the API, or `GET`. */
function operationOf({ method, headers }: IncomingMessage): string {
  const [, operation = ''] = /^\w+\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? [];
  return method === 'GET' ? 'GET' : operation;
}

/** Stands between the nodes and a user pool, hands requests on and answers back, and breaks those that a test names. */
export class FaultyServer {
  /** How many requests were broken. */
  struck = 0;
  readonly #upstreams: { readonly post: string; readonly get: string };
  readonly #sockets = new Set<Socket>();
  #fault: { readonly operation: string; readonly strike: Strike; after: number } | undefined;
  #server: Server | undefined;
  #port = 0;

  /**
   * @param post where calls of the API are handed on to
   * @param get where other requests are handed on to
   */
  constructor(post: string, get = post) {
    this.#upstreams = { post, get };
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens, on the same port as before if it did. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      // The client broke off: there is nobody to answer.
      this.#handle(request, response).catch(() => response.destroy());
    });
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /**
   * Breaks all requests of an operation from now on.
   * @param after how many of them pass first
   */
  break(operation: string, strike: Strike, after = 0): void {
    this.#fault = { operation, strike, after };
  }

  /** Breaks nothing any more. */
  async heal(): Promise<void> {
    this.#fault = undefined;
    if (!this.#server) await this.listen();
  }

  async close(): Promise<void> {
    if (!this.#server) return;
    const closed = once(this.#server, 'close');
    this.#vanish();
    await closed;
  }

  #vanish(): void {
    this.#server?.close();
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const fault = this.#fault;
    if (fault?.operation === operationOf(request) && fault.after-- <= 0) {
      this.struck += 1;
      fault.strike({
        request,
        response,
        vanish: () => {
          this.#vanish();
        },
      });
      return;
    }
    const { method = '', url = '', headers } = request;
    const upstream = new URL(url, method === 'GET' ? this.#upstreams.get : this.#upstreams.post);
    // With the headers as they are, the host's too, or signatures would no longer fit.
    const onward = httpRequest(upstream, { method, headers, agent: false }).end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(await buffer(answer));
  }
}
