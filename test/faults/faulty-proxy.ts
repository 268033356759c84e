import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What a proxy does to somebody who asks for a way. */
export type Refusal = (socket: Socket) => void;

/** What a proxy was asked for. */
interface Asked {
  /** `host:port` */
  readonly target: string;
  /** `name:password`, if they were given. */
  readonly credentials: string | undefined;
}

/** A forward proxy for TLS: opens a way to any host by CONNECT, unless it refuses. */
export class FaultyProxy {
  readonly asked: Asked[] = [];
  refusal: Refusal | undefined;
  /** `name:password` that have to be given, if any. */
  demands: string | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((_request, response) => response.writeHead(405).end());

  constructor() {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
      const given = headers['proxy-authorization']?.replace(/^Basic /, '');
      const credentials = given === undefined ? undefined : Buffer.from(given, 'base64').toString();
      this.asked.push({ target: url, credentials });
      socket.on('end', () => socket.end()); // else it would stay half open
      if (this.refusal) this.refusal(socket.resume());
      else if (this.demands !== undefined && this.demands !== credentials) refuse(socket, 407);
      else openWay(socket, url);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** `host:port` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function refuse(socket: Socket, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
}

function openWay(socket: Socket, target: string): void {
  const { hostname, port } = new URL(`http://${target}`);
  const onward = connect(Number(port), hostname, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => {
    refuse(socket, 502);
  });
  socket.on('close', () => onward.destroy());
}
