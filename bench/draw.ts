import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Figures } from './figures';
import { rowsOf, tableOf, type Row } from './report';
import { bar, line, picture, text } from './svg';

/*
 * Makes of a run's figures what README shows: `node dist/bench/draw.js FIGURES.json PLOT.svg` draws the plot, and prints
 * the table with the machine named that it runs on.
 */

const width = 760;
const left = 420;
const right = 60;
const rowHeight = 30;
const top = 44;
/** What the axis ends at, in times better than the goal. */
const most = 2.5;

const factor = ({ ratio, goal, atLeast }: Row): number => (atLeast ? ratio / goal : goal / ratio);

function plotOf(rows: readonly Row[]): string {
  const x = (value: number): number => left + ((width - left - right) * Math.min(value, most)) / most;
  const height = top + rows.length * rowHeight + 12;
  return picture(width, height, 'Each figure against its goal', [
    text(x(1), 18, 'goal', 'title', 'middle'),
    text(width - right, 18, 'better →', 'faint', 'end'),
    ...rows.flatMap((row, i) => {
      const y = top + i * rowHeight;
      const value = factor(row);
      return [
        text(left - 10, y + 5, row.name, '', 'end'),
        bar(left, y - 8, x(value) - left, 18, row.isReached ? 'a' : 'b'),
        text(x(value) + 6, y + 5, `× ${value.toFixed(2)}`, 'faint'),
      ];
    }),
    line([[x(1), 26], [x(1), height - 8]], 'axis'),
  ]);
}

const [input = '', output = ''] = parseArgs({ allowPositionals: true }).positionals;
const figures = JSON.parse(readFileSync(input, 'utf8')) as Figures;
writeFileSync(output, plotOf(rowsOf(figures)));
const machine = cpus();
console.log(
  `Measured on ${machine[0]?.model ?? 'an unknown processor'}, ${machine.length} cores, ${process.platform} ` +
    `${process.arch}, Node.js ${process.version}.\n\n${tableOf(figures)}`,
);
