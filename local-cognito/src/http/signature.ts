import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { IamUser } from '../config';
import { refuse } from '../exceptions';
import { sameBytes } from '../protocol/same-bytes';

const SERVICE = 'cognito-idp';
const LARGEST_SKEW_MS = 5 * 60_000;

/**
 * Checks Signature Version 4: the signature is computed again from the request as received, and compared.
 * @returns who signed, and the region that the request is signed for
 * @throws MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
 *   InvalidSignatureException
 */
export async function checkSignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  iamUsers: readonly IamUser[],
  now: number,
): Promise<{ user: IamUser; region: string }> {
  const { accessKeyId, date, region, service, signedHeaders, signature } = readAuthorization(headers);
  const signedAt = readDate(headers);
  refuseUnsigned(headers, signedHeaders);
  if (date !== compactDate(signedAt).slice(0, 8)) throw refuse('signatureDateMismatch');
  if (service !== SERVICE) throw refuse('signatureService');
  refuseSkew(signedAt, now);
  const user = iamUsers.find((candidate) => candidate.accessKeyId === accessKeyId);
  // The pool's IAM users have long-term keys, so any session token is a foreign one.
  if (!user || headers['x-amz-security-token'] !== undefined) throw refuse('accessKeyUnknown');
  // A client that declares the body's hash signs the declared one: it must be the true one.
  const declaredHash = headers['x-amz-content-sha256'];
  if (declaredHash !== undefined && declaredHash !== createHash('sha256').update(body).digest('hex'))
    throw refuse('signatureWrong');
  const expected = await signAgain(headers, body, { user, region, signedAt, signedHeaders });
  if (!sameBytes(expected, signature)) throw refuse('signatureWrong');
  return { user, region };
}

const authorizationShape =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

function readAuthorization({ authorization }: IncomingHttpHeaders) {
  if (!authorization) throw refuse('signatureMissing');
  const [, accessKeyId, date, region, service, names, signature] = authorizationShape.exec(authorization) ?? [];
  if (!accessKeyId || !date || !region || !service || !names || !signature) {
    throw refuse('signatureIncomplete', { part: "'Credential', 'SignedHeaders' and 'Signature' parameters." });
  }
  return { accessKeyId, date, region, service, signature, signedHeaders: new Set(names.split(';')) };
}

function readDate(headers: IncomingHttpHeaders): Date {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(single(headers['x-amz-date'])) ?? [];
  const date = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds)),
  );
  if (Number.isNaN(date.getTime()))
    throw refuse('signatureIncomplete', { part: "existence of either a 'X-Amz-Date' or a 'Date' header." });
  return date;
}

/** X-Amz-Target above all: a signature of one operation must not serve another (IAM user guide, "Create a signed AWS API request"). */
function refuseUnsigned(headers: IncomingHttpHeaders, signedHeaders: ReadonlySet<string>): void {
  if (!signedHeaders.has('host')) throw refuse('signatureWithoutHost');
  const unsigned = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !signedHeaders.has(name));
  if (unsigned !== undefined) throw refuse('signatureWithoutHeader', { name: unsigned });
}

function refuseSkew(signedAt: Date, now: number): void {
  const texts = (limit: number) => ({
    signed: compactDate(signedAt),
    limit: compactDate(new Date(limit)),
    now: compactDate(new Date(now)),
  });
  if (signedAt.getTime() < now - LARGEST_SKEW_MS) throw refuse('signatureExpired', texts(now - LARGEST_SKEW_MS));
  if (signedAt.getTime() > now + LARGEST_SKEW_MS) throw refuse('signatureNotYetCurrent', texts(now + LARGEST_SKEW_MS));
}

async function signAgain(
  headers: IncomingHttpHeaders,
  body: Buffer,
  {
    user,
    region,
    signedAt,
    signedHeaders,
  }: { user: IamUser; region: string; signedAt: Date; signedHeaders: Set<string> },
): Promise<string> {
  const signer = new SignatureV4({ service: SERVICE, region, credentials: user, sha256: Sha256, applyChecksum: false });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '',
      path: '/',
      query: {},
      headers: Object.fromEntries([...signedHeaders].map((name) => [name, single(headers[name])])),
      body,
    },
    { signingDate: signedAt, signableHeaders: signedHeaders },
  );
  return authorizationShape.exec(signed.headers.authorization ?? '')?.[6] ?? '';
}

/** `20300131T080000Z`, as SigV4 writes times. */
function compactDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function single(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '');
}

/** Node's SHA-256 in the form that the signer wants: a hash, or an HMAC when given a key. */
class Sha256 {
  #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toKey(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): never {
    throw new Error('a signature uses each hash once');
  }
}

function toKey(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === 'string') return secret;
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret);
}
