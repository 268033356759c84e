import { decode } from 'jsonwebtoken';
import { refuse } from '../exceptions';
import { checkClientSecret } from '../protocol/client-secret';
import { administrator, type Caller, owner } from './caller';
import { clientId, clientSecret, optionalDeviceKey, refreshToken } from './members';
import type { Operation } from './operation';

/**
 * New tokens, with or without refresh token rotation (aws-amplify/amplify-js#14427). Never NewDeviceMetadata.
 * Assumption: the client need not allow REFRESH_TOKEN_AUTH, which a rotating one cannot.
 */
export const getTokensFromRefreshToken: Operation = {
  signed: false,
  shape: {
    RefreshToken: refreshToken,
    ClientId: clientId,
    ClientSecret: clientSecret,
    DeviceKey: optionalDeviceKey,
    ClientMetadata: { type: 'map' },
  },
  run: ({ pools, tokens }, input) => {
    const id = input.text('ClientId');
    const pool = pools.ofClient(id);
    const client = pool.client(id);
    checkClientSecret(client, input.optionalText('ClientSecret'), {
      missing: 'clientSecretMissing',
      wrong: 'clientSecretWrong',
    });
    const token = input.text('RefreshToken');
    const caller = { api: 'client', pool, client, deviceKey: input.optionalText('DeviceKey') } as const;
    const grant = tokens.refreshTokens.redeem(token, caller);
    return { AuthenticationResult: tokens.refresh(token, grant) };
  },
};

/**
 * Ends one sign-in: the refresh token, those that rotation made of it or it of, and their access tokens. A token that is
 * revoked already, or is none, is no error, as documented of the revoke endpoint (developer guide, "The token revocation
 * endpoint"). Assumption: nor is it here, and the rest of the order.
 */
export const revokeToken: Operation = {
  signed: false,
  shape: { Token: refreshToken, ClientId: clientId, ClientSecret: clientSecret },
  run: ({ pools, tokens }, input) => {
    const id = input.text('ClientId');
    const client = pools.ofClient(id).client(id);
    const unauthorized = { missing: 'revocationUnauthorized', wrong: 'revocationUnauthorized' } as const;
    checkClientSecret(client, input.optionalText('ClientSecret'), unauthorized);
    if (client.enableTokenRevocation === false) throw refuse('revocationOff', { id });
    const token = input.text('Token');
    const grant = tokens.refreshTokens.find(token);
    if (!grant) {
      // Access and ID tokens are JWTs; refresh tokens are not.
      if (decode(token) !== null) throw refuse('revocationOfOtherToken');
      return {};
    }
    if (grant.signIn.client !== client) throw refuse('revocationOfOtherClient', { id });
    grant.revoked = true;
    return {};
  },
};

/**
 * Revokes all tokens of the user, at every client (developer guide, "Ending user sessions with token revocation").
 * Assumption: also at clients without token revocation, which came years after GlobalSignOut (aws-amplify/amplify-js#2205).
 */
function signingOut({ signed, shape, find }: Caller): Operation {
  return {
    signed,
    shape,
    run: (service, input) => {
      find(service, input).user.revokeTokens();
      return {};
    },
  };
}

export const globalSignOut = signingOut(owner);
export const adminUserGlobalSignOut = signingOut(administrator);
