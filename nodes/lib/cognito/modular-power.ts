import { createHash, type DiffieHellmanGroup, DiffieHellman, getDiffieHellman } from 'node:crypto';
import { dhPublicKey } from './dh-key';

/**
 * Powers modulo the 3072-bit prime of RFC 3526 group 15, the group that Cognito's SRP uses.
 *
 * Node has this group built in, and its Diffie-Hellman is a constant-time power in OpenSSL: ten times faster than
 * anything written with BigInt, and safer with a secret exponent. A named group has no `setPrivateKey` of its own, so
 * the one of `DiffieHellman` is borrowed. (`crypto.createDiffieHellman(prime)` would test the prime again at each call,
 * which takes seconds from Node 24 on.) Where nothing of that works, BigInt gives the same numbers.
 */
const group: DiffieHellmanGroup = getDiffieHellman('modp15');

// eslint-disable-next-line @typescript-eslint/unbound-method -- borrowed on purpose
const setPrivateKey: (this: unknown, key: Buffer) => void = DiffieHellman.prototype.setPrivateKey;

/** The prime N of RFC 3526 group 15. */
export const N = toBigInt(group.getPrime());

/** The group's generator. */
export const g = toBigInt(group.getGenerator());

/** The length of N, and of every result, in bytes. */
export const byteLength = 384;

/** Reads an unsigned big-endian number. */
export function toBigInt(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

/** Hexadecimal digits of a non-negative number, an even count of them. */
export function toHex(value: bigint): string {
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(toHex(value), 'hex');
}

/** `base ** exponent mod N`, for a base that is reduced already and an exponent above zero. */
type Power = (base: bigint, exponent: bigint) => bigint;

/** With BigInt. Takes 15-25 ms for a 512-bit exponent, and its time depends on the bits. */
export const bigIntPower: Power = (base, exponent) => {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
};

/** As the public key that belongs to a secret one, for the group's own generator alone. */
export const publicKeyPower: Power = (_generator, exponent) => {
  setPrivateKey.call(group, toBytes(exponent));
  return toBigInt(group.generateKeys());
};

/** As the secret that is shared with whom the base is the public key of. */
export const sharedSecretPower: Power = (base, exponent) => {
  setPrivateKey.call(group, toBytes(exponent));
  return toBigInt(group.computeSecret(toBytes(base)));
};

/** As the public key in a group that has the base as its generator, where OpenSSL derives it while it reads the key. */
export const derivedKeyPower: Power = (base, exponent) =>
  toBigInt(dhPublicKey({ prime: toHex(N), generator: toHex(base), privateKey: toHex(exponent) }));

/** Whether this Node's OpenSSL gives the right power in that way. */
function isRight(power: Power, base: bigint, exponent: bigint): boolean {
  try {
    return power(base, exponent) === bigIntPower(base, exponent);
  } catch {
    return false;
  }
}

/** Any number does, as long as the power wraps around N. */
const anExponent = toBigInt(createHash('sha256').update('exponent').digest());

/**
 * A base that is no square: N is 7 modulo 8, so that 2 is a square and its negative none. Node 22 refuses it as a peer's
 * public key; to find that out takes it a power by (N - 1) / 2 for every key, four times the work that is asked for.
 */
const aBase = N - 2n;

let quickest: { readonly ofGenerator: Power; readonly ofAny: Power } | undefined;

/** The quickest ways that work here, found out once. */
function waysHere(): NonNullable<typeof quickest> {
  quickest ??= {
    ofGenerator: isRight(publicKeyPower, g, anExponent) ? publicKeyPower : bigIntPower,
    ofAny: [sharedSecretPower, derivedKeyPower].find((way) => isRight(way, aBase, anExponent)) ?? bigIntPower,
  };
  return quickest;
}

/**
 * `base ** exponent mod N`.
 * @param base any non-negative number
 * @param exponent a positive number
 */
export function modularPower(base: bigint, exponent: bigint): bigint {
  const reduced = base % N;
  const { ofGenerator, ofAny } = waysHere();
  if (reduced === g) return ofGenerator(reduced, exponent);
  // OpenSSL refuses the bases whose powers are trivial.
  const isTrivial = reduced <= 1n || reduced === N - 1n;
  return isTrivial ? bigIntPower(reduced, exponent) : ofAny(reduced, exponent);
}
