import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import should from 'should';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';

const { signal } = new AbortController();
setMaxListeners(0, signal); // each call under way listens

describe('the sockets of a user pool', () => {
  let server: Server;
  let waiting: (() => void)[];
  let sockets: Set<Socket>;
  /** Every socket that was ever opened. */
  let opened: number;
  let isHeld: boolean;

  // A server in Cognito's place, and just as well a proxy in front of it.
  beforeEach(async () => {
    [waiting, sockets, opened, isHeld] = [[], new Set(), 0, false];
    server = createServer((request, response) => {
      const answer = (): void => {
        response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end('{}');
      };
      request.resume().on('end', () => {
        if (isHeld) waiting.push(answer);
        else answer();
      });
    });
    server.on('connect', (_request, socket) => {
      socket.resume();
      waiting.push(() => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    });
    server.on('connection', (socket) => {
      opened += 1;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function poolBehind(way: object): UserPool {
    return new UserPool({
      userPoolId: 'eu-west-1_AbCdEfGhI',
      clientId: 'client',
      api: 'client-side',
      credentials: { source: 'default' },
      timeout: 15_000,
      ...way,
    });
  }

  const call = (pool: UserPool): Promise<unknown> =>
    pool.initiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: {} }, signal);

  it('are fifty at most, however many calls there are', async () => {
    const pool = poolBehind({ endpoint: url() });
    isHeld = true;
    const calls = Promise.all(Array.from({ length: 300 }, () => call(pool)));
    for (let answered = 0; answered < 300; ) {
      await sleep(50); // more would come now, if they could
      should(sockets.size).be.belowOrEqual(50);
      answered += waiting.length;
      for (const answer of waiting.splice(0)) answer();
    }
    await calls;
    await pool.close();
  });

  it('are asked of a proxy fifty at once, also where it refuses all of them', async () => {
    const pool = poolBehind({ endpoint: 'https://cognito.example', proxyForUrl: url });
    const calls = Promise.allSettled(Array.from({ length: 300 }, () => call(pool)));
    for (let refused = 0; refused < 300; ) {
      await sleep(50); // more would come now, if they could
      should(waiting.length).be.belowOrEqual(50);
      refused += waiting.length;
      for (const refuse of waiting.splice(0)) refuse();
    }
    for (const { status } of await calls) should(status).equal('rejected');
    await pool.close();
  });

  const ways: [name: string, pool: () => UserPool][] = [
    ['without a proxy', () => poolBehind({ endpoint: url() })],
    ['through a proxy', () => poolBehind({ endpoint: 'http://cognito.example', proxyForUrl: url })],
  ];
  for (const [name, makePool] of ways) {
    it(`are kept for the next call, and closed with the pool (${name})`, async () => {
      const pool = makePool();
      for (let i = 0; i < 10; i += 1) await call(pool);
      should(opened).equal(1);
      const [socket] = sockets;
      const closed = once(socket!, 'close');
      await pool.close();
      await closed;
    });
  }
});
