import { randomBytes } from 'node:crypto';
import should from 'should';
import {
  bigIntPower,
  derivedKeyPower,
  g,
  modularPower,
  N,
  publicKeyPower,
  sharedSecretPower,
  toBigInt,
  toHex,
} from '../../../../nodes/lib/cognito/modular-power';

const random = (bytes: number): bigint => toBigInt(randomBytes(bytes));

describe('a power modulo the 3072-bit prime', () => {
  it('is the same natively and with BigInt, for random numbers', () => {
    for (let round = 0; round < 5; round += 1) {
      const base = (random(384) % (N - 3n)) + 2n;
      const exponent = random(64) + 1n;
      should(modularPower(base, exponent) === bigIntPower(base, exponent)).be.true();
      should(modularPower(g, exponent) === bigIntPower(g, exponent)).be.true();
    }
  });

  it('is the same in every way that OpenSSL has', () => {
    for (const exponent of [1n, 0x80n, 0xfffn, random(32) + 1n, random(65) + 1n]) {
      should(publicKeyPower(g, exponent) === bigIntPower(g, exponent)).be.true();
      // A square: there are versions of Node that take no other base for a peer's public key.
      const base = modularPower(random(383) + 2n, 2n);
      should(sharedSecretPower(base, exponent) === bigIntPower(base, exponent)).be.true();
      for (const any of [base, N - base, 3n, 0x8000n, N - 2n, (1n << 3000n) + 1n]) {
        should(derivedKeyPower(any, exponent) === bigIntPower(any, exponent)).be.true();
      }
    }
  });

  it('takes time for the exponent’s own bits, and for no test of the base', () => {
    // What a Node does that tests each base first: a power by a number of 3,071 bits.
    const base = N - 5n;
    const quickestOf = (exponent: bigint): number =>
      Math.min(
        ...Array.from({ length: 7 }, () => {
          const start = process.hrtime.bigint();
          modularPower(base, exponent);
          return Number(process.hrtime.bigint() - start);
        }),
      );
    should(quickestOf(random(64) + (1n << 511n))).be.below(quickestOf(N - 3n) / 2);
  });

  it('is the same for bases of few digits, of an odd number of digits, and with the top bit set', () => {
    for (const base of [2n, 3n, 0xfn, 0x123n, 0x8000n, N - 2n]) {
      const exponent = random(32) + 1n;
      should(modularPower(base, exponent) === bigIntPower(base, exponent)).be.true();
    }
  });

  it('is the same for small exponents', () => {
    for (const exponent of [1n, 2n, 3n, 0x80n, 0xfffn]) {
      const base = (random(384) % (N - 3n)) + 2n;
      should(modularPower(base, exponent) === bigIntPower(base, exponent)).be.true();
    }
  });

  it('follows Fermat: the power of N - 2 is the inverse', () => {
    const base = (random(384) % (N - 3n)) + 2n;
    should((modularPower(base, N - 2n) * base) % N === 1n).be.true();
  });

  it('takes the bases that OpenSSL refuses', () => {
    should(modularPower(0n, 5n) === 0n).be.true();
    should(modularPower(1n, 5n) === 1n).be.true();
    should(modularPower(N, 5n) === 0n).be.true();
    should(modularPower(N + 1n, 5n) === 1n).be.true();
    should(modularPower(N - 1n, 5n) === N - 1n).be.true();
    should(modularPower(N - 1n, 6n) === 1n).be.true();
  });

  it('takes a base beyond N', () => {
    should(modularPower(N + 7n, 12345n) === bigIntPower(7n, 12345n)).be.true();
  });

  it('works on whole bytes', () => {
    should(toHex(0xabcn)).equal('0abc');
    should(toHex(0n)).equal('00');
    should(toBigInt(Buffer.from('0abc', 'hex')) === 0xabcn).be.true();
    should(toBigInt(Buffer.alloc(0)) === 0n).be.true();
  });
});
