import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CognitoAuthError } from './errors';

/** The length of a TOTP step in ms. Cognito uses RFC 6238 with its defaults: SHA-1, 6 digits, 30 s. */
const step = 30_000;

/** The last step whose code was given out, by a hash of the secret. Cognito takes each code once. */
const lastStep = new Map<string, number>();

/** How many secrets to remember: those used longest ago are forgotten first. */
const remembered = 10_000;

/** What an authenticator app makes of the secret: spaces and lower case are for people. */
function normalise(secret: string): string {
  return secret.replace(/[\s-]/g, '').toUpperCase();
}

/** Marks a step used. */
function spend(key: string, counter: number): void {
  lastStep.delete(key);
  lastStep.set(key, counter);
  const oldest = lastStep.keys().next();
  if (lastStep.size > remembered && !oldest.done) lastStep.delete(oldest.value);
}

/**
 * The code of a TOTP secret that Cognito will take now. A code that was given out before is not given out again:
 * then this waits for the next step, at most 30 s for each sign-in already waiting for the same secret.
 * @param secret base32, as Cognito's SecretCode; spaces, dashes and lower case are taken too
 * @param now Cognito's time, ms since 1970
 * @throws CognitoAuthError InputInvalid when the secret is not base32, Aborted when the signal fires
 */
export async function nextTotpCode(secret: string, now: () => number, signal: AbortSignal): Promise<string> {
  const base32 = normalise(secret);
  if (!/^[A-Z2-7]+=*$/.test(base32))
    throw new CognitoAuthError('InputInvalid', { field: 'totpSecret', expected: 'base32' });
  const { HOTP, Secret } = await import('otpauth');

  const key = createHash('sha256').update(base32).digest('base64');
  for (;;) {
    const counter = Math.floor(now() / step);
    const last = lastStep.get(key) ?? 0;
    // A step further ahead was given out by a clock that has been set right since.
    if (last < counter || last > counter + 1) {
      spend(key, counter);
      return HOTP.generate({ secret: Secret.fromBase32(base32), counter });
    }
    await sleep((last + 1) * step - now(), undefined, { signal }).catch(() => {
      throw new CognitoAuthError('Aborted');
    });
  }
}
