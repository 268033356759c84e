import { ConfirmDeviceCommand, ForgetDeviceCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { createDeviceVerifier } from 'cognito-srp-helper';
import should from 'should';
import {
  changedPool,
  DAY,
  GATEWAY,
  MINUTE,
  Practice,
  refused,
  ROTATING,
  SERVER,
  SERVER_SECRET,
  secretHash,
  tokensOf,
} from './support';

const SECOND = 1000;
const INVALID = ['NotAuthorizedException', 'Invalid Refresh Token.'] as const;
const REUSED = ['RefreshTokenReuseException', 'Refresh Token has been rotated and can no longer be used'] as const;
const EXPIRED = ['NotAuthorizedException', 'Refresh Token has expired'] as const;

const claims = (token: string) => decomposeUnverifiedJwt(token).payload;

describe('GetTokensFromRefreshToken', () => {
  const practice = new Practice();

  it('gives new tokens of the same sign-in, and no refresh token', async () => {
    const first = await tokensOf(practice.password('ada'));
    practice.local.clock.advance(10 * MINUTE);
    const { AuthenticationResult, ...rest } = await practice.newTokens(first.refresh);
    should(rest).have.only.keys('$metadata');
    should(AuthenticationResult).have.only.keys('AccessToken', 'IdToken', 'ExpiresIn', 'TokenType');
    should(AuthenticationResult).match({ ExpiresIn: 3600, TokenType: 'Bearer' });
    const [before, after] = [claims(first.access), claims(AuthenticationResult!.AccessToken!)];
    should(after).match({ auth_time: before.auth_time, origin_jti: before.origin_jti, sub: before.sub });
    should(after.jti).not.equal(before.jti);
    should(after.iat! - before.iat!).be.within(600, 602);
    await practice.getUser(AuthenticationResult!.AccessToken!).should.be.fulfilled();
  });

  it('can be called again and again with the same token', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    await practice.newTokens(refresh);
    practice.local.clock.advance(DAY);
    should((await practice.newTokens(refresh)).AuthenticationResult).have.property('IdToken');
  });

  it('refreshes a server-side sign-in, given the client secret', async () => {
    const { refresh } = await tokensOf(practice.adminPassword('ada'));
    const { AuthenticationResult } = await practice.newTokens(refresh, SERVER, { ClientSecret: SERVER_SECRET });
    should(claims(AuthenticationResult!.AccessToken!)).match({ client_id: SERVER, username: 'ada' });
  });

  it('wants the secret itself of a client that has one', async () => {
    const { refresh } = await tokensOf(practice.adminPassword('ada'));
    await refused(
      practice.newTokens(refresh, SERVER),
      'NotAuthorizedException',
      `Client ${SERVER} is configured for secret but secret was not received`,
    );
    for (const ClientSecret of ['wrong', secretHash('ada')]) {
      await refused(
        practice.newTokens(refresh, SERVER, { ClientSecret }),
        'NotAuthorizedException',
        `Unable to verify secret for client ${SERVER}`,
      );
    }
  });

  it('wants no secret for a client that has none', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    await refused(
      practice.newTokens(refresh, GATEWAY, { ClientSecret: SERVER_SECRET }),
      'InvalidParameterException',
      `App client ${GATEWAY} is not configured for secret but secret was received`,
    );
  });

  it('refuses what is no refresh token of the client', async () => {
    const { refresh, access } = await tokensOf(practice.password('ada'));
    await refused(practice.newTokens('nonsense'), ...INVALID);
    await refused(practice.newTokens(access), ...INVALID);
    await refused(practice.newTokens(refresh, ROTATING), ...INVALID);
    await refused(practice.newTokens(refresh, SERVER, { ClientSecret: SERVER_SECRET }), ...INVALID);
  });

  it('refuses an unknown client, and members that the API would not take', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    await refused(
      practice.newTokens(refresh, 'nobody'),
      'ResourceNotFoundException',
      'User pool client nobody does not exist.',
    );
    should(await practice.call('GetTokensFromRefreshToken', { ClientId: GATEWAY })).match({
      status: 400,
      body: { __type: 'InvalidParameterException', message: /'refreshToken' failed .*Member must not be null/ },
    });
  });

  it('refuses an expired token', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    practice.local.clock.advance(30 * DAY);
    await refused(practice.newTokens(refresh), ...EXPIRED);
  });

  it('refuses a disabled user, whose tokens stay revoked when enabled again', async () => {
    const { refresh, access } = await tokensOf(practice.password('ada'));
    practice.user('ada').enabled = false;
    await refused(practice.newTokens(refresh), 'NotAuthorizedException', 'User is disabled.');
    await refused(practice.getUser(access), 'NotAuthorizedException', 'User is disabled.');
    practice.user('ada').enabled = true;
    await refused(practice.newTokens(refresh), 'NotAuthorizedException', 'Refresh Token has been revoked');
    await refused(practice.getUser(access), 'NotAuthorizedException', 'Access Token has been revoked');
    await practice.password('ada').should.be.fulfilled();
  });

  it('fails as a test has it fail', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    const operation = 'GetTokensFromRefreshToken';
    practice.local.faults.inject({
      operation,
      exception: 'TooManyRequestsException',
      message: 'Rate exceeded',
      times: 1,
    });
    await refused(practice.newTokens(refresh), 'TooManyRequestsException', 'Rate exceeded');
    should((await practice.newTokens(refresh)).AuthenticationResult).have.property('AccessToken');
  });
});

describe('GetTokensFromRefreshToken with refresh token rotation', () => {
  const practice = new Practice();

  /** Signs in at the rotating client. */
  const signIn = () => tokensOf(practice.password('ada', undefined, ROTATING));
  const rotate = (token: string) => tokensOf(practice.newTokens(token, ROTATING));

  it('gives a new refresh token with each answer', async () => {
    const first = await signIn();
    const second = await rotate(first.refresh);
    const third = await rotate(second.refresh);
    should(new Set([first.refresh, second.refresh, third.refresh]).size).equal(3);
    should(claims(third.access)).match({
      auth_time: claims(first.access).auth_time,
      origin_jti: claims(first.access).origin_jti,
    });
    await practice.getUser(third.access).should.be.fulfilled();
  });

  it('gives short-lived tokens, as the client is set', async () => {
    const { access, id } = await signIn();
    for (const { exp, iat } of [claims(access), claims(id)]) should(exp! - iat!).equal(300);
  });

  it('takes the old token until the grace period ends, and refuses it from then on', async () => {
    const first = await signIn();
    await rotate(first.refresh);
    practice.local.clock.advance(9 * SECOND);
    await rotate(first.refresh);
    practice.local.clock.advance(SECOND);
    await refused(practice.newTokens(first.refresh, ROTATING), ...REUSED);
  });

  it('counts the grace period from the first use, however late that is', async () => {
    const first = await signIn();
    practice.local.clock.advance(DAY);
    await rotate(first.refresh);
    practice.local.clock.advance(9 * SECOND);
    await rotate(first.refresh).should.be.fulfilled();
  });

  it('gives each of two refreshes at once a token that lives on', async () => {
    const first = await signIn();
    const [left, right] = await Promise.all([rotate(first.refresh), rotate(first.refresh)]);
    should(left.refresh).not.equal(right.refresh);
    practice.local.clock.advance(MINUTE);
    await rotate(left.refresh).should.be.fulfilled();
    await rotate(right.refresh).should.be.fulfilled();
  });

  it('leaves the new token alone when the old one is used again', async () => {
    const first = await signIn();
    const second = await rotate(first.refresh);
    practice.local.clock.advance(MINUTE);
    await refused(practice.newTokens(first.refresh, ROTATING), ...REUSED);
    await rotate(second.refresh).should.be.fulfilled();
  });

  it('does not move the end of the sign-in', async () => {
    let { refresh } = await signIn();
    for (let day = 1; day < 30; day += 1) {
      practice.local.clock.advance(DAY);
      ({ refresh } = await rotate(refresh));
    }
    practice.local.clock.advance(DAY);
    await refused(practice.newTokens(refresh, ROTATING), ...EXPIRED);
  });

  it('is the only way to refresh', () =>
    signIn().then(({ refresh }) =>
      refused(
        practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refresh }, ROTATING),
        'InvalidParameterException',
        'Auth flow not enabled for this client',
      ),
    ));
});

describe('GetTokensFromRefreshToken with refresh token rotation, at a client with a secret and without a grace period', () => {
  const practice = new Practice(() =>
    changedPool(({ clients }) => {
      clients[0]!.explicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'];
      clients[0]!.refreshTokenRotation = { feature: 'ENABLED' };
      clients[0]!.enableTokenRevocation = false;
    }),
  );
  const rotate = (token: string) => practice.newTokens(token, SERVER, { ClientSecret: SERVER_SECRET });

  it('takes each token once', async () => {
    const first = await tokensOf(practice.adminPassword('ada'));
    const second = await tokensOf(rotate(first.refresh));
    await refused(rotate(first.refresh), ...REUSED);
    await tokensOf(rotate(second.refresh));
  });

  it('leaves the token unused where the secret is wrong', async () => {
    const { refresh } = await tokensOf(practice.adminPassword('ada'));
    await practice.newTokens(refresh, SERVER, { ClientSecret: 'wrong' }).should.be.rejected();
    await tokensOf(rotate(refresh));
  });

  it('adds origin_jti to the tokens, without token revocation too', async () => {
    const { access, id } = await tokensOf(practice.adminPassword('ada'));
    should(claims(access).origin_jti).be.a.String();
    should(claims(id).origin_jti).equal(claims(access).origin_jti);
  });
});

describe('GetTokensFromRefreshToken in a pool that tracks devices', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.deviceConfiguration = {};
    }),
  );

  /** A sign-in whose device is confirmed. */
  const signIn = async () => {
    const { AuthenticationResult } = await practice.password('ada', undefined, ROTATING);
    const { AccessToken, RefreshToken, NewDeviceMetadata } = AuthenticationResult!;
    const DeviceKey = NewDeviceMetadata!.DeviceKey!;
    const { DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey, NewDeviceMetadata!.DeviceGroupKey!);
    await practice.sdk.send(new ConfirmDeviceCommand({ AccessToken, DeviceKey, DeviceSecretVerifierConfig }));
    return { access: AccessToken!, refresh: RefreshToken!, DeviceKey };
  };

  it('takes the key of the confirmed device, and makes no new one', async () => {
    const { refresh, DeviceKey } = await signIn();
    const { AuthenticationResult } = await practice.newTokens(refresh, ROTATING, { DeviceKey });
    should(AuthenticationResult).have.only.keys('AccessToken', 'IdToken', 'ExpiresIn', 'TokenType', 'RefreshToken');
    should(claims(AuthenticationResult!.AccessToken!)).have.property('device_key', DeviceKey);
    await practice.newTokens(AuthenticationResult!.RefreshToken!, ROTATING, { DeviceKey }).should.be.fulfilled();
  });

  it('refuses a request without the key, or with that of another device', async () => {
    const { refresh } = await signIn();
    const other = await signIn();
    await refused(practice.newTokens(refresh, ROTATING), ...INVALID);
    await refused(practice.newTokens(refresh, ROTATING, { DeviceKey: other.DeviceKey }), ...INVALID);
  });

  it('refuses a device that is not confirmed, or forgotten', async () => {
    const { AuthenticationResult } = await practice.password('ada', undefined, ROTATING);
    const unconfirmed = AuthenticationResult!.NewDeviceMetadata!.DeviceKey!;
    await refused(
      practice.newTokens(AuthenticationResult!.RefreshToken!, ROTATING, { DeviceKey: unconfirmed }),
      ...INVALID,
    );
    const { access: AccessToken, refresh, DeviceKey } = await signIn();
    await practice.sdk.send(new ForgetDeviceCommand({ AccessToken, DeviceKey }));
    await refused(practice.newTokens(refresh, ROTATING, { DeviceKey }), ...INVALID);
  });

  it('refuses the tokens of a server-side sign-in', async () => {
    const { AuthenticationResult } = await practice.adminPassword('ada');
    const DeviceKey = AuthenticationResult!.NewDeviceMetadata!.DeviceKey!;
    const given = { DeviceKey, ClientSecret: SERVER_SECRET };
    await refused(practice.newTokens(AuthenticationResult!.RefreshToken!, SERVER, given), ...INVALID);
  });
});
