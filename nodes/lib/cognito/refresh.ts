import { CognitoAuthError } from './errors';
import { textEntriesOf } from './input-text';
import type { InputValues } from './inputs';
import { initiateAuth } from './sign-in';
import { tokenSetOf, type TokenSet } from './token-set';
import type { UserPool } from './user-pool';

/** How servers in Cognito's place, and endpoints in front of it, say that they don't know an operation. */
const unknownOperation = ['UnknownOperationException', 'InvalidAction', 'NotImplemented', 'AnswerUnexpected'];

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
  const { refreshToken, deviceKey, username } = before;
  const { clientId, clientSecret } = pool;
  const clientMetadata = textEntriesOf(values, 'clientMetadata');
  try {
    const answer = await pool.call(
      'GetTokensFromRefreshToken',
      {
        RefreshToken: refreshToken,
        ClientId: clientId,
        ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
        ...(deviceKey !== undefined && { DeviceKey: deviceKey }),
        ...(Object.keys(clientMetadata).length > 0 && { ClientMetadata: clientMetadata }),
      },
      signal,
    );
    return tokenSetOf(answer.AuthenticationResult ?? {}, before, pool.now());
  } catch (error) {
    if (!(error instanceof CognitoAuthError && unknownOperation.includes(error.code))) throw error;
  }
  const given = { refreshToken, deviceKey, username, clientMetadata };
  const { signedIn } = await initiateAuth(pool, 'REFRESH_TOKEN_AUTH', given, signal);
  return tokenSetOf(signedIn ?? {}, before, pool.now());
}
