import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { publicClient } from './pools';

type Json = Record<string, unknown>;

/** A part of a token. */
export function encoded(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** An RSA key that signs tokens. */
export class TestKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly #privateKey: KeyObject;

  constructor(kid?: string) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
    this.kid = kid ?? createHash('sha256').update(this.jwk.n ?? '').digest('base64');
  }

  get jwk() {
    return this.publicKey.export({ format: 'jwk' });
  }

  /** As it stands in a key set. */
  get published() {
    const { kty = '', n = '', e = '' } = this.jwk;
    return { kty, n, e, alg: 'RS256', use: 'sig', kid: this.kid };
  }

  /** @param header what is to be different in it */
  sign(claims: unknown, header: Json = {}): string {
    const signed = `${encoded({ kid: this.kid, alg: 'RS256', ...header })}.${encoded(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.#privateKey).toString('base64url')}`;
  }

  /** Signed by HMAC, with what everybody knows of this key for its secret. */
  signWithPublic(claims: unknown, secret: string | Buffer, alg = 'HS256'): string {
    const signed = `${encoded({ kid: this.kid, alg })}.${encoded(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }
}

/** A server in the place of a user pool that publishes keys, and a way to sign anything with them. */
export class TokenIssuer {
  keys = [new TestKey()];
  /** How many times the keys were read. */
  reads = 0;
  /** What was asked for, keys or not. */
  readonly paths: string[] = [];
  /** What is answered in place of the keys. */
  answer: ((response: ServerResponse) => void) | undefined;
  #port = 0;
  #server = this.#create();

  /** @param poolId one of its own by default, since keys are kept by their address, and ports come again */
  constructor(readonly poolId = `eu-west-1_${randomBytes(5).toString('hex')}`) {}

  /** Once more on the same port, if it was listening before. */
  async listen(): Promise<void> {
    this.#server = this.#create();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A user pool's settings. */
  get pool(): Json {
    return { userPoolId: this.poolId, clientId: publicClient, api: 'client-side', endpoint: this.endpoint };
  }

  get key(): TestKey {
    return this.keys[0]!;
  }

  /** What an access token of Cognito's says, changed. */
  access(change: Json = {}): Json {
    return { ...this.#common(), token_use: 'access', client_id: publicClient, username: 'ada', scope, ...change };
  }

  /** What an ID token of Cognito's says, changed. */
  id(change: Json = {}): Json {
    return { ...this.#common(), token_use: 'id', aud: publicClient, 'cognito:username': 'ada', ...change };
  }

  #common(): Json {
    const now = Math.floor(Date.now() / 1000);
    const sub = '5a3f1d2e-0000-4000-8000-000000000000';
    return { sub, iss: `${this.endpoint}/${this.poolId}`, auth_time: now, iat: now, exp: now + 3600, jti: 'jti' };
  }

  #create() {
    return createServer(({ url = '' }, response) => {
      this.paths.push(url);
      if (url !== `/${this.poolId}/.well-known/jwks.json`) {
        response.writeHead(404).end();
        return;
      }
      this.reads += 1;
      if (this.answer) this.answer(response);
      else response.end(JSON.stringify({ keys: this.keys.map(({ published }) => published) }));
    });
  }
}

const scope = 'aws.cognito.signin.user.admin';
