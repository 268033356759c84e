import { createHmac } from 'node:crypto';

/**
 * SECRET_HASH: base64(HMAC-SHA256(clientSecret, username + clientId)), for app clients that have a secret.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
 *
 * @param username the USERNAME of the same request. When a sign-in starts that is what was typed, in an answer the
 *   canonical name that Cognito returned (alexrudd/cognito-srp#1), for a refresh the `username` claim of the access
 *   token: an alias fails there (boto/boto3#2736).
 */
export function secretHash(clientSecret: string, clientId: string, username: string): string {
  return createHmac('sha256', clientSecret).update(username).update(clientId).digest('base64');
}
