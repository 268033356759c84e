import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { selfSigned } from './self-signed';

/** A server that a test talks to in place of Cognito. */
export interface TestServer {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: () => number;
  /** Resolves at the next change of the number of connections. */
  readonly change: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const changes = new EventEmitter();
  server.on('connection', (socket) => {
    sockets.add(socket);
    changes.emit('change');
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      changes.emit('change');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    change: async () => {
      await once(changes, 'change');
    },
    close,
  };
}

/** Accepts connections and says nothing. */
export function silentServer(): Promise<TestServer> {
  return listen(createServer((socket) => socket.resume()));
}

/** Speaks HTTP without TLS. */
export function plainServer(): Promise<TestServer> {
  return listen(createHttpServer((_request, response) => response.end('{}')));
}

/** Speaks TLS with a certificate that nobody signed. */
export function selfSignedServer(): Promise<TestServer> {
  return listen(createTlsServer(selfSigned, (_request, response) => response.end('{}')));
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const { port, close } = await silentServer();
  await close();
  return port;
}
