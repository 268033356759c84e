import { randomInt } from 'node:crypto';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { nextTotpCode } from '../../../../nodes/lib/cognito/totp';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A secret that no other test has used. */
const newSecret = (): string => Array.from({ length: 32 }, () => alphabet.charAt(randomInt(32))).join('');

const never = new AbortController().signal;
const step = 30_000;
const start = Date.UTC(2026, 5, 1, 12, 0, 0);

/** A clock that shows `ms` now and runs at the speed of real time. */
function clockFrom(ms: number): () => number {
  const began = Date.now();
  return () => ms + Date.now() - began;
}

describe('the code of a TOTP secret', () => {
  it('is the one that an authenticator app shows', async () => {
    const secret = newSecret();
    should(await nextTotpCode(secret, () => start, never)).equal(currentTotpCode(secret, start));
  });

  it('follows the clock that it is given', async () => {
    const secret = newSecret();
    const later = start + 7 * 24 * 3600_000;
    should(await nextTotpCode(secret, () => later, never)).equal(currentTotpCode(secret, later));
  });

  it('is the same for a secret with blanks, dashes, small letters and padding', async () => {
    const secret = newSecret();
    const spelt = `${secret.slice(0, 4).toLowerCase()} ${secret.slice(4, 8)}-${secret.slice(8)}`;
    should(await nextTotpCode(`${spelt}===`, () => start, never)).equal(currentTotpCode(secret, start));
  });

  it('waits for the next step when the code of this one was given out', async () => {
    const secret = newSecret();
    const now = clockFrom(start + step - 50);
    should(await nextTotpCode(secret, now, never)).equal(currentTotpCode(secret, start));
    const next = await nextTotpCode(secret, now, never);
    should(now()).be.aboveOrEqual(start + step);
    should(next).equal(currentTotpCode(secret, start + step));
  });

  it('never gives the same step to two sign-ins at once', async () => {
    const secret = newSecret();
    const now = clockFrom(start + step - 50);
    const [first, second] = await Promise.all([nextTotpCode(secret, now, never), nextTotpCode(secret, now, never)]);
    should([first, second]).deepEqual([currentTotpCode(secret, start), currentTotpCode(secret, start + step)]);
  });

  it('takes a secret for the same however it is spelt', async () => {
    const secret = newSecret();
    const now = clockFrom(start + step - 50);
    await nextTotpCode(secret, now, never);
    const next = await nextTotpCode(secret.toLowerCase(), now, never);
    should(next).equal(currentTotpCode(secret, start + step));
  });

  it('does not wait for the code of another secret', async () => {
    const [one, other] = [newSecret(), newSecret()];
    await nextTotpCode(one, () => start, never);
    should(await nextTotpCode(other, () => start, never)).equal(currentTotpCode(other, start));
  });

  it('stops waiting when it is aborted', async () => {
    const secret = newSecret();
    await nextTotpCode(secret, () => start, never);
    const controller = new AbortController();
    const waiting = nextTotpCode(secret, () => start, controller.signal);
    controller.abort();
    await waiting.should.be.rejectedWith({ code: 'Aborted' });
  });

  it('does not wait because an earlier one was given out by a clock far ahead', async () => {
    const secret = newSecret();
    await nextTotpCode(secret, () => start + 365 * 24 * 3600_000, never);
    const code = await nextTotpCode(secret, () => start, never);
    should(code).equal(currentTotpCode(secret, start));
  });

  for (const secret of ['', 'not base32!', '01890189', '====']) {
    it(`is refused for ${JSON.stringify(secret)}, without repeating it`, async () => {
      const refusal: unknown = await nextTotpCode(secret, () => start, never).catch((error: unknown) => error);
      should(refusal).match({ code: 'InputInvalid', details: { field: 'totpSecret', expected: 'base32' } });
      if (secret !== '') should((refusal as Error).message).not.containEql(secret);
    });
  }
});
