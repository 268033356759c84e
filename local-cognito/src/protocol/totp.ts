import { Secret, TOTP } from 'otpauth';

/** Cognito takes 6 digits, steps of 30 s, SHA-1, and a code of the step before or after (developer guide, "TOTP software token MFA"). */
export const TOTP_STEP_MS = 30_000;

/** The current code of an authenticator app. @param secretBase32 the secret; @param atMs ms since 1970, default now */
export function currentTotpCode(secretBase32: string, atMs = Date.now()): string {
  return TOTP.generate({ secret: Secret.fromBase32(secretBase32), timestamp: atMs });
}

/** The number of the 30 s step that a code belongs to; undefined when it is none of the three acceptable ones. */
export function totpStep(secretBase32: string, code: string, atMs: number): number | undefined {
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secretBase32), timestamp: atMs, window: 1 });
  return delta === null ? undefined : Math.floor(atMs / TOTP_STEP_MS) + delta;
}

/** A fresh secret, base32, of 20 bytes. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}
