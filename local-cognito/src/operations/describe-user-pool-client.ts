import type { ClientConfig } from '../config';
import { clientId, userPoolId } from './members';
import type { Operation } from './operation';

/** The settings of an app client, its secret too. */
export const describeUserPoolClient: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId, ClientId: clientId },
  run: ({ pools }, input) => {
    const pool = pools.get(input.text('UserPoolId'));
    return { UserPoolClient: describe(pool.id, pool.client(input.text('ClientId'))) };
  },
};

/** JSON leaves out what is undefined, as Cognito leaves out what is not set. */
function describe(userPoolIdText: string, client: ClientConfig): object {
  const units = client.tokenValidityUnits;
  const rotation = client.refreshTokenRotation;
  return {
    UserPoolId: userPoolIdText,
    ClientName: client.clientName ?? client.clientId,
    ClientId: client.clientId,
    ClientSecret: client.clientSecret,
    RefreshTokenValidity: client.refreshTokenValidity ?? (units?.refreshToken ? undefined : 30),
    AccessTokenValidity: client.accessTokenValidity,
    IdTokenValidity: client.idTokenValidity,
    TokenValidityUnits: units && {
      AccessToken: units.accessToken,
      IdToken: units.idToken,
      RefreshToken: units.refreshToken,
    },
    ReadAttributes: client.readAttributes,
    WriteAttributes: client.writeAttributes,
    ExplicitAuthFlows: client.explicitAuthFlows,
    AllowedOAuthFlowsUserPoolClient: false,
    PreventUserExistenceErrors: client.preventUserExistenceErrors ?? 'LEGACY',
    EnableTokenRevocation: client.enableTokenRevocation ?? true,
    AuthSessionValidity: client.authSessionValidity ?? 3,
    RefreshTokenRotation: rotation && {
      Feature: rotation.feature,
      RetryGracePeriodSeconds: rotation.retryGracePeriodSeconds ?? 0,
    },
  };
}
