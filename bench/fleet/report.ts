import { line, picture, text, type Colour, type Point } from '../svg';
import { scene, type FleetResult } from './simulation';

const minute = 60_000;

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** @param ms undefined for what did not happen in the time that was simulated */
function minutes(ms: number | undefined): string {
  return ms === undefined ? 'never' : `${(ms / minute).toFixed(1)} min`;
}

/** Three results as a table in Markdown, which reads well as text too. */
export function tableOf(results: readonly FleetResult[]): string {
  const { gateways, outage, quota } = scene;
  const rows = results.map(
    ({ policy, halfServedAfter, allServedAfter, refusalCount, peakPerS }) =>
      `| ${policy} | ${minutes(halfServedAfter)} | ${minutes(allServedAfter)} | ${count(refusalCount)} | ${count(peakPerS)} |`,
  );
  return [
    `${count(gateways)} gateways, ${minutes(outage)} without network, ${quota} sign-ins a second: ` +
      `${minutes((gateways / quota) * 1_000)} at best`,
    '',
    '| tries again | half served after | all served after | requests refused | most requests in a second |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const width = 760;
const left = 60;
const right = 16;
const panelHeight = 150;
const shownMinutes = 60;
const colours: readonly Colour[] = ['a', 'b', 'c'];

interface Panel {
  readonly title: string;
  readonly top: number;
  /** Where a value is, as a part of the panel's height. */
  readonly scale: (value: number) => number;
  readonly ticks: readonly (readonly [value: number, label: string])[];
  readonly values: (result: FleetResult) => readonly number[];
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

const perSecond = (values: readonly number[]): number[] => values.map((value) => value / (scene.interval / 1_000));

const panels: readonly Panel[] = [
  {
    title: 'gateways signed in again',
    top: 64,
    scale: (value) => value / scene.gateways,
    ticks: [0, 25_000, 50_000, 75_000, 100_000].map((value) => [value, count(value)] as const),
    values: ({ served }) => sums(served),
  },
  {
    title: 'requests a second at the user pool (logarithmic)',
    top: 264,
    scale: (value) => Math.log10(Math.max(value, 1)) / 5,
    ticks: [1, 10, 100, 1_000, 10_000, 100_000].map((value) => [value, count(value)] as const),
    values: ({ arrivals }) => perSecond(arrivals),
  },
];

function drawPanel({ title, top, scale, ticks, values }: Panel, results: readonly FleetResult[]): string[] {
  const x = (minutesPassed: number): number => left + ((width - left - right) * minutesPassed) / shownMinutes;
  const y = (value: number): number => top + panelHeight * (1 - Math.min(scale(value), 1));
  const slots = (shownMinutes * minute) / scene.interval;
  const curve = (result: FleetResult): Point[] =>
    values(result)
      .slice(0, slots)
      .map((value, i) => [x(((i + 0.5) * scene.interval) / minute), y(value)]);
  return [
    text(left, top - 10, title, 'title'),
    ...ticks.flatMap(([value, label]) => [
      line([[left, y(value)], [width - right, y(value)]], 'grid'),
      text(left - 6, y(value) + 4, label, 'faint', 'end'),
    ]),
    ...results.map((result, i) => line(curve(result), colours[i] ?? 'c')),
    ...[0, 10, 20, 30, 40, 50, 60].map((time) => text(x(time), top + panelHeight + 18, String(time), 'faint', 'middle')),
  ];
}

/** What became of the fleet in the first hour, in two panels. */
export function plotOf(results: readonly FleetResult[]): string {
  const legend = results.map(({ policy }, i) => {
    const x = left + i * 250;
    return [line([[x, 20], [x + 22, 20]], colours[i] ?? 'c'), text(x + 28, 24, policy)].join('');
  });
  const label = 'How a fleet of 100,000 gateways signs in again after ten minutes without network';
  return picture(width, 460, label, [
    ...legend,
    ...panels.flatMap((panel) => drawPanel(panel, results)),
    text((left + width - right) / 2, 454, 'minutes since the network is back', 'faint', 'middle'),
  ]);
}
