import should from 'should';
import { changedPool, DAY, GATEWAY, PASSWORD, POOL, Practice, refused, secretHash, SERVER, without } from './support';

describe('signing in with a password that is sent', () => {
  describe('at the sample pool', () => {
    const practice = new Practice();

    it('works client-side by USER_PASSWORD_AUTH', async () => {
      const { AuthenticationResult, ChallengeName } = await practice.password('ada');
      should(ChallengeName).be.undefined();
      should(AuthenticationResult).have.properties('AccessToken', 'IdToken', 'RefreshToken');
    });

    for (const flow of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const) {
      it(`works server-side by ${flow}`, async () => {
        const parameters = { USERNAME: 'ada', PASSWORD, SECRET_HASH: secretHash('ada') };
        should((await practice.adminStart(flow, parameters)).AuthenticationResult).have.property('AccessToken');
      });

      it(`refuses ${flow} client-side`, () =>
        refused(
          practice.start(flow, { USERNAME: 'ada', PASSWORD }),
          'InvalidParameterException',
          'Initiate Auth method not supported.',
        ));
    }

    it('refuses USER_PASSWORD_AUTH server-side', () =>
      refused(
        practice.adminStart('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD, SECRET_HASH: secretHash('ada') }),
        'InvalidParameterException',
        'Initiate Auth method not supported.',
      ));

    it('refuses a wrong password', () =>
      refused(practice.password('ada', 'Wrong-1234'), 'NotAuthorizedException', 'Incorrect username or password.'));

    it('refuses an unknown user by the same words', () =>
      refused(practice.password('nobody'), 'NotAuthorizedException', 'Incorrect username or password.'));

    it('refuses a disabled user', () =>
      refused(practice.password('disabled'), 'NotAuthorizedException', 'User is disabled.'));

    it('refuses an unconfirmed user', () =>
      refused(practice.password('unconfirmed'), 'UserNotConfirmedException', 'User is not confirmed.'));

    it('tells an unconfirmed user of a wrong password first', () =>
      refused(
        practice.password('unconfirmed', 'Wrong-1234'),
        'NotAuthorizedException',
        'Incorrect username or password.',
      ));

    it('refuses a user whose password must be reset', () =>
      refused(practice.password('reset'), 'PasswordResetRequiredException', 'Password reset required for the user'));

    it('tells such a user of a wrong password first', () =>
      refused(practice.password('reset', 'Wrong-1234'), 'NotAuthorizedException', 'Incorrect username or password.'));

    it('refuses a temporary password after its days', async () => {
      practice.local.clock.advance(7 * DAY + 1000);
      await refused(
        practice.password('grace', 'Temporary-1234'),
        'NotAuthorizedException',
        'Temporary password has expired and must be reset by an administrator.',
      );
    });

    it('does not tell Ada from ada, and answers with the canonical name', async () => {
      const { ChallengeParameters } = await practice.password('SAM');
      should(ChallengeParameters).have.property('USER_ID_FOR_SRP', 'sam');
    });

    for (const missing of ['USERNAME', 'PASSWORD']) {
      it(`asks for a missing ${missing}`, () => {
        const parameters = without(missing, { USERNAME: 'ada', PASSWORD });
        return refused(
          practice.start('USER_PASSWORD_AUTH', parameters),
          'InvalidParameterException',
          `Missing required parameter ${missing}`,
        );
      });
    }

    it('knows only its own clients', () =>
      refused(
        practice.start('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD }, 'stranger'),
        'ResourceNotFoundException',
        'User pool client stranger does not exist.',
      ));

    it('knows only its own pools', () =>
      refused(
        practice.adminStart('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD }, SERVER, 'us-east-1_Elsewhere'),
        'ResourceNotFoundException',
        'User pool us-east-1_Elsewhere does not exist.',
      ));

    it('can be made to ask for the password by ADMIN_NO_SRP_AUTH', async () => {
      practice.user('ada').adminNoSrpAuth = true;
      const { ChallengeName, Session } = await practice.adminPassword('ada', 'not looked at');
      should(ChallengeName).equal('ADMIN_NO_SRP_AUTH');
      const names = { USERNAME: 'ada', SECRET_HASH: secretHash('ada') };
      await refused(
        practice.adminAnswer('ADMIN_NO_SRP_AUTH', { ...names, PASSWORD: 'Wrong-1234' }, Session),
        'NotAuthorizedException',
        'Incorrect username or password.',
      );
      const { AuthenticationResult } = await practice.adminAnswer('ADMIN_NO_SRP_AUTH', { ...names, PASSWORD }, Session);
      should(AuthenticationResult).have.property('AccessToken');
    });
  });

  describe('at a client that tells whether users exist', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.clients[1]!.preventUserExistenceErrors = 'LEGACY';
      }),
    );

    it('says that a password must be reset, whichever is given', () =>
      refused(
        practice.password('reset', 'Wrong-1234'),
        'PasswordResetRequiredException',
        'Password reset required for the user',
      ));

    it('says that an unknown user does not exist', async () => {
      await refused(practice.password('nobody'), 'UserNotFoundException', 'User does not exist.');
      await refused(
        practice.start('USER_SRP_AUTH', { USERNAME: 'nobody', SRP_A: 'abc' }),
        'UserNotFoundException',
        'User does not exist.',
      );
    });
  });

  describe('at a client with no such flow', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        for (const client of pool.clients) client.explicitAuthFlows = ['ALLOW_CUSTOM_AUTH'];
      }),
    );

    it('refuses USER_PASSWORD_AUTH before it looks at the user', () =>
      refused(
        practice.password('nobody'),
        'InvalidParameterException',
        'USER_PASSWORD_AUTH flow not enabled for this client',
      ));

    it('refuses ADMIN_USER_PASSWORD_AUTH', () =>
      refused(practice.adminPassword('ada'), 'InvalidParameterException', 'Auth flow not enabled for this client'));

    it('refuses USER_SRP_AUTH', () =>
      refused(practice.srp('ada'), 'InvalidParameterException', 'USER_SRP_AUTH is not enabled for the client.'));

    it('refuses REFRESH_TOKEN_AUTH', () =>
      refused(
        practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: 'x' }),
        'InvalidParameterException',
        'Auth flow not enabled for this client',
      ));
  });

  describe('at a client with names of flows from before 2019', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.clients[0]!.explicitAuthFlows = ['ADMIN_NO_SRP_AUTH'];
        pool.clients[1]!.explicitAuthFlows = ['CUSTOM_AUTH_FLOW_ONLY', 'USER_PASSWORD_AUTH'];
      }),
    );

    it('takes ADMIN_NO_SRP_AUTH, SRP and refresh without a name of their own', async () => {
      should((await practice.adminPassword('ada')).AuthenticationResult).have.property('AccessToken');
      const { AuthenticationResult } = await practice.adminSrp('ada');
      const parameters = { REFRESH_TOKEN: AuthenticationResult!.RefreshToken!, SECRET_HASH: secretHash('ada') };
      should((await practice.adminStart('REFRESH_TOKEN_AUTH', parameters)).AuthenticationResult).have.property(
        'AccessToken',
      );
    });

    it('takes USER_PASSWORD_AUTH, and no SRP where CUSTOM_AUTH_FLOW_ONLY stands', async () => {
      should((await practice.password('ada')).AuthenticationResult).have.property('AccessToken');
      await refused(practice.srp('ada'), 'InvalidParameterException', 'USER_SRP_AUTH is not enabled for the client.');
    });
  });

  describe('in a pool where the e-mail address is the username', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        delete pool.aliasAttributes;
        pool.usernameAttributes = ['email'];
        for (const user of pool.users) user.username = user.attributes!.email!;
      }),
    );

    it('signs in by SRP, with the sub as canonical username', async () => {
      const user = practice.local.user(POOL, 'ada@example.com');
      should(user.username)
        .equal(user.sub)
        .and.match(/^[0-9a-f-]{36}$/);
      should((await practice.srp('ada@example.com')).AuthenticationResult).have.property('AccessToken');
      const proof = await practice.srpProof('ada@example.com');
      should(proof.USERNAME).equal(user.sub);
    });

    it('simulates an unknown user with a stable sub', async () => {
      const start = () => practice.start('USER_SRP_AUTH', { USERNAME: 'nobody@example.com', SRP_A: 'abc' }, GATEWAY);
      const [first, second] = [await start(), await start()];
      should(first.ChallengeParameters!.USER_ID_FOR_SRP)
        .match(/^[0-9a-f-]{36}$/)
        .and.equal(second.ChallengeParameters!.USER_ID_FOR_SRP);
    });
  });
});
