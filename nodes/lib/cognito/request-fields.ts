import { apis } from './apis';
import { contextDataOf } from './context-data';
import { CognitoAuthError } from './errors';
import { textEntriesOf, textOf } from './input-text';
import type { InputValues } from './inputs';
import { secretHash } from './secret-hash';
import type { RequestFields, UserPool } from './user-pool';

/**
 * What a request carries besides its parameters.
 * @throws CognitoAuthError InputInvalid
 */
export function requestFieldsOf(pool: UserPool, values: InputValues): RequestFields {
  const clientMetadata = textEntriesOf(values, 'clientMetadata');
  const analyticsEndpointId = textOf(values, 'analyticsEndpointId');
  const contextData = contextDataOf(values.contextData, pool.api);
  return {
    ...(Object.keys(clientMetadata).length > 0 && { ClientMetadata: clientMetadata }),
    ...(analyticsEndpointId !== undefined && { AnalyticsMetadata: { AnalyticsEndpointId: analyticsEndpointId } }),
    ...(contextData && { [apis[pool.api].contextData]: contextData }),
  };
}

/**
 * Adds SECRET_HASH where the client has a secret, unless the author brought one.
 * @throws CognitoAuthError InputMissing when there is no user name to make it from
 */
export function withSecretHash(
  { clientSecret, clientId }: UserPool,
  username: string | undefined,
  parameters: Record<string, string>,
): Record<string, string> {
  if (clientSecret === undefined || parameters.SECRET_HASH !== undefined) return parameters;
  if (username === undefined) throw new CognitoAuthError('InputMissing', { field: 'username' });
  return { ...parameters, SECRET_HASH: secretHash(clientSecret, clientId, username) };
}
