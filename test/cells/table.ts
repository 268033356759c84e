import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AuthFlowType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { type Cell, cells } from './cells';
import { evidenceFile, readEvidence, root } from './evidence';
import type { Fact } from './facts';
import { variants } from './variants';
import type { SeenCell } from './wire';

type State = 'tested' | 'impossible' | 'NOT TESTED';

interface Row {
  readonly flow: AuthFlowType;
  readonly challenge: ChallengeNameType;
  readonly cell: Cell;
}

const flows = Object.values(AuthFlowType);
const challenges = Object.values(ChallengeNameType);

const rows: readonly Row[] = flows.flatMap((flow) =>
  challenges.map((challenge) => ({ flow, challenge, cell: cells[flow][challenge] })),
);

/** The ways to sign in that are still to be tested in a cell, by name. */
function untested({ flow, challenge, cell }: Row, tested: readonly SeenCell[]): string[] {
  if ('impossible' in cell) return [];
  const seen = tested.filter((one) => one.flow === flow && one.challenge === challenge);
  return variants
    .filter(({ api }) => cell.apis.includes(api))
    .filter(({ api, withSecret }) => !seen.some((one) => one.api === api && one.withSecret === withSecret))
    .map(({ name }) => name);
}

function stateOf(row: Row, tested: readonly SeenCell[]): State {
  if ('impossible' in row.cell) return 'impossible';
  return untested(row, tested).length === 0 ? 'tested' : 'NOT TESTED';
}

/** The table of flows and challenges, and what there is to say of it. */
export interface Report {
  readonly text: string;
  readonly complete: boolean;
}

/** @param tested what a run of the suite tested */
export function report(tested: readonly SeenCell[]): Report {
  const states = new Map(rows.map((row) => [`${row.flow} ${row.challenge}`, stateOf(row, tested)]));
  const heads = flows.map((flow) => /^(.*?_?)([A-Z]+_?[A-Z]+)$/.exec(flow)?.slice(1) ?? ['', flow]);
  const line = (first: string, others: readonly string[]): string =>
    [first.padEnd(26), ...others.map((other) => other.padEnd(14))].join('').trimEnd();
  const table = [
    ...[0, 1].map((part) =>
      line(
        '',
        heads.map((head) => head[part] ?? ''),
      ),
    ),
    ...challenges.map((challenge) =>
      line(
        challenge,
        flows.map((flow) => states.get(`${flow} ${challenge}`) ?? ''),
      ),
    ),
  ];
  const missing = rows
    .map((row) => ({ ...row, ways: untested(row, tested) }))
    .filter(({ ways }) => ways.length > 0)
    .map(({ flow, challenge, ways }) => `NOT TESTED: ${flow} × ${challenge}, ${ways.join('; ')}`);
  const all = [...states.values()];
  const possible = all.filter((state) => state !== 'impossible').length;
  const done = all.filter((state) => state === 'tested').length;
  const counts = `${done} of ${possible} possible cells tested, ${all.length - possible} impossible.`;
  return { text: [...table, '', ...missing, counts].join('\n'), complete: missing.length === 0 };
}

/** What the tests run, and what that is built from. A build copies dialogs and texts anew each time: their source tells. */
const code: Readonly<Record<string, RegExp>> = {
  dist: /\.js$/,
  'local-cognito/dist': /\.js$/,
  nodes: /\.(ts|html|json)$/,
  'local-cognito/src': /\.ts$/,
  test: /\.ts$/,
};

/** When the newest file of the code in a folder was written, in ms since 1970. */
export function changedAt(project: string): number {
  const times = Object.entries(code)
    .map(([name, isCode]) => ({ folder: path.join(project, name), isCode }))
    .filter(({ folder }) => existsSync(folder))
    .flatMap(({ folder, isCode }) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => isCode.test(file))
        .map((file) => statSync(path.join(folder, file)).mtimeMs),
    );
  return Math.max(...times);
}

/** The report of the latest run of the suite; or why there is none. */
export function latestReport(): Report {
  const tested = readEvidence();
  if (!tested) return { text: 'No run of the tests has ended yet: npm test', complete: false };
  if (changedAt(root) > statSync(evidenceFile).mtimeMs) {
    return { text: 'The code has changed since its tests ran: npm test', complete: false };
  }
  return report(tested);
}

/** Where a cell's test stands, named after the cell. */
const fileOf = ({ flow }: Row): string => `test/cells/${flow.toLowerCase().replaceAll('_', '-')}.test.ts`;

const sourceOf = ({ source }: Fact): string => (source.startsWith('https:') ? `[source](${source})` : source);

const begin = '<!-- table: written by npm run table -- --docs -->';
const end = '<!-- /table -->';

/** The table for people, with links to the tests, and notes on what is impossible. */
function tableForPeople(): string {
  const notes: Fact[] = [];
  const noteOf = (fact: Fact): number => (notes.includes(fact) ? notes.indexOf(fact) : notes.push(fact) - 1) + 1;
  const content = (row: Row): string =>
    'impossible' in row.cell ? `<sup>${noteOf(row.cell.impossible)}</sup>` : `[test](../${fileOf(row)})`;
  const lines = challenges.map((challenge) => {
    const contents = rows.filter((row) => row.challenge === challenge).map(content);
    return `| \`${challenge}\` | ${contents.join(' | ')} |`;
  });
  return [
    `| | ${flows.map((flow) => `\`${flow}\``).join(' | ')} |`,
    `|---|${flows.map(() => '---|').join('')}`,
    ...lines,
    '',
    'Impossible, because:',
    '',
    ...notes.map((fact, index) => `${index + 1}. ${fact.text} (${sourceOf(fact)}).`),
  ].join('\n');
}

/** A page of the documentation with the table in its place. */
export function withTable(page: string): string {
  const [before, rest = ''] = page.split(begin);
  const after = rest.slice(rest.indexOf(end));
  return `${before}${begin}\n\n${tableForPeople()}\n\n${after}`;
}
