import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuthFlowType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { cells } from './cells';
import { root } from './evidence';
import * as facts from './facts';
import { changedAt, report, withTable } from './table';
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
      should(source).match(/^(https:\/\/docs\.aws\.amazon\.com\/\S+\.html|Assumption: \S.*)$/);
    }
  });

  it('calls an assumption what no page of AWS says', () => {
    const assumed = Object.entries<facts.Fact>({ ...facts.reasons, ...facts.obstacles })
      .filter(([, { source }]) => source.startsWith('Assumption: '))
      .map(([name]) => name);
    const unsaid = ['deviceByKey', 'passwordAgain', 'srpBeforeTrigger', 'passwordProven', 'passwordChosen'];
    should(assumed).deepEqual(unsaid);
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

  for (const changed of ['dist/test/a.js', 'nodes/a/a.html', 'local-cognito/src/a.ts', 'test/cells/a.test.ts']) {
    it(`is out of date after a change of the code, built or not: ${changed}`, () => {
      const project = mkdtempSync(path.join(tmpdir(), 'table-'));
      const write = (file: string, seconds: number): void => {
        mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
        writeFileSync(path.join(project, file), '');
        utimesSync(path.join(project, file), seconds, seconds);
      };
      try {
        write('dist/test/b.js', 1000);
        write('dist/tested-cells.json', 3000);
        should(changedAt(project)).equal(1_000_000);
        write(changed, 2000);
        should(changedAt(project)).equal(2_000_000);
      } finally {
        rmSync(project, { recursive: true });
      }
    });
  }

  it('shows what it assumes as text, and links to what AWS says', () => {
    const notes = withTable('').match(/^\d+\. .*$/gm) ?? [];
    const linked = notes.filter((note) => !note.includes('(Assumption: '));
    should(linked.length).be.within(1, notes.length - 1);
    for (const note of linked) should(note).match(/ \(\[source\]\(https:\S+\.html\)\)\.$/);
  });

  it('links to files that have the tests', () => {
    const links = [...withTable('').matchAll(/\[test\]\(\.\.\/(test\/cells\/(.+?)\.test\.ts)\)/g)];
    should(links).have.length(56);
    for (const [, file = '', name = ''] of links) {
      const flow = name.toUpperCase().replaceAll('-', '_');
      should(readFileSync(path.join(root, file), 'utf8')).containEql(`testCells('${flow}'`);
    }
  });

  it('stands in the documentation as it is (else: npm run table -- --docs)', () => {
    const page = readFileSync(path.join(root, 'docs/flows-and-challenges.md'), 'utf8');
    should(page === withTable(page)).be.true();
  });
});
