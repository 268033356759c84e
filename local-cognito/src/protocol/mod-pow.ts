import { DiffieHellman, getDiffieHellman } from 'node:crypto';

/** The prime of RFC 3526 group 15 (3072 bit), the only group that Cognito uses. */
export const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);

/** base ^ exponent mod N. Native where Node allows it (about 10 times faster), else with BigInt; the same result. */
export function modPow(base: bigint, exponent: bigint): bigint {
  // The native path refuses the trivial bases, and the zero exponent.
  return hasNative && base > 1n && base < N - 1n && exponent > 0n
    ? nativePow(base, exponent)
    : bigintPow(base, exponent);
}

function bigintPow(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/**
 * A Diffie-Hellman secret *is* a modular power. The named group lacks setPrivateKey, but takes DiffieHellman's.
 * (createDiffieHellman(prime) has it and is no way: newer Nodes test the prime for seconds on each call.)
 * Node 22 refuses bases that are no squares modulo N; then the negative is one, N being 3 modulo 4.
 */
function nativePow(base: bigint, exponent: bigint): bigint {
  const group = getDiffieHellman('modp15');
  DiffieHellman.prototype.setPrivateKey.call(group, hex(exponent), 'hex');
  const powerOf = (value: bigint): bigint => BigInt(`0x${group.computeSecret(hex(value), 'hex', 'hex')}`);
  try {
    return powerOf(base);
  } catch {
    const power = powerOf(N - base);
    return exponent & 1n ? N - power : power;
  }
}

function hex(value: bigint): string {
  const digits = value.toString(16);
  return digits.length % 2 ? `0${digits}` : digits;
}

const hasNative = ((): boolean => {
  try {
    return nativePow(3n, 65_537n) === bigintPow(3n, 65_537n);
  } catch {
    return false;
  }
})();
