import should from 'should';
import { GATEWAY, PASSWORD, Practice, refused, secretHash, SERVER } from './support';

const MISSING = [
  'NotAuthorizedException',
  `Client ${SERVER} is configured with secret but SECRET_HASH was not received`,
] as const;
const WRONG = ['NotAuthorizedException', `Unable to verify secret hash for client ${SERVER}`] as const;

describe('SECRET_HASH', () => {
  const practice = new Practice();

  it('is compulsory on every flow of a client with a secret', async () => {
    await refused(practice.adminStart('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD }), ...MISSING);
    await refused(practice.adminStart('USER_SRP_AUTH', { USERNAME: 'ada', SRP_A: 'abc' }), ...MISSING);
    await refused(practice.start('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD }, SERVER), ...MISSING);
  });

  it('must be the right one', async () => {
    const parameters = { USERNAME: 'ada', PASSWORD, SECRET_HASH: secretHash('ada', SERVER, 'another secret') };
    await refused(practice.adminStart('ADMIN_USER_PASSWORD_AUTH', parameters), ...WRONG);
    await refused(
      practice.adminStart('ADMIN_USER_PASSWORD_AUTH', { ...parameters, SECRET_HASH: secretHash('ada', GATEWAY) }),
      ...WRONG,
    );
  });

  it('is judged before the user, so that it tells nothing about users', () =>
    refused(practice.adminStart('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD }), ...MISSING));

  it('is over the username as sent at the start, and over the canonical one in the answer', async () => {
    const start = { USERNAME: 'emma@example.com', PASSWORD, SECRET_HASH: secretHash('emma@example.com') };
    const { Session } = await practice.adminStart('ADMIN_USER_PASSWORD_AUTH', start);
    const answer = { USERNAME: 'emma', EMAIL_OTP_CODE: practice.codeOf('emma') };
    await refused(practice.adminAnswer('EMAIL_OTP', answer, Session), ...MISSING);
    await refused(practice.adminAnswer('EMAIL_OTP', { ...answer, SECRET_HASH: start.SECRET_HASH }, Session), ...WRONG);
    const { AuthenticationResult } = await practice.adminAnswer(
      'EMAIL_OTP',
      { ...answer, SECRET_HASH: secretHash('emma') },
      Session,
    );
    should(AuthenticationResult).have.property('AccessToken');
  });

  it('is over the canonical username on refresh', async () => {
    const parameters = { USERNAME: 'ada@example.com', PASSWORD, SECRET_HASH: secretHash('ada@example.com') };
    const { AuthenticationResult } = await practice.adminStart('ADMIN_USER_PASSWORD_AUTH', parameters);
    const REFRESH_TOKEN = AuthenticationResult!.RefreshToken!;
    await refused(practice.adminStart('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN }), ...MISSING);
    await refused(
      practice.adminStart('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN, SECRET_HASH: parameters.SECRET_HASH }),
      ...WRONG,
    );
    const refreshed = await practice.adminStart('REFRESH_TOKEN_AUTH', {
      REFRESH_TOKEN,
      SECRET_HASH: secretHash('ada'),
    });
    should(refreshed.AuthenticationResult).have.property('AccessToken');
  });

  it('is refused by a client without a secret', () =>
    refused(
      practice.start('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD, SECRET_HASH: secretHash('ada', GATEWAY) }),
      'InvalidParameterException',
      `App client ${GATEWAY} is not configured for secret but secret hash was received`,
    ));
});
