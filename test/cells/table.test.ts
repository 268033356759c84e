import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AuthFlowType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { cells } from './cells';
import { root } from './evidence';
import * as facts from './facts';
import { report, withTable } from './table';
import { variants } from './variants';
import type { SeenCell } from './wire';

/** What a run sees that leaves nothing out. */
const everything = (): SeenCell[] =>
  Object.entries(cells).flatMap(([flow, row]) =>
    Object.entries(row).flatMap(([challenge, cell]) =>
      variants
        .filter(({ api }) => 'apis' in cell && cell.apis.includes(api))
        .map(({ api, withSecret }) => ({ flow, challenge, api, withSecret })),
    ),
  );

describe('the table of flows and challenges', () => {
  it('has a cell for every pair that the SDK knows', () => {
    should(Object.keys(cells).sort()).deepEqual(Object.values(AuthFlowType).sort());
    for (const row of Object.values(cells)) {
      should(Object.keys(row).sort()).deepEqual(Object.values(ChallengeNameType).sort());
    }
  });

  it('says of every cell where it is said that it is possible or not', () => {
    for (const { source } of [...Object.values(facts.reasons), ...Object.values(facts.obstacles)]) {
      should(source).match(/^(https:\/\/docs\.aws\.amazon\.com\/\S+\.html|Assumption.*)$/);
    }
  });

  it('is complete where a run tested every possible cell', () => {
    const { text, complete } = report(everything());
    should(complete).be.true();
    should(text).endWith('56 of 56 possible cells tested, 72 impossible.').and.not.containEql('NOT TESTED');
  });

  it('names a cell that was not tested in one of the ways to sign in', () => {
    const isLeftOut = ({ flow, challenge, api, withSecret }: SeenCell): boolean =>
      flow === 'USER_SRP_AUTH' && challenge === 'SMS_MFA' && api === 'client-side' && withSecret;
    const { text, complete } = report(everything().filter((seen) => !isLeftOut(seen)));
    should(complete).be.false();
    should(text).match(/^NOT TESTED: USER_SRP_AUTH × SMS_MFA, client-side, with a client secret$/m);
    should(text).match(/^SMS_MFA .* NOT TESTED$/m);
    should(text).endWith('55 of 56 possible cells tested, 72 impossible.');
  });

  it('stands in the README as it is (else: npm run table -- --readme)', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    should(readme === withTable(readme)).be.true();
  });
});
