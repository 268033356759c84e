import should from 'should';
import { tokenSetOf } from '../../../../nodes/lib/cognito/token-set';
import { encoded } from '../../../support/token-issuer';

const now = Date.UTC(2026, 10, 1);
const minute = 60_000;

/** A token that says when it expires. @param exp JSON */
const expiring = (exp: string) => `${encoded({ alg: 'RS256' })}.${encoded(`{"exp":${exp}}`)}.signature`;

describe('tokens', () => {
  const lives: [what: string, answer: object, minutes: number][] = [
    ['expire when they say', { AccessToken: expiring(String(now / 1000 + 300)), ExpiresIn: 3600 }, 5],
    ['that can’t be read expire when Cognito says', { AccessToken: 'opaque', ExpiresIn: 3600 }, 60],
    ['expire with the first of the two', { AccessToken: 'opaque', ExpiresIn: 3600, IdToken: expiring(String(now / 1000 + 600)) }, 10],
    ['that had expired when they came are not renewed at once', { AccessToken: expiring('1') }, 1],
    ['that don’t say when they expire are not renewed at once', { AccessToken: 'opaque' }, 1],
    ['that never expire are taken to live for a day', { AccessToken: expiring('1e307') }, 24 * 60],
  ];
  for (const [what, answer, minutes] of lives) {
    it(what, () => {
      should(tokenSetOf(answer, {}, now).expiresAt).equal(now + minutes * minute);
    });
  }
});
