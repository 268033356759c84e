import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Aedes } from 'aedes' with { 'resolution-mode': 'import' };
import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';

/** Who has connected, and with which token. */
export interface Connection {
  readonly username: string | undefined;
  /** The token's own id. */
  readonly jti: string | undefined;
}

/** An MQTT broker that lets those in who bring an access token of a user pool as their password. */
export class TokenBroker {
  readonly connections: Connection[] = [];
  readonly #broker: Aedes;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket.on('close', () => this.#sockets.delete(socket)));
    this.#broker.handle(socket);
  });

  private constructor(broker: Aedes) {
    this.#broker = broker;
  }

  /** @param issuer the user pool's URL */
  static async start(issuer: string): Promise<TokenBroker> {
    const jwksUri = `${issuer}/.well-known/jwks.json`;
    const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri });
    verifier.cacheJwks((await (await fetch(jwksUri)).json()) as Jwks);
    const aedes = await import('aedes'); // an ES module
    const broker = new TokenBroker(await aedes.Aedes.createBroker());
    broker.#broker.authenticate = (_client, username, token, done) => {
      verifier.verify(String(token)).then(
        ({ jti }) => {
          broker.connections.push({ username, jti });
          done(null, true);
        },
        () => {
          done(null, false);
        },
      );
    };
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many are connected. */
  get connected(): number {
    return this.#broker.connectedClients;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => {
      this.#broker.close(resolve);
    });
  }
}
