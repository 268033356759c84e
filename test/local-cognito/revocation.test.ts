// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import { AdminUserGlobalSignOutCommand, GlobalSignOutCommand } from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import should from 'should';
import {
  changedPool,
  GATEWAY,
  MINUTE,
  PASSWORD,
  POOL,
  Practice,
  refused,
  ROTATING,
  SERVER,
  SERVER_SECRET,
  tokensOf,
  verified,
} from './support';

const ACCESS_REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'] as const;
const REFRESH_REVOKED = ['NotAuthorizedException', 'Refresh Token has been revoked'] as const;

const signOutEverywhere = (practice: Practice, AccessToken: string) =>
  practice.sdk.send(new GlobalSignOutCommand({ AccessToken }));

describe('RevokeToken', () => {
  const practice = new Practice();

  it('revokes a refresh token, and all access tokens that it gave', async () => {
    const first = await tokensOf(practice.password('ada'));
    const { AuthenticationResult } = await practice.newTokens(first.refresh);
    should(await practice.revoke(first.refresh)).have.only.keys('$metadata');
    await refused(practice.newTokens(first.refresh), ...REFRESH_REVOKED);
    await refused(practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: first.refresh }), ...REFRESH_REVOKED);
    for (const token of [first.access, AuthenticationResult!.AccessToken!]) {
      await refused(practice.getUser(token), ...ACCESS_REVOKED);
    }
  });

  it('leaves the other sign-ins of the user alone, at the same client too', async () => {
    const [one, other] = [await tokensOf(practice.password('ada')), await tokensOf(practice.password('ada'))];
    const elsewhere = await tokensOf(practice.adminPassword('ada'));
    await practice.revoke(one.refresh);
    for (const token of [other.access, elsewhere.access]) await practice.getUser(token).should.be.fulfilled();
    await practice.newTokens(other.refresh).should.be.fulfilled();
  });

  it('revokes a family of rotated tokens, whichever of them is given', async () => {
    for (const given of [0, 1, 2]) {
      const family = [await tokensOf(practice.password('ada', undefined, ROTATING))];
      for (const index of [0, 1]) family.push(await tokensOf(practice.newTokens(family[index]!.refresh, ROTATING)));
      await practice.revoke(family[given]!.refresh, ROTATING);
      for (const { access, refresh } of family) {
        await refused(practice.newTokens(refresh, ROTATING), ...REFRESH_REVOKED);
        await refused(practice.getUser(access), ...ACCESS_REVOKED);
      }
    }
  });

  it('accepts a token that is revoked already, expired or none', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    for (const token of [refresh, refresh, 'nonsense']) {
      should(await practice.revoke(token)).have.only.keys('$metadata');
    }
  });

  it('revokes nothing but refresh tokens', async () => {
    const { access, id } = await tokensOf(practice.password('ada'));
    for (const token of [access, id]) {
      await refused(practice.revoke(token), 'UnsupportedTokenTypeException', 'Only refresh tokens can be revoked');
    }
    await practice.getUser(access).should.be.fulfilled();
  });

  it('refuses the token of another client', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    await refused(
      practice.revoke(refresh, ROTATING),
      'UnauthorizedException',
      `The token was not issued to client ${ROTATING}`,
    );
    await practice.newTokens(refresh).should.be.fulfilled();
  });

  it('wants the secret itself of a client that has one', async () => {
    const { refresh } = await tokensOf(practice.adminPassword('ada'));
    for (const secret of [undefined, 'wrong']) {
      await refused(
        practice.revoke(refresh, SERVER, secret),
        'UnauthorizedException',
        `Unable to verify secret for client ${SERVER}`,
      );
    }
    await practice.revoke(refresh, SERVER, SERVER_SECRET);
    await refused(practice.newTokens(refresh, SERVER, { ClientSecret: SERVER_SECRET }), ...REFRESH_REVOKED);
  });

  it('fails as a test has it fail', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    practice.local.faults.inject({ operation: 'RevokeToken', status: 503, times: 1 });
    await practice.revoke(refresh).should.be.rejected();
    await practice.newTokens(refresh).should.be.fulfilled();
  });
});

describe('a client without token revocation', () => {
  const practice = new Practice(() =>
    changedPool(({ clients }) => {
      clients[1]!.enableTokenRevocation = false;
    }),
  );

  it('refuses RevokeToken', async () => {
    const { refresh } = await tokensOf(practice.password('ada'));
    await refused(
      practice.revoke(refresh),
      'UnsupportedOperationException',
      `Token revocation is not enabled for client ${GATEWAY}`,
    );
    await practice.newTokens(refresh).should.be.fulfilled();
  });

  it('is signed out of by GlobalSignOut, access tokens too', async () => {
    const { access, refresh } = await tokensOf(practice.password('ada'));
    await signOutEverywhere(practice, access);
    await refused(practice.getUser(access), ...ACCESS_REVOKED);
    await refused(practice.newTokens(refresh), ...REFRESH_REVOKED);
  });
});

for (const [name, signOut] of [
  ['GlobalSignOut', (practice: Practice, access: string) => signOutEverywhere(practice, access)],
  ...['ada', 'ada@example.com', 'sub'].map(
    (kind) =>
      [
        `AdminUserGlobalSignOut by ${kind}`,
        (practice: Practice) => {
          const Username = kind === 'sub' ? practice.user('ada').sub : kind;
          return practice.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: POOL, Username }));
        },
      ] as const,
  ),
] as const) {
  describe(name, () => {
    const practice = new Practice();

    it('revokes all tokens of the user, at every client', async () => {
      const client = await tokensOf(practice.password('ada'));
      const server = await tokensOf(practice.adminPassword('ada'));
      const rotating = await tokensOf(practice.password('ada', undefined, ROTATING));
      should(await signOut(practice, client.access)).have.only.keys('$metadata');
      for (const { access } of [client, server, rotating]) await refused(practice.getUser(access), ...ACCESS_REVOKED);
      await refused(practice.newTokens(client.refresh), ...REFRESH_REVOKED);
      await refused(practice.newTokens(rotating.refresh, ROTATING), ...REFRESH_REVOKED);
      await refused(practice.newTokens(server.refresh, SERVER, { ClientSecret: SERVER_SECRET }), ...REFRESH_REVOKED);
    });

    it('touches neither other users nor sign-ins that follow', async () => {
      practice.user('lin').mfa = { enabled: [] };
      const lin = await tokensOf(practice.password('lin'));
      await signOut(practice, (await tokensOf(practice.password('ada'))).access);
      const later = await tokensOf(practice.password('ada'));
      for (const { access, refresh } of [lin, later]) {
        await practice.getUser(access).should.be.fulfilled();
        await practice.newTokens(refresh).should.be.fulfilled();
      }
    });
  });
}

describe('signing out everywhere', () => {
  const practice = new Practice();

  it('is not for tokens that are revoked, expired or no access tokens', async () => {
    const { access, id } = await tokensOf(practice.password('ada'));
    await refused(signOutEverywhere(practice, id), 'NotAuthorizedException', 'Invalid Access Token');
    await signOutEverywhere(practice, access);
    await refused(signOutEverywhere(practice, access), ...ACCESS_REVOKED);
    const later = await tokensOf(practice.password('ada'));
    practice.local.clock.advance(60 * MINUTE);
    await refused(signOutEverywhere(practice, later.access), 'NotAuthorizedException', 'Access Token has expired');
  });

  it('is refused for a user who does not exist, and to requests that are not signed', async () => {
    await refused(
      practice.sdk.send(new AdminUserGlobalSignOutCommand({ UserPoolId: POOL, Username: 'nobody' })),
      'UserNotFoundException',
      'User does not exist.',
    );
    should(await practice.call('AdminUserGlobalSignOut', { UserPoolId: POOL, Username: 'ada' })).match({
      status: 400,
      body: { __type: 'MissingAuthenticationTokenException' },
    });
  });

  it('ends whatever takes an access token', async () => {
    const { access: AccessToken } = await tokensOf(practice.password('ada'));
    await signOutEverywhere(practice, AccessToken);
    for (const [operation, more] of [
      ['GetUser', {}],
      ['GlobalSignOut', {}],
      ['ListDevices', {}],
      ['AssociateSoftwareToken', {}],
      ['VerifySoftwareToken', { UserCode: '123456' }],
      ['SetUserMFAPreference', {}],
      ['StartWebAuthnRegistration', {}],
      ['ListWebAuthnCredentials', {}],
    ] as const) {
      should(await practice.call(operation, { AccessToken, ...more })).match({
        status: 400,
        body: { __type: ACCESS_REVOKED[0], message: ACCESS_REVOKED[1] },
      });
    }
  });

  it('does not show in the tokens, which verify as before', async () => {
    const { access } = await tokensOf(practice.password('ada'));
    await signOutEverywhere(practice, access);
    should(await verified(practice.local, access, null)).have.property('username', 'ada');
  });
});

describe('amazon-cognito-identity-js', () => {
  const practice = new Practice();

  const signIn = (ClientId: string) =>
    new Promise<{ user: CognitoUser; session: CognitoUserSession }>((resolve, onFailure) => {
      const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId, endpoint: practice.local.endpoint });
      const user = new CognitoUser({ Username: 'ada', Pool });
      user.setAuthenticationFlowType('USER_PASSWORD_AUTH');
      const onSuccess = (session: CognitoUserSession) => {
        resolve({ user, session });
      };
      user.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password: PASSWORD }), {
        onSuccess,
        onFailure,
      });
    });

  for (const client of [GATEWAY, ROTATING]) {
    it(`signs out of ${client} and revokes its tokens, and no others`, async () => {
      const { user, session } = await signIn(client);
      const other = await signIn(client);
      await new Promise<void>((resolve, reject) => {
        // Its types leave out the error that it passes.
        const done = (...[error]: (Error | undefined)[]) => {
          if (error) reject(error);
          else resolve();
        };
        user.signOut(done);
      });
      await refused(practice.newTokens(session.getRefreshToken().getToken(), client), ...REFRESH_REVOKED);
      await refused(practice.getUser(session.getAccessToken().getJwtToken()), ...ACCESS_REVOKED);
      await practice.getUser(other.session.getAccessToken().getJwtToken()).should.be.fulfilled();
    });
  }

  it('signs out everywhere', async () => {
    const { user, session } = await signIn(GATEWAY);
    const other = await signIn(ROTATING);
    const answer = await new Promise<string>((onSuccess, onFailure) => {
      user.globalSignOut({ onSuccess, onFailure });
    });
    should(answer).equal('SUCCESS');
    for (const signedOut of [session, other.session]) {
      await refused(practice.getUser(signedOut.getAccessToken().getJwtToken()), ...ACCESS_REVOKED);
    }
  });
});
