import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What a proxy was asked for. */
export interface ProxiedRequest {
  readonly url: string;
  /** `name:password`, if they were given. */
  readonly credentials: string | undefined;
}

/** An HTTP proxy that hands requests on and remembers them. */
export class TestProxy {
  readonly requests: ProxiedRequest[] = [];
  readonly #server = createServer((incoming, response) => {
    const { url = '', method, headers } = incoming;
    const authorization = headers['proxy-authorization']?.replace(/^Basic /, '');
    this.requests.push({
      url,
      credentials: authorization === undefined ? undefined : Buffer.from(authorization, 'base64').toString(),
    });
    const onward = request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `host:port` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
