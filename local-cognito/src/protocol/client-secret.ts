import type { ClientConfig } from '../config';
import { type refusals, refuse } from '../exceptions';
import { sameBytes } from './same-bytes';

/**
 * Checks the client secret itself, which operations on refresh tokens take in place of SECRET_HASH.
 * Assumption: a client without a secret must not be given one, as with SECRET_HASH.
 * @param missing, wrong the refusals of the operation
 */
export function checkClientSecret(
  { clientId: id, clientSecret }: ClientConfig,
  received: string | undefined,
  { missing, wrong }: Record<'missing' | 'wrong', keyof typeof refusals>,
): void {
  if (clientSecret === undefined) {
    if (received !== undefined) throw refuse('clientSecretUnexpected', { id });
    return;
  }
  if (received === undefined) throw refuse(missing, { id });
  if (!sameBytes(clientSecret, received)) throw refuse(wrong, { id });
}
