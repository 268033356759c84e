import should from 'should';
import { CognitoAuthError } from '../../../../nodes/lib/cognito/errors';
import { backOff } from '../../../../nodes/lib/cognito/retries';

const second = 1_000;
const minute = 60 * second;

/** The longest of many waits comes close to the longest that there can be. */
function longest(attempt: number, error: CognitoAuthError): number {
  return Math.max(...Array.from({ length: 3_000 }, () => backOff(attempt, error)));
}

const network = new CognitoAuthError('NetworkError');
const overload = new CognitoAuthError('TooManyRequestsException', { message: 'Rate exceeded' });

describe('the wait before another try', () => {
  it('doubles from a second, up to a minute', () => {
    for (const [attempt, ms] of [
      [0, second],
      [1, 2 * second],
      [5, 32 * second],
      [6, minute],
      [500, minute],
    ] as const) {
      should(longest(attempt, network)).be.belowOrEqual(ms).and.be.above(0.98 * ms);
    }
  });

  it('doubles up to two minutes where a quota is used up', () => {
    for (const code of ['TooManyRequestsException', 'ThrottlingException', 'LimitExceededException']) {
      const error = new CognitoAuthError(code, { message: 'Rate exceeded' });
      should(longest(3, error)).be.belowOrEqual(8 * second);
      should(longest(500, error)).be.belowOrEqual(2 * minute).and.be.above(1.96 * minute);
    }
  });

  it('is any part of that time, each as likely as the other, so that nobody keeps step', () => {
    const waits = Array.from({ length: 4_000 }, () => backOff(20, overload) / (2 * minute));
    for (let part = 0; part < 4; part += 1) {
      const within = waits.filter((wait) => wait >= part / 4 && wait < (part + 1) / 4).length;
      should(within).be.within(850, 1_150);
    }
  });
});
