import { randomBytes } from 'node:crypto';
import should from 'should';
import {
  bigIntPower,
  modularPower,
  N,
  nativePower,
  toBigInt,
  toHex,
} from '../../../../nodes/lib/cognito/modular-power';

const random = (bytes: number): bigint => toBigInt(randomBytes(bytes));

describe('a power modulo the 3072-bit prime', () => {
  it('is the same natively and with BigInt, for random numbers', () => {
    for (let round = 0; round < 5; round += 1) {
      const base = (random(384) % (N - 3n)) + 2n;
      const exponent = random(64) + 1n;
      should(nativePower(base, exponent) === bigIntPower(base, exponent)).be.true();
    }
  });

  it('is the same for bases of few digits, of an odd number of digits, and with the top bit set', () => {
    for (const base of [2n, 3n, 0xfn, 0x123n, 0x8000n, N - 2n]) {
      const exponent = random(32) + 1n;
      should(nativePower(base, exponent) === bigIntPower(base, exponent)).be.true();
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
