import { isRecord } from './guards';

/**
 * The claims of a JWT, read without checking its signature: it came straight from Cognito, in answer to a request of
 * our own.
 * @returns undefined for a token that is no JWT; it works without being read
 */
export function claimsOf(jwt: string | undefined): Record<string, unknown> | undefined {
  const payload = jwt?.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
