import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';

/** The claims of a JWT that came straight from Cognito over TLS, so that its signature need not be checked again. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> | undefined {
  if (jwt === undefined) return undefined;
  try {
    return decomposeUnverifiedJwt(jwt).payload;
  } catch {
    return undefined; // a pool may hand out tokens that are no JWTs; they work without being read
  }
}
