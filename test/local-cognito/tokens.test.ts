import { GetUserAuthFactorsCommand } from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import should from 'should';
import {
  changedPool,
  DAY,
  GATEWAY,
  MINUTE,
  POOL,
  Practice,
  refused,
  ROTATING,
  secretHash,
  tokensOf,
  verified,
} from './support';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the tokens', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.users.find(({ username }) => username === 'ada')!.attributes!['custom:plant'] = '3';
      pool.clients[0]!.accessTokenValidity = 5;
      pool.clients[0]!.idTokenValidity = 1;
      pool.clients[0]!.refreshTokenValidity = 48;
      pool.clients[0]!.tokenValidityUnits = { accessToken: 'minutes', idToken: 'days', refreshToken: 'hours' };
      pool.clients[0]!.readAttributes = ['email'];
      pool.clients[0]!.enableTokenRevocation = false;
    }),
  );

  it('have headers of kid and alg alone, and a kid for each kind', async () => {
    const { AuthenticationResult } = await practice.password('ada');
    const headers = [AuthenticationResult!.AccessToken!, AuthenticationResult!.IdToken!].map(
      (token) => decomposeUnverifiedJwt(token).header,
    );
    for (const header of headers) should(header).have.only.keys('kid', 'alg');
    should(headers[0]!.kid).not.equal(headers[1]!.kid);
  });

  it('say who may access what', async () => {
    const { AuthenticationResult } = await practice.password('ada');
    const claims = await verified(practice.local, AuthenticationResult!.AccessToken!, null);
    should(claims).have.only.keys(
      ...[
        'sub',
        'iss',
        'client_id',
        'token_use',
        'scope',
        'auth_time',
        'iat',
        'exp',
        'jti',
        'origin_jti',
        'event_id',
        'username',
      ],
      'cognito:groups',
    );
    should(claims).match({
      sub: practice.user('ada').sub,
      iss: `${practice.local.endpoint}/${POOL}`,
      client_id: GATEWAY,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: 'ada',
      'cognito:groups': ['engineers'],
      jti: uuid,
      origin_jti: uuid,
      event_id: uuid,
    });
    should(Number(claims.exp) - Number(claims.iat)).equal(3600);
    should(claims.auth_time).equal(claims.iat);
  });

  it('say who the user is, verified marks as booleans and custom attributes as strings', async () => {
    const { AuthenticationResult } = await practice.password('ada');
    const claims = await verified(practice.local, AuthenticationResult!.IdToken!, GATEWAY);
    should(claims).have.only.keys(
      ...[
        'sub',
        'iss',
        'aud',
        'token_use',
        'cognito:username',
        'auth_time',
        'iat',
        'exp',
        'jti',
        'origin_jti',
        'event_id',
      ],
      ...['cognito:groups', 'email', 'email_verified', 'name', 'custom:plant'],
    );
    should(claims).match({
      aud: GATEWAY,
      token_use: 'id',
      'cognito:username': 'ada',
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada',
      'custom:plant': '3',
    });
  });

  it('follow the settings of the client', async () => {
    const { AuthenticationResult } = await practice.adminPassword('ada');
    should(AuthenticationResult!.ExpiresIn).equal(300);
    const access = await verified(practice.local, AuthenticationResult!.AccessToken!, null);
    const id = await verified(practice.local, AuthenticationResult!.IdToken!, null);
    should(Number(access.exp) - Number(access.iat)).equal(300);
    should(Number(id.exp) - Number(id.iat)).equal(86_400);
    should(id).have.property('email');
    should(id).not.have.properties('name');
    should(access).not.have.property('origin_jti');
  });

  it('carry the scopes of the user beside the one of the API', async () => {
    practice.user('ada').scopes = ['plant/read', 'plant/write'];
    const { access, id } = await tokensOf(practice.password('ada'));
    const scope = 'aws.cognito.signin.user.admin plant/read plant/write';
    should(await verified(practice.local, access, null)).have.property('scope', scope);
    should(await verified(practice.local, id, GATEWAY)).not.have.property('scope');
  });

  it('verify no more once the signing keys are replaced, while new ones do', async () => {
    const old = await tokensOf(practice.password('ada', undefined, ROTATING));
    await practice.local.rotateSigningKeys();
    await verified(practice.local, old.access, null).should.be.rejectedWith(/^JWK for kid .* not found in the JWKS$/);
    await refused(practice.getUser(old.access), 'NotAuthorizedException', 'Invalid Access Token');
    const { access, id } = await tokensOf(practice.newTokens(old.refresh, ROTATING));
    should(await verified(practice.local, access, null)).have.property('username', 'ada');
    should(await verified(practice.local, id, ROTATING)).have.property('email', 'ada@example.com');
  });

  it('leave out groups of a user who has none', async () => {
    practice.user('ada').groups = [];
    const { AuthenticationResult } = await practice.password('ada');
    should(await verified(practice.local, AuthenticationResult!.IdToken!, GATEWAY)).not.have.property('cognito:groups');
  });

  it('are announced by openid-configuration', async () => {
    const response = await fetch(`${practice.local.endpoint}/${POOL}/.well-known/openid-configuration`);
    const issuer = `${practice.local.endpoint}/${POOL}`;
    should(await response.json()).match({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` });
    should((await fetch(`${practice.local.endpoint}/us-east-1_Other/.well-known/jwks.json`)).status).equal(404);
  });

  describe('refreshing', () => {
    const refresh = (REFRESH_TOKEN: string) => practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN });
    const refreshTokenOf = async (username: string) =>
      (await practice.password(username)).AuthenticationResult!.RefreshToken!;

    for (const flow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'] as const) {
      it(`works by ${flow}, keeps auth_time, and gives no refresh token`, async () => {
        const first = (await practice.password('ada')).AuthenticationResult!;
        practice.local.clock.advance(10 * MINUTE);
        const { AuthenticationResult } = await practice.start(flow, { REFRESH_TOKEN: first.RefreshToken! });
        should(AuthenticationResult).have.only.keys('AccessToken', 'IdToken', 'ExpiresIn', 'TokenType');
        const before = decomposeUnverifiedJwt(first.AccessToken!).payload;
        const after = decomposeUnverifiedJwt(AuthenticationResult!.AccessToken!).payload;
        should(after).match({ auth_time: before.auth_time, origin_jti: before.origin_jti });
        should(after.iat! - before.iat!).be.within(600, 602);
        should(after.jti).not.equal(before.jti);
      });
    }

    it('works server-side', async () => {
      const { AuthenticationResult } = await practice.adminPassword('ada');
      const parameters = { REFRESH_TOKEN: AuthenticationResult!.RefreshToken!, SECRET_HASH: secretHash('ada') };
      should((await practice.adminStart('REFRESH_TOKEN_AUTH', parameters)).AuthenticationResult).have.property(
        'IdToken',
      );
    });

    it('refuses a token that is none', () =>
      refused(refresh('nonsense'), 'NotAuthorizedException', 'Invalid Refresh Token.'));

    it('refuses the token of another client', async () => {
      const { AuthenticationResult } = await practice.adminPassword('ada');
      await refused(refresh(AuthenticationResult!.RefreshToken!), 'NotAuthorizedException', 'Invalid Refresh Token.');
    });

    it('refuses an expired token', async () => {
      const token = await refreshTokenOf('ada');
      practice.local.clock.advance(30 * DAY);
      await refused(refresh(token), 'NotAuthorizedException', 'Refresh Token has expired');
    });

    it('refuses a user who has been disabled', async () => {
      const token = await refreshTokenOf('ada');
      practice.user('ada').enabled = false;
      await refused(refresh(token), 'NotAuthorizedException', 'User is disabled.');
    });

    it('asks for a missing token', () =>
      refused(
        practice.start('REFRESH_TOKEN_AUTH', {}),
        'InvalidParameterException',
        'Missing required parameter REFRESH_TOKEN',
      ));
  });

  describe('GetUser', () => {
    const getUser = (accessToken: string) => practice.getUser(accessToken);

    it('tells name, attributes and MFA', async () => {
      const { Session } = await practice.password('gateway');
      const SOFTWARE_TOKEN_MFA_CODE = currentTotpCode(practice.user('gateway').totpSecret!);
      const { AuthenticationResult } = await practice.answer(
        'SOFTWARE_TOKEN_MFA',
        { USERNAME: 'gateway', SOFTWARE_TOKEN_MFA_CODE },
        Session,
      );
      const user = await getUser(AuthenticationResult!.AccessToken!);
      should(user).match({
        Username: 'gateway',
        PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
        UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
      });
      should(user.UserAttributes).containEql({ Name: 'email', Value: 'gateway@example.com' });
    });

    it('tells what the user can sign in with, by GetUserAuthFactors', async () => {
      const factorsOf = async (username: string) => {
        practice.user(username).mfa = { enabled: [] };
        const AccessToken = (await tokensOf(practice.password(username))).access;
        const { $metadata, ...factors } = await practice.sdk.send(new GetUserAuthFactorsCommand({ AccessToken }));
        should($metadata.httpStatusCode).equal(200);
        return factors;
      };
      should(await factorsOf('ada')).deepEqual({
        Username: 'ada',
        ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP'],
      });
      should(await factorsOf('lin')).deepEqual({
        Username: 'lin',
        ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'SOFTWARE_TOKEN'],
      });
      const { access: AccessToken } = await tokensOf(practice.password('ada'));
      practice.user('ada').setMfa('EMAIL_OTP', true, true);
      should(await practice.sdk.send(new GetUserAuthFactorsCommand({ AccessToken }))).match({
        PreferredMfaSetting: 'EMAIL_OTP',
        UserMFASettingList: ['EMAIL_OTP'],
      });
    });

    it('shows what the client may read', async () => {
      const { AuthenticationResult } = await practice.adminPassword('ada');
      const { UserAttributes } = await getUser(AuthenticationResult!.AccessToken!);
      should(UserAttributes!.map(({ Name }) => Name)).deepEqual(['sub', 'email']);
    });

    it('refuses tokens that are no access tokens', async () => {
      const { AuthenticationResult } = await practice.password('ada');
      await refused(getUser('a.b.c'), 'NotAuthorizedException', 'Invalid Access Token');
      await refused(getUser(AuthenticationResult!.IdToken!), 'NotAuthorizedException', 'Invalid Access Token');
    });

    it('refuses an expired token', async () => {
      const { AuthenticationResult } = await practice.password('ada');
      practice.local.clock.advance(60 * MINUTE);
      await refused(getUser(AuthenticationResult!.AccessToken!), 'NotAuthorizedException', 'Access Token has expired');
    });
  });
});

describe('a client with refresh token rotation', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      delete pool.clients[1]!.explicitAuthFlows;
      pool.clients[1]!.refreshTokenRotation = { feature: 'ENABLED', retryGracePeriodSeconds: 10 };
    }),
  );

  it('refuses REFRESH_TOKEN_AUTH', async () => {
    const { AuthenticationResult } = await practice.srp('ada');
    await refused(
      practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: AuthenticationResult!.RefreshToken! }),
      'UnsupportedOperationException',
      'REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled',
    );
  });
});
