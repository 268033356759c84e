import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** As in a real pool, ID and access tokens are signed with different keys. */
export interface SigningKeys {
  id: SigningKey;
  access: SigningKey;
}

let keys: Promise<SigningKeys> | undefined;

/** The process's signing keys, made when first asked for: all pools share them, since 2048 bit RSA takes a while. */
export function signingKeys(): Promise<SigningKeys> {
  keys ??= newSigningKeys();
  return keys;
}

export async function newSigningKeys(): Promise<SigningKeys> {
  const [id, access] = await Promise.all([newKey(), newKey()]);
  return { id, access };
}

async function newKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256')
    .update(pair.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  return { kid, ...pair };
}

/** The content of `/.well-known/jwks.json`. */
export function jwks({ id, access }: SigningKeys): { keys: object[] } {
  const jwk = ({ kid, publicKey }: SigningKey) => ({
    ...publicKey.export({ format: 'jwk' }),
    alg: 'RS256',
    use: 'sig',
    kid,
  });
  return { keys: [jwk(id), jwk(access)] };
}
