import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { CognitoAuthError } from './errors';
import { g, modularPower, N, toBigInt, toHex } from './modular-power';
import { srpTimestamp } from './srp-timestamp';

/*
 * The client's half of Cognito's SRP-6a: RFC 3526 group 15, g = 2, SHA-256, and a key derived with the label
 * "Caldera Derived Key". AWS documents which fields are exchanged, not how they are computed; the formulas are those
 * of AWS's own amazon-cognito-identity-js, which the tests compare with byte by byte.
 */

/** H(N | g), the SRP multiplier. N carries a zero byte in front, since its top bit is set; g is not padded to N. */
const k = hashToNumber(signedHex(N) + '02');

/** One sign-in's secret exponent and the public value that goes to Cognito. Never leaves this process. */
export interface SrpEphemeral {
  /** The secret exponent, 256 random bits. */
  readonly a: bigint;
  /** `SRP_A`: g^a mod N in plain hexadecimal, not padded. */
  readonly srpA: string;
}

/** What Cognito sends with PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER. */
export interface SrpChallenge {
  /** SALT, hexadecimal. */
  readonly salt: string;
  /** SRP_B, hexadecimal. */
  readonly srpB: string;
  /** SECRET_BLOCK, base64. */
  readonly secretBlock: string;
}

/** Who proves what. */
export interface SrpIdentity {
  /** What follows `_` in the user pool id; for a device its group key. */
  readonly realm: string;
  /** USER_ID_FOR_SRP, never the alias that was typed; for a device its key. */
  readonly userId: string;
  readonly password: string;
}

/** The answer to PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER, without USERNAME and SECRET_HASH. */
interface SrpProof {
  /** base64 */
  readonly PASSWORD_CLAIM_SIGNATURE: string;
  /** base64, as it came */
  readonly PASSWORD_CLAIM_SECRET_BLOCK: string;
  readonly TIMESTAMP: string;
}

/** A number in the hexadecimal that Cognito hashes: whole bytes, and a zero byte in front of a set top bit. */
export function signedHex(value: bigint): string {
  const digits = toHex(value);
  return /^[89a-f]/.test(digits) ? `00${digits}` : digits;
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function hashToNumber(hex: string): bigint {
  return toBigInt(sha256(Buffer.from(hex, 'hex')));
}

function numberFromHex(name: string, hex: string): bigint {
  if (!/^[0-9a-f]+$/i.test(hex)) throw new CognitoAuthError('SrpChallengeInvalid', { field: name });
  return BigInt(`0x${hex}`);
}

/** Starts one SRP exchange. Takes about a millisecond of CPU. */
export function createEphemeral(a: bigint = toBigInt(randomBytes(32))): SrpEphemeral {
  return { a, srpA: modularPower(g, a).toString(16) };
}

/**
 * g^x mod N: what a pool keeps in place of a password. Takes about a millisecond of CPU.
 * @param salt as a number, as Cognito hashes it
 */
export function passwordVerifier(salt: bigint, identity: SrpIdentity): bigint {
  return modularPower(g, privateKey(salt, identity));
}

/** x, the password's exponent: H(salt | H(realm, user id, ":", password)). */
function privateKey(salt: bigint, { realm, userId, password }: SrpIdentity): bigint {
  const identityHash = sha256(`${realm}${userId}:${password}`);
  return hashToNumber(signedHex(salt) + identityHash.toString('hex'));
}

/**
 * The session key that both sides derive: HKDF-SHA256, 16 bytes.
 * @throws CognitoAuthError SrpChallengeInvalid when Cognito's numbers are none, or would give the password away
 */
export function sessionKey(ephemeral: SrpEphemeral, challenge: SrpChallenge, identity: SrpIdentity): Buffer {
  const A = BigInt(`0x${ephemeral.srpA}`);
  const B = numberFromHex('SRP_B', challenge.srpB);
  const salt = numberFromHex('SALT', challenge.salt);
  if (B % N === 0n) throw new CognitoAuthError('SrpChallengeInvalid', { field: 'SRP_B' });

  const u = hashToNumber(signedHex(A) + signedHex(B));
  if (u === 0n) throw new CognitoAuthError('SrpChallengeInvalid', { field: 'SRP_B' });

  const x = privateKey(salt, identity);
  // k * g^x is subtracted below zero more often than not; N is added until the base is positive.
  const base = (((B - k * modularPower(g, x)) % N) + N) % N;
  const S = modularPower(base, ephemeral.a + u * x);

  const input = Buffer.from(signedHex(S), 'hex');
  const hkdfSalt = Buffer.from(signedHex(u), 'hex');
  return Buffer.from(hkdfSync('sha256', input, hkdfSalt, 'Caldera Derived Key', 16));
}

/**
 * Proves the password without sending it. Takes about two milliseconds of CPU.
 * @param nowMs the time to sign, ms since 1970, as close to Cognito's clock as is known
 * @throws CognitoAuthError SrpChallengeInvalid
 */
export function provePassword(
  ephemeral: SrpEphemeral,
  challenge: SrpChallenge,
  identity: SrpIdentity,
  nowMs: number,
): SrpProof {
  const timestamp = srpTimestamp(nowMs);
  const signature = createHmac('sha256', sessionKey(ephemeral, challenge, identity))
    .update(identity.realm)
    .update(identity.userId)
    .update(Buffer.from(challenge.secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64');
  return {
    PASSWORD_CLAIM_SIGNATURE: signature,
    PASSWORD_CLAIM_SECRET_BLOCK: challenge.secretBlock,
    TIMESTAMP: timestamp,
  };
}
