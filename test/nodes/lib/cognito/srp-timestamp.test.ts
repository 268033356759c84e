import { execFileSync } from 'node:child_process';
import DateHelper from 'amazon-cognito-identity-js/lib/DateHelper';
import should from 'should';
import { srpTimestamp } from '../../../../nodes/lib/cognito/srp-timestamp';

describe('the timestamp of a proof', () => {
  it('writes every month in English', () => {
    const months = Array.from({ length: 12 }, (_, month) => srpTimestamp(Date.UTC(2026, month, 15)).split(' ')[1]);
    should(months.join(' ')).equal('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
  });

  it('writes every weekday in English', () => {
    const days = Array.from({ length: 7 }, (_, day) => srpTimestamp(Date.UTC(2026, 1, 1 + day)).split(' ')[0]);
    should(days.join(' ')).equal('Sun Mon Tue Wed Thu Fri Sat');
  });

  it('does not pad the day of the month', () => {
    should(srpTimestamp(Date.UTC(2026, 2, 1, 9, 8, 7))).equal('Sun Mar 1 09:08:07 UTC 2026');
    should(srpTimestamp(Date.UTC(2026, 2, 9, 9, 8, 7))).equal('Mon Mar 9 09:08:07 UTC 2026');
    should(srpTimestamp(Date.UTC(2026, 2, 10, 9, 8, 7))).equal('Tue Mar 10 09:08:07 UTC 2026');
    should(srpTimestamp(Date.UTC(2026, 11, 31, 23, 59, 59))).equal('Thu Dec 31 23:59:59 UTC 2026');
  });

  it('writes midnight as 00', () => {
    should(srpTimestamp(Date.UTC(2028, 1, 29))).equal('Tue Feb 29 00:00:00 UTC 2028');
  });

  it('is what amazon-cognito-identity-js writes now', () => {
    // The second can change between the two.
    const before = srpTimestamp(Date.now());
    const theirs = new DateHelper().getNowString();
    should([before, srpTimestamp(Date.now())]).containEql(theirs);
  });

  for (const [TZ, LANG] of [
    ['Asia/Tokyo', 'ja_JP.UTF-8'],
    ['America/St_Johns', 'ar_EG.UTF-8'],
    ['Pacific/Kiritimati', 'de_DE.UTF-8'],
  ] as const) {
    it(`is the same with the clock of ${TZ} and the language ${LANG}`, () => {
      const module = require.resolve('../../../../nodes/lib/cognito/srp-timestamp');
      const script = `
        const { srpTimestamp } = require(${JSON.stringify(module)});
        const local = new Date(${Date.UTC(2026, 4, 3, 23, 30)}).getTimezoneOffset();
        console.log(srpTimestamp(${Date.UTC(2026, 4, 3, 23, 30)}) + '|' + local);`;
      const output = execFileSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env: { ...process.env, TZ, LANG, LC_ALL: LANG },
      });
      const [timestamp, offset] = output.trim().split('|');
      should(timestamp).equal('Sun May 3 23:30:00 UTC 2026');
      should(Number(offset)).not.equal(0); // the time zone was in force
    });
  }
});
