import { createHash, type DiffieHellmanGroup, DiffieHellman, getDiffieHellman } from 'node:crypto';

/**
 * Powers modulo the 3072-bit prime of RFC 3526 group 15, the group that Cognito's SRP uses.
 *
 * Node has this group built in, and its Diffie-Hellman is a constant-time power in OpenSSL: a few milliseconds less,
 * and safer with a secret exponent, than anything written with BigInt. A named group has no `setPrivateKey` of its
 * own, so the one of `DiffieHellman` is borrowed. (`crypto.createDiffieHellman(prime)` would test the prime again at
 * each call, which takes seconds from Node 24 on.) Where the loan does not work, BigInt gives the same numbers.
 */
const group: DiffieHellmanGroup = getDiffieHellman('modp15');

// eslint-disable-next-line @typescript-eslint/unbound-method -- borrowed on purpose
const setPrivateKey: (this: unknown, key: Buffer) => void = DiffieHellman.prototype.setPrivateKey;

/** The prime N of RFC 3526 group 15. */
export const N = toBigInt(group.getPrime());

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

/** `base ** exponent mod N` with BigInt. Takes 15-25 ms for a 512-bit exponent, and its time depends on the bits. */
export function bigIntPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/**
 * `base ** exponent mod N` in OpenSSL, for 1 < base < N - 1 and exponent > 0. Throws outside of that.
 *
 * Node 22's OpenSSL takes only squares modulo N, as a Diffie-Hellman peer's key should be one. N is 3 modulo 4, so of a
 * number and its negative just one is a square; an odd power of the negative is the negative of the power.
 */
export function nativePower(base: bigint, exponent: bigint): bigint {
  setPrivateKey.call(group, Buffer.from(toHex(exponent), 'hex'));
  const powerOf = (value: bigint): bigint => toBigInt(group.computeSecret(Buffer.from(toHex(value), 'hex')));
  try {
    return powerOf(base);
  } catch {
    const power = powerOf(N - base);
    return exponent & 1n ? N - power : power;
  }
}

let native: boolean | undefined;

/** Whether this Node's own group gives the right power for a base of our choice; tried once. */
function hasNativePower(): boolean {
  if (native === undefined) {
    // Any numbers do, as long as the base is not the group's own generator and the power wraps around N.
    const base = toBigInt(createHash('sha512').update('base').digest());
    const exponent = 65537n;
    try {
      native = nativePower(base, exponent) === bigIntPower(base, exponent);
    } catch {
      native = false;
    }
  }
  return native;
}

/**
 * `base ** exponent mod N`.
 * @param base any non-negative number
 * @param exponent a positive number
 */
export function modularPower(base: bigint, exponent: bigint): bigint {
  const reduced = base % N;
  // OpenSSL refuses the bases whose powers are trivial.
  const trivial = reduced <= 1n || reduced === N - 1n;
  return !trivial && hasNativePower() ? nativePower(reduced, exponent) : bigIntPower(reduced, exponent);
}
