import type { HttpHeader } from '@aws-sdk/client-cognito-identity-provider';
import type { Api } from './apis';
import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import type { ContextData } from './user-pool';

/** The members that AdminInitiateAuth's ContextData can't be without; UserContextData needs none. */
const requiredMembers = ['IpAddress', 'ServerName', 'ServerPath', 'HttpHeaders'];

/** What Node hands out as an object, Cognito wants as a list. */
function headerList(headers: unknown): unknown {
  if (!isRecord(headers)) return headers;
  return Object.entries(headers).map(([headerName, value]) => ({ headerName, headerValue: String(value) }));
}

/**
 * ContextData (server-side) or UserContextData (client-side) for threat protection, in Cognito's own names.
 * HttpHeaders may also be an object, as `msg.req.headers` is.
 * @throws CognitoAuthError InputInvalid, naming what is missing
 */
export function contextDataOf(value: unknown, api: Api): ContextData | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const needed = api === 'server-side' ? requiredMembers : [];
  if (!isRecord(value) || needed.some((member) => value[member] === undefined)) {
    throw new CognitoAuthError('InputInvalid', { field: 'contextData', expected: `{${needed.join(', ')}}` });
  }
  // The SDK and Cognito check the members' own types.
  const contextData = value as unknown as ContextData;
  return 'HttpHeaders' in value
    ? { ...contextData, HttpHeaders: headerList(value.HttpHeaders) as HttpHeader[] }
    : contextData;
}
