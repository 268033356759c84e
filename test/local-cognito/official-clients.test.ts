// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import { currentTotpCode } from '@cognito-flows/local-cognito';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
} from 'amazon-cognito-identity-js';
import should from 'should';
import { GATEWAY, PASSWORD, POOL, Practice, secretHash } from './support';

describe('clients that know nothing of local-cognito', () => {
  const practice = new Practice();

  describe('amazon-cognito-identity-js, client-side', () => {
    const userNamed = (Username: string) => {
      const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: GATEWAY, endpoint: practice.local.endpoint });
      return new CognitoUser({ Username, Pool: pool });
    };

    const signIn = (user: CognitoUser, password: string, answers: Partial<IAuthenticationCallback> = {}) =>
      new Promise<CognitoUserSession>((onSuccess, onFailure) => {
        const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
        user.authenticateUser(details, { onSuccess, onFailure, ...answers });
      });

    it('signs in by SRP', async () => {
      const session = await signIn(userNamed('ada'), PASSWORD);
      should(session.getIdToken().payload['cognito:username']).equal('ada');
    });

    it('signs in by SRP with an e-mail alias', async () => {
      const session = await signIn(userNamed('ada@example.com'), PASSWORD);
      should(session.getIdToken().payload['cognito:username']).equal('ada');
    });

    it('is refused with a wrong password', async () => {
      await signIn(userNamed('ada'), 'Wrong-1234').should.be.rejectedWith({
        code: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      });
    });

    it('signs in by SRP with TOTP', async () => {
      const user = userNamed('gateway');
      const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
        const totpRequired = () => {
          user.sendMFACode(
            currentTotpCode(practice.user('gateway').totpSecret!),
            { onSuccess, onFailure },
            'SOFTWARE_TOKEN_MFA',
          );
        };
        signIn(user, PASSWORD, { totpRequired }).then(onSuccess, onFailure);
      });
      should(session.getAccessToken().payload.username).equal('gateway');
    });

    it('sets a new password and a missing attribute, then gives a TOTP code', async () => {
      const user = userNamed('grace');
      const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
        const totpRequired = () => {
          user.sendMFACode(
            currentTotpCode(practice.user('grace').totpSecret!),
            { onSuccess, onFailure },
            'SOFTWARE_TOKEN_MFA',
          );
        };
        const newPasswordRequired = (_attributes: unknown, required: unknown) => {
          should(required).deepEqual(['name']);
          user.completeNewPasswordChallenge('Lasting-1234', { name: 'Grace' }, { onSuccess, onFailure, totpRequired });
        };
        signIn(user, 'Temporary-1234', { newPasswordRequired }).then(onSuccess, onFailure);
      });
      should(session.getIdToken().payload).match({ 'cognito:username': 'grace', name: 'Grace' });
    });

    it('signs in by USER_PASSWORD_AUTH with SMS', async () => {
      const user = userNamed('sam');
      user.setAuthenticationFlowType('USER_PASSWORD_AUTH');
      const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
        const mfaRequired = () => {
          user.sendMFACode(practice.codeOf('sam'), { onSuccess, onFailure });
        };
        signIn(user, PASSWORD, { mfaRequired }).then(onSuccess, onFailure);
      });
      should(session.getIdToken().payload['cognito:username']).equal('sam');
    });

    it('refreshes its session', async () => {
      const user = userNamed('ada');
      const session = await signIn(user, PASSWORD);
      const refreshed = await new Promise<CognitoUserSession>((resolve, reject) => {
        user.refreshSession(session.getRefreshToken(), (error: Error | null, result: CognitoUserSession) => {
          if (error) reject(error);
          else resolve(result);
        });
      });
      should(refreshed.getAccessToken().getJwtToken()).not.equal(session.getAccessToken().getJwtToken());
      should(refreshed.getRefreshToken().getToken()).equal(session.getRefreshToken().getToken());
    });
  });

  describe('the SDK with cognito-srp-helper, server-side, at a client with a secret', () => {
    it('signs in by SRP', async () => {
      const { AuthenticationResult } = await practice.adminSrp('ada');
      should(AuthenticationResult).have.properties('AccessToken', 'IdToken', 'RefreshToken');
      should(AuthenticationResult).match({ ExpiresIn: 3600, TokenType: 'Bearer' });
    });

    it('signs in by SRP with an e-mail alias', async () => {
      const { AuthenticationResult } = await practice.adminSrp('ada@example.com');
      should(AuthenticationResult).have.property('AccessToken');
    });

    it('sets a new password and a missing attribute, then gives a TOTP code', async () => {
      const challenge = await practice.adminSrp('grace', 'Temporary-1234');
      should(challenge.ChallengeName).equal('NEW_PASSWORD_REQUIRED');
      const mfa = await practice.adminAnswer(
        'NEW_PASSWORD_REQUIRED',
        {
          USERNAME: 'grace',
          SECRET_HASH: secretHash('grace'),
          NEW_PASSWORD: 'Lasting-1234',
          'userAttributes.name': 'Grace',
        },
        challenge.Session,
      );
      should(mfa.ChallengeName).equal('SOFTWARE_TOKEN_MFA');
      const SOFTWARE_TOKEN_MFA_CODE = currentTotpCode(practice.user('grace').totpSecret!);
      const { AuthenticationResult } = await practice.adminAnswer(
        'SOFTWARE_TOKEN_MFA',
        { USERNAME: 'grace', SECRET_HASH: secretHash('grace'), SOFTWARE_TOKEN_MFA_CODE },
        mfa.Session,
      );
      should(AuthenticationResult).have.property('AccessToken');
      should((await practice.adminSrp('grace', 'Lasting-1234')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    });
  });
});
