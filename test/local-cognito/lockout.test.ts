import should from 'should';
import { MINUTE, Practice, refused } from './support';

describe('the lockout of a password', () => {
  let still = 0;
  /** Real time stands still, so that only `advance` moves the clock. */
  const practice = new Practice(() => ({ now: () => still }));
  const SECOND = 1000;

  const fail = () =>
    refused(practice.password('ada', 'Wrong-1234'), 'NotAuthorizedException', 'Incorrect username or password.');
  const locked = () => refused(practice.password('ada'), 'NotAuthorizedException', 'Password attempts exceeded');
  const open = async () => {
    should((await practice.password('ada')).AuthenticationResult).have.property('AccessToken');
  };
  const failTimes = async (times: number) => {
    for (let count = 0; count < times; count += 1) await fail();
  };

  beforeEach(() => {
    still = Date.UTC(2030, 0, 1);
  });

  it('leaves four failures without consequence', async () => {
    await failTimes(4);
    await open();
  });

  it('locks for a second after the fifth failure, then twice as long after each', async () => {
    await failTimes(5);
    await locked();
    for (const seconds of [1, 2, 4, 8]) {
      await locked();
      practice.local.clock.advance(seconds * SECOND);
      await fail();
    }
  });

  it('is not lengthened by attempts during it', async () => {
    await failTimes(5);
    await locked();
    await locked();
    practice.local.clock.advance(SECOND);
    await open();
  });

  it('never lasts longer than 15 minutes', async () => {
    await failTimes(5);
    for (let seconds = 1; seconds <= 512; seconds *= 2) {
      practice.local.clock.advance(seconds * SECOND);
      await fail();
    }
    // 1024 seconds would be next.
    practice.local.clock.advance(15 * MINUTE - SECOND);
    await locked();
    practice.local.clock.advance(SECOND);
    await open();
  });

  it('ends with a right password', async () => {
    await failTimes(4);
    await open();
    await failTimes(4);
    await open();
  });

  it('is forgotten after 15 idle minutes', async () => {
    await failTimes(4);
    practice.local.clock.advance(15 * MINUTE);
    await failTimes(4);
    await open();
  });

  it('comes to a name that nobody has, in every flow', async () => {
    const byChoice = () =>
      practice.start('USER_AUTH', { USERNAME: 'nobody', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-1234' });
    for (const attempt of [() => practice.password('Nobody'), byChoice, byChoice, byChoice, byChoice]) {
      await refused(attempt(), 'NotAuthorizedException', 'Incorrect username or password.');
    }
    await refused(byChoice(), 'NotAuthorizedException', 'Password attempts exceeded');
    await refused(practice.password('nobody'), 'NotAuthorizedException', 'Password attempts exceeded');
    await refused(practice.password('nobody-else'), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('counts SRP proofs too, and concerns one user', async () => {
    still = Date.now();
    for (let count = 0; count < 5; count += 1) {
      await refused(practice.srp('ada', 'Wrong-1234'), 'NotAuthorizedException', 'Incorrect username or password.');
    }
    await refused(practice.srp('ada'), 'NotAuthorizedException', 'Password attempts exceeded');
    should((await practice.password('sam')).ChallengeName).equal('SMS_MFA');
  });
});
