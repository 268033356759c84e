import { EventEmitter, once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
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
export function selfSignedServer(certificate = selfSigned): Promise<TestServer> {
  return listen(createTlsServer(certificate, (_request, response) => response.end('{}')));
}

/** A request that was handed on, and what came back. */
export interface Exchange {
  readonly operation: string;
  readonly request: string;
  readonly status: number;
  readonly answer: string;
}

/**
 * Hands requests on to a server, signed ones too, and hands back what it answers.
 * @param handsBack is told of each exchange; false breaks the connection in place of handing back the answer
 */
export function relayServer(endpoint: string, handsBack: (exchange: Exchange) => boolean): Promise<TestServer> {
  const handOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    // With the headers as they are, the host's too, or signatures would no longer fit.
    const onward = httpRequest(endpoint, { method: 'POST', headers: request.headers }).end(body);
    const [answered] = (await once(onward, 'response')) as [IncomingMessage];
    const { statusCode: status = 0, headers } = answered;
    const answer = await textOf(answered);
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    if (!handsBack({ operation, request: body, status, answer })) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, headers).end(answer);
  };
  return listen(createHttpServer((request, response) => void handOn(request, response)));
}

/**
 * Hands requests on to a server, and breaks the connection in place of handing back the answer to those that a test
 * chooses: what was asked has then been done, and nobody knows.
 */
export function answerLosingServer(endpoint: string, loses: (operation: string) => boolean): Promise<TestServer> {
  return relayServer(endpoint, ({ operation }) => !loses(operation));
}

/** Answers every request in the same way. */
export function fixedServer(status: number, headers: Record<string, string>, body: string): Promise<TestServer> {
  return listen(
    createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, headers).end(body));
    }),
  );
}

/** Answers each request with what is written down for its operation, as JSON. */
export function scriptedServer(answers: Readonly<Record<string, object>>): Promise<TestServer> {
  return listen(
    createHttpServer((request, response) => {
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      request.resume().on('end', () => {
        response
          .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(answers[operation]));
      });
    }),
  );
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const { port, close } = await silentServer();
  await close();
  return port;
}
