import should from 'should';
import { changedPool, MINUTE, oneWins, Practice, refused, secretHash } from './support';

describe('the session of a challenge', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.clients[0]!.authSessionValidity = 15;
    }),
  );
  const BOGUS = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
  const EXPIRED = ['NotAuthorizedException', 'Invalid session for the user, session is expired.'] as const;

  const answer = (Session?: string, USERNAME = 'sam') =>
    practice.answer('SMS_MFA', { USERNAME, SMS_MFA_CODE: practice.codeOf('sam') }, Session);
  const start = async () => (await practice.password('sam')).Session!;

  it('is consumed by a successful answer', async () => {
    const session = await start();
    await answer(session);
    await refused(
      answer(session),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('is won by one of several answers at once', async () => {
    const message = 'Invalid session for the user, session can only be used once.';
    const session = await start();
    await oneWins([answer(session), answer(session), answer(session)], message);
    const { Session } = await practice.adminPassword('emma');
    const names = { USERNAME: 'emma', SECRET_HASH: secretHash('emma'), EMAIL_OTP_CODE: practice.codeOf('emma') };
    const adminAnswer = () => practice.adminAnswer('EMAIL_OTP', names, Session);
    await oneWins([adminAnswer(), adminAnswer(), adminAnswer()], message);
  });

  it('lives three minutes unless the client says otherwise', async () => {
    const session = await start();
    practice.local.clock.advance(3 * MINUTE - 1000);
    should((await answer(session)).AuthenticationResult).have.property('AccessToken');
    const late = await start();
    practice.local.clock.advance(3 * MINUTE);
    await refused(answer(late), ...EXPIRED);
  });

  it('lives as long as the client says', async () => {
    const { Session } = await practice.adminPassword('emma');
    const names = { USERNAME: 'emma', SECRET_HASH: secretHash('emma'), EMAIL_OTP_CODE: practice.codeOf('emma') };
    practice.local.clock.set(practice.local.clock.now() + 14 * MINUTE);
    // Signed by the pool's clock, which an SDK without retries does not find out by itself.
    practice.sdk.config.systemClockOffset = practice.local.clock.now() - Date.now();
    should((await practice.adminAnswer('EMAIL_OTP', names, Session)).AuthenticationResult).have.property('AccessToken');
  });

  it('must be given', () =>
    start().then(() => refused(answer(), 'InvalidParameterException', 'Missing required parameter Session')));

  it('cannot be invented', async () => {
    await start();
    await refused(answer('A'.repeat(1496)), ...BOGUS);
  });

  it('belongs to its user, by the canonical name', async () => {
    const session = await start();
    await refused(answer(session, 'ada'), ...BOGUS);
    await refused(answer(session, 'sam@example.com'), ...BOGUS);
  });

  it('belongs to its challenge', async () => {
    const session = await start();
    await refused(
      practice.answer('SOFTWARE_TOKEN_MFA', { USERNAME: 'sam', SOFTWARE_TOKEN_MFA_CODE: '123456' }, session),
      ...BOGUS,
    );
  });

  it('belongs to its client and API', async () => {
    const session = await start();
    const names = { USERNAME: 'sam', SECRET_HASH: secretHash('sam'), SMS_MFA_CODE: practice.codeOf('sam') };
    await refused(practice.adminAnswer('SMS_MFA', names, session), ...BOGUS);
  });

  it('is of no use to a user who has been disabled', async () => {
    const session = await start();
    practice.user('sam').enabled = false;
    await refused(answer(session), 'NotAuthorizedException', 'User is disabled.');
  });

  it('outlives a change of the password', async () => {
    const session = await start();
    practice.user('sam').setPassword('Lasting-1234');
    should((await answer(session)).AuthenticationResult).have.property('AccessToken');
  });

  it('is between 20 and 2048 characters long', async () => {
    await start();
    await refused(
      answer('short'),
      'InvalidParameterException',
      "1 validation error detected: Value at 'session' failed to satisfy constraint: Member must have length greater than or equal to 20",
    );
    await refused(
      answer('A'.repeat(2049)),
      'InvalidParameterException',
      "1 validation error detected: Value at 'session' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
  });
});
