import { createHmac } from 'node:crypto';
import { sameBytes } from './same-bytes';
import type { ClientConfig } from '../config';
import { refuse } from '../exceptions';

/**
 * SECRET_HASH = base64(HMAC-SHA256(clientSecret, username + clientId)), compulsory for a client with a secret.
 * @param username at the start of a sign-in the USERNAME as sent, later the canonical one
 */
export function checkSecretHash(client: ClientConfig, username: string, received: string | undefined): void {
  const id = client.clientId;
  if (client.clientSecret === undefined) {
    if (received !== undefined) throw refuse('secretHashUnexpected', { id });
    return;
  }
  if (received === undefined) throw refuse('secretHashMissing', { id });
  const expected = createHmac('sha256', client.clientSecret)
    .update(username + id)
    .digest('base64');
  if (!sameBytes(expected, received)) throw refuse('secretHashWrong', { id });
}
