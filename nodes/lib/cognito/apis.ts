/**
 * The two ways to sign in to a user pool. Server-side calls are signed with IAM credentials, client-side calls are
 * not signed at all.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
 * Each row: the operations, and the member of their requests that tells threat protection of the user's surroundings.
 */
export const apis = {
  'server-side': { initiate: 'AdminInitiateAuth', respond: 'AdminRespondToAuthChallenge', contextData: 'ContextData' },
  'client-side': { initiate: 'InitiateAuth', respond: 'RespondToAuthChallenge', contextData: 'UserContextData' },
} as const;

export type Api = keyof typeof apis;

export function isApi(value: unknown): value is Api {
  return typeof value === 'string' && Object.hasOwn(apis, value);
}
