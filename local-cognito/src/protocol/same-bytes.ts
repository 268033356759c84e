import { createHash, timingSafeEqual } from 'node:crypto';

/** Are two secrets equal? In constant time, whatever their lengths. */
export function sameBytes(a: string | Buffer, b: string | Buffer): boolean {
  const digest = (value: string | Buffer) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
