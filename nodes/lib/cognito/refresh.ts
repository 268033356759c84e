import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { isAwsEndpoint } from './aws-credentials';
import { CognitoAuthError } from './errors';
import { textEntriesOf } from './input-text';
import type { InputValues } from './inputs';
import { initiateAuth } from './sign-in';
import { tokenSetOf, type TokenSet } from './token-set';
import type { UserPool } from './user-pool';

/** How servers in Cognito's place say that they don't know an operation: by a name, or by an answer that is none. */
const unknownOperation = ['UnknownOperationException', 'InvalidAction', 'NotImplemented'];
const unknownStatus = [400, 404, 405, 500, 501];

/** Servers that have shown that they know GetTokensFromRefreshToken: whatever they answer now is meant. */
const knowing = new Set<string>();

function isUnknownOperation({ server, endpoint }: UserPool, error: unknown): boolean {
  if (!(error instanceof CognitoAuthError) || knowing.has(server)) return false;
  const { code, details } = error;
  const isOddAnswer = code === 'AnswerUnexpected' && unknownStatus.includes(details.httpStatusCode ?? 0);
  return unknownOperation.includes(code) || (isOddAnswer && !isAwsEndpoint(endpoint));
}

/** What a refresh starts from: the latest tokens, or no more than a refresh token. */
export type Refreshable = Partial<TokenSet> & { readonly refreshToken: string };

/**
 * New tokens for a refresh token: by GetTokensFromRefreshToken, which refresh token rotation demands
 * (aws-amplify/amplify-js#14396), and where that is not known, by REFRESH_TOKEN_AUTH.
 * @param values `clientMetadata` is sent along
 * @throws CognitoAuthError
 */
export async function refresh(
  pool: UserPool,
  before: Refreshable,
  values: InputValues,
  signal: AbortSignal,
): Promise<TokenSet> {
  const answer = await getTokens(pool, before, values, signal);
  return tokenSetOf(answer ?? (await refreshTokenAuth(pool, before, values, signal)), before, pool.now());
}

/** @returns undefined where the operation is not known */
async function getTokens(
  pool: UserPool,
  { refreshToken, deviceKey }: Refreshable,
  values: InputValues,
  signal: AbortSignal,
): Promise<AuthenticationResultType | undefined> {
  const { clientId, clientSecret } = pool;
  const ClientMetadata = textEntriesOf(values, 'clientMetadata');
  const input = {
    RefreshToken: refreshToken,
    ClientId: clientId,
    ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
    ...(deviceKey !== undefined && { DeviceKey: deviceKey }),
    ...(Object.keys(ClientMetadata).length > 0 && { ClientMetadata }),
  };
  try {
    const { AuthenticationResult = {} } = await pool.call('GetTokensFromRefreshToken', input, signal);
    knowing.add(pool.server);
    return AuthenticationResult;
  } catch (error) {
    if (!isUnknownOperation(pool, error)) throw error;
    return undefined;
  }
}

async function refreshTokenAuth(
  pool: UserPool,
  { refreshToken, deviceKey, username }: Refreshable,
  { clientMetadata }: InputValues,
  signal: AbortSignal,
): Promise<AuthenticationResultType> {
  const given = { refreshToken, deviceKey, username, clientMetadata };
  const { signedIn = {} } = await initiateAuth(pool, 'REFRESH_TOKEN_AUTH', given, signal);
  return signedIn;
}
