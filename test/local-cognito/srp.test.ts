import { getDiffieHellman } from 'node:crypto';
import should from 'should';
import { MINUTE, oneWins, Practice, refused, secretHash, without } from './support';

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const;

describe('signing in by SRP', () => {
  const practice = new Practice();
  const start = (USERNAME: string, SRP_A = 'abcdef') => practice.start('USER_SRP_AUTH', { USERNAME, SRP_A });
  const answer = (responses: Record<string, string>) => practice.answer('PASSWORD_VERIFIER', responses);

  it('answers the start with PASSWORD_VERIFIER, minimal hex, and no Session', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await start('ada');
    should(ChallengeName).equal('PASSWORD_VERIFIER');
    should(Session).be.undefined();
    should(ChallengeParameters).have.only.keys('SALT', 'SECRET_BLOCK', 'SRP_B', 'USERNAME', 'USER_ID_FOR_SRP');
    should(ChallengeParameters!.SALT).match(/^[1-9a-f][0-9a-f]*$/);
    should(ChallengeParameters!.SRP_B).match(/^[1-9a-f][0-9a-f]*$/);
    should(ChallengeParameters).match({ USERNAME: 'ada', USER_ID_FOR_SRP: 'ada' });
  });

  it('accepts many proofs in a row, whatever their leading zeros', async () => {
    for (let round = 0; round < 8; round += 1)
      should((await practice.srp('ada')).AuthenticationResult).have.property('AccessToken');
  });

  it('accepts names and passwords in any script', async () => {
    practice.user('ada').setPassword('Пароль-密码-🔑');
    should((await practice.srp('ada', 'Пароль-密码-🔑')).AuthenticationResult).have.property('AccessToken');
  });

  it('tolerates SRP_A repeated in the answer', async () => {
    const proof = await practice.srpProof('ada');
    should((await answer({ ...proof, SRP_A: 'abcdef' })).AuthenticationResult).have.property('AccessToken');
  });

  it('refuses the proof of a wrong password', () => refused(practice.srp('ada', 'Wrong-1234'), ...WRONG));

  it('refuses the proof of a password that was replaced since the start', async () => {
    practice.user('ada').setTemporaryPassword('Temporary-1234', practice.local.clock.now());
    const proof = await practice.srpProof('ada', 'Temporary-1234');
    practice.user('ada').setPassword('Lasting-1234');
    await refused(answer(proof), ...WRONG);
  });

  it('refuses a proof under another spelling of the username', async () => {
    const proof = await practice.srpProof('ada');
    await refused(answer({ ...proof, USERNAME: 'ADA' }), ...WRONG);
  });

  it('refuses a wrong SECRET_BLOCK', async () => {
    const proof = await practice.srpProof('ada');
    await refused(answer({ ...proof, PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' }), ...WRONG);
  });

  it('judges each SECRET_BLOCK once, whatever the outcome', async () => {
    const proof = await practice.srpProof('ada');
    await answer(proof);
    await refused(answer(proof), ...WRONG);
    const another = await practice.srpProof('ada');
    await refused(answer({ ...another, PASSWORD_CLAIM_SIGNATURE: proof.PASSWORD_CLAIM_SIGNATURE! }), ...WRONG);
    await refused(answer(another), ...WRONG);
  });

  it('judges one of several proofs that arrive at once with one SECRET_BLOCK', async () => {
    const proof = await practice.srpProof('ada');
    await oneWins([answer(proof), answer(proof), answer(proof)], WRONG[1]);
  });

  it('leaves a SECRET_BLOCK usable by a refusal that does not look at the proof', async () => {
    const proof = await practice.srpProof('ada');
    await answer({ ...proof, USERNAME: 'sam' }).should.be.rejected();
    await answer({ ...proof, TIMESTAMP: 'now' }).should.be.rejected();
    await answer(without('PASSWORD_CLAIM_SIGNATURE', proof)).should.be.rejected();
    practice.user('ada').enabled = false;
    await refused(answer(proof), 'NotAuthorizedException', 'User is disabled.');
    practice.user('ada').enabled = true;
    should((await answer(proof)).AuthenticationResult).have.property('AccessToken');
  });

  it('refuses an answer that is minutes late', async () => {
    const proof = await practice.srpProof('ada');
    practice.local.clock.advance(2 * MINUTE);
    await refused(answer(proof), ...WRONG);
  });

  it('refuses the answer by the other API and client than the start', async () => {
    const proof = await practice.srpProof('ada');
    await refused(practice.adminAnswer('PASSWORD_VERIFIER', { ...proof, SECRET_HASH: secretHash('ada') }), ...WRONG);
  });

  it('refuses a wrong weekday in TIMESTAMP as a wrong password', async () => {
    const proof = await practice.srpProof('ada');
    const right = proof.TIMESTAMP!.slice(0, 3);
    const TIMESTAMP = proof.TIMESTAMP!.replace(right, right === 'Mon' ? 'Tue' : 'Mon');
    await refused(answer({ ...proof, TIMESTAMP }), ...WRONG);
  });

  it('refuses a padded day in TIMESTAMP as a wrong password', async () => {
    const proof = await practice.srpProof('ada');
    await refused(answer({ ...proof, TIMESTAMP: 'Sun Nov 01 08:00:00 UTC 2026' }), ...WRONG);
  });

  for (const unreadable of [
    '2026-11-21T08:00:00Z',
    'Sat Nov 31 08:00:00 UTC 2026',
    'sam. nov. 21 08:00:00 UTC 2026',
    'Sat Feb 29 08:00:00 UTC 2026',
    'Sat Nov 0 08:00:00 UTC 2026',
    'Sat Nov 21 24:00:00 UTC 2026',
    'Sat Nov 21 10:60:00 UTC 2026',
    'Sat Nov 21 10:00:60 UTC 2026',
    'Sat Nov 21 10:99:99 UTC 2026',
    'Sat Nov 21 8:00:00 UTC 2026',
    'Day Nov 21 08:00:00 UTC 2026',
  ]) {
    it(`cannot read ${unreadable} as TIMESTAMP`, async () => {
      const proof = await practice.srpProof('ada');
      await refused(
        answer({ ...proof, TIMESTAMP: unreadable }),
        'InvalidParameterException',
        'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.',
      );
    });
  }

  for (const [what, SRP_A] of Object.entries({
    zero: '0',
    'a multiple of N': getDiffieHellman('modp15').getPrime('hex'),
    'no hex': 'xyz',
  })) {
    it(`refuses an SRP_A that is ${what}`, () =>
      refused(start('ada', SRP_A), 'InvalidParameterException', 'Invalid SRP_A.'));
  }

  it('asks for a missing SRP_A', () =>
    refused(
      practice.start('USER_SRP_AUTH', { USERNAME: 'ada' }),
      'InvalidParameterException',
      'Missing required parameter SRP_A',
    ));

  for (const missing of ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP', 'USERNAME']) {
    it(`asks for a missing ${missing}`, async () => {
      const proof = await practice.srpProof('ada');
      await refused(
        answer(without(missing, proof)),
        'InvalidParameterException',
        `Missing required parameter ${missing}`,
      );
    });
  }

  it('simulates an unknown user: same salt each time, and a refusal at the proof', async () => {
    const [first, second] = [await start('nobody'), await start('nobody')];
    should(first.ChallengeParameters!.SALT).equal(second.ChallengeParameters!.SALT);
    should(first.ChallengeParameters!.USER_ID_FOR_SRP).equal('nobody');
    await refused(practice.srp('nobody'), ...WRONG);
  });

  it('keeps the salt of a user from start to start, and changes it with the password', async () => {
    const salt = async () => (await start('ada')).ChallengeParameters!.SALT;
    const before = await salt();
    should(await salt()).equal(before);
    practice.user('ada').setPassword('Another-1234');
    should(await salt()).not.equal(before);
  });

  it('tells an unconfirmed user at the proof', async () => {
    should((await start('unconfirmed')).ChallengeName).equal('PASSWORD_VERIFIER');
    await refused(practice.srp('unconfirmed'), 'UserNotConfirmedException', 'User is not confirmed.');
  });

  it('refuses a disabled user, and one whose password must be reset', async () => {
    await refused(practice.srp('disabled'), 'NotAuthorizedException', 'User is disabled.');
    await refused(practice.srp('reset'), 'PasswordResetRequiredException', 'Password reset required for the user');
  });
});
