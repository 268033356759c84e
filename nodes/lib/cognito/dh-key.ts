import { createPrivateKey, createPublicKey } from 'node:crypto';

/*
 * Diffie-Hellman keys in the forms that Node takes and gives them in: PKCS #8 (RFC 5208) and SubjectPublicKeyInfo
 * (RFC 5280), with the algorithm and parameters of PKCS #3, all in DER.
 */

const tags = { integer: 0x02, octetString: 0x04, sequence: 0x30 } as const;

/** A length as DER writes it, up to 65,535. */
function lengthOf(content: Buffer): number[] {
  const { length } = content;
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function element(tag: keyof typeof tags, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tags[tag], ...lengthOf(content)]), content]);
}

/** @param hex whole bytes; a zero byte goes in front of a set top bit, which would make the number negative */
function integer(hex: string): Buffer {
  return element('integer', Buffer.from(/^[89a-f]/.test(hex) ? `00${hex}` : hex, 'hex'));
}

/** 1.2.840.113549.1.3.1, dhKeyAgreement, with its tag and length. */
const dhKeyAgreement = Buffer.from('06092a864886f70d010301', 'hex');

/** Where the content of the element begins that stands at an offset, and where it ends. */
function contentAt(der: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(offset + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : der.readUIntBE(offset + 2, lengthBytes);
  return { start, end: start + length };
}

/**
 * The public key of a private one: the generator to the power of it, modulo the prime, which OpenSSL computes in
 * constant time while it reads the key.
 * @param key its numbers in hexadecimal, whole bytes
 */
export function dhPublicKey(key: {
  readonly prime: string;
  readonly generator: string;
  readonly privateKey: string;
}): Buffer {
  const parameters = element('sequence', integer(key.prime), integer(key.generator));
  const algorithm = element('sequence', dhKeyAgreement, parameters);
  const pkcs8 = element('sequence', integer('00'), algorithm, element('octetString', integer(key.privateKey)));
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });

  // A sequence of the algorithm and a bit string, which begins with a count of unused bits and holds the integer.
  const bits = contentAt(spki, contentAt(spki, contentAt(spki, 0).start).end);
  const { start, end } = contentAt(spki, bits.start + 1);
  return spki.subarray(start, end);
}
