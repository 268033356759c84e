import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { modPow, N } from './mod-pow';

/**
 * The server's half of Cognito's SRP-6a. Sources: aws-amplify's AuthenticationHelper for the client's half,
 * RFC 5054 for the server's.
 */

const g = 2n;
/** k = H(00 | N | 02). g is not left-padded: floci-io/floci#912. */
const k = hashToInt(padded(N), Buffer.from([2]));

/** What the pool keeps of a password. */
export interface Verifier {
  salt: bigint;
  /** g^x mod N */
  v: bigint;
}

/** A started sign-in: the server's secret and public values. */
export interface ServerKeys {
  b: bigint;
  B: bigint;
}

/**
 * The verifier of a password, by a salt that follows from it.
 * @param userId USER_ID_FOR_SRP, the canonical username and never an alias
 * @param secret makes the salt tell nothing about the password
 */
export function makeVerifier(poolId: string, userId: string, password: string, secret: Buffer): Verifier {
  const identity = createHash('sha256')
    .update(`${poolName(poolId)}${userId}:${password}`)
    .digest();
  const salt = bytesToInt(createHmac('sha256', secret).update(identity).digest().subarray(0, 16));
  return { salt, v: modPow(g, hashToInt(padded(salt), identity)) };
}

/**
 * A verifier made elsewhere, as ConfirmDevice takes it: base64 of bytes as Java's BigInteger reads them, so that one whose
 * top bit is set without a zero byte before it would be negative. Undefined unless both are positive, the verifier below N.
 */
export function readVerifier(saltBase64: string, verifierBase64: string): Verifier | undefined {
  const salt = readInteger(saltBase64);
  const v = readInteger(verifierBase64);
  return salt !== undefined && v !== undefined && v < N ? { salt, v } : undefined;
}

function readInteger(base64: string): bigint | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const isExact = bytes.length > 0 && bytes.toString('base64') === base64;
  if (!isExact || (bytes[0] ?? 0) > 0x7f) return undefined;
  return bytesToInt(bytes) || undefined;
}

/** The server's values for one sign-in: B = k*v + g^b mod N, with a fresh b. */
export function makeServerKeys({ v }: Verifier): ServerKeys {
  const b = bytesToInt(randomBytes(32));
  return { b, B: (k * v + modPow(g, b)) % N };
}

/** SRP_A as the client sent it: hex, not a multiple of N. Undefined if it is anything else. */
export function readSrpA(hex: string): bigint | undefined {
  if (!/^[0-9a-fA-F]{1,1024}$/.test(hex)) return undefined;
  const A = BigInt(`0x${hex}`);
  return A % N === 0n ? undefined : A;
}

/** PASSWORD_CLAIM_SIGNATURE that proves knowledge of the password, as raw bytes. */
export function expectedSignature(proof: {
  /** The pool's name; the device group key in a device's proof. */
  group: string;
  userId: string;
  A: bigint;
  keys: ServerKeys;
  verifier: Verifier;
  /** The bytes behind SECRET_BLOCK. */
  secretBlock: Buffer;
  timestamp: string;
}): Buffer {
  const { A, keys, verifier } = proof;
  const u = hashToInt(padded(A), padded(keys.B));
  const S = modPow((A * modPow(verifier.v, u)) % N, keys.b);
  const key = hkdfSync('sha256', padded(S), padded(u), 'Caldera Derived Key', 16);
  return createHmac('sha256', Buffer.from(key))
    .update(proof.group + proof.userId)
    .update(proof.secretBlock)
    .update(proof.timestamp)
    .digest();
}

/** The part of the pool id that goes into the proofs. */
export function poolName(poolId: string): string {
  return poolId.slice(poolId.indexOf('_') + 1);
}

/** Bytes of a positive integer as Java's BigInteger writes them: a leading zero byte where the top bit is set. */
function padded(value: bigint): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function hashToInt(...parts: Buffer[]): bigint {
  return bytesToInt(createHash('sha256').update(Buffer.concat(parts)).digest());
}

function bytesToInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
