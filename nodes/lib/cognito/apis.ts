/**
 * The two ways to sign in to a user pool. Server-side calls are signed with IAM credentials, client-side calls are
 * not signed at all.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
 */
export const apis = {
  'server-side': { initiate: 'AdminInitiateAuth', respond: 'AdminRespondToAuthChallenge' },
  'client-side': { initiate: 'InitiateAuth', respond: 'RespondToAuthChallenge' },
} as const;

export type Api = keyof typeof apis;

export function isApi(value: unknown): value is Api {
  return typeof value === 'string' && Object.hasOwn(apis, value);
}
