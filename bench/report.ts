import type { Figures, Throughput } from './figures';
import { round } from './measurement';

/** A goal, and how far a run got. */
export interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
  /** Whether the goal is a lower bound; otherwise it is an upper one. */
  readonly atLeast: boolean;
  readonly isReached: boolean;
  /** The figures behind the ratio. */
  readonly details: string;
}

interface Goal {
  readonly name: string;
  readonly goal: number;
  readonly atLeast: boolean;
  readonly ratio: (figures: Figures) => number;
  readonly details: (figures: Figures) => string;
}

const throughputGoal = (atOnce: keyof Figures['throughput']): Goal => {
  const of = ({ throughput }: Figures): Throughput => throughput[atOnce];
  return {
    name: `sign-ins through the node / bare SDK calls, ${atOnce} at once`,
    goal: 0.95,
    atLeast: true,
    ratio: (figures) => of(figures).ratio,
    details: (figures) => `${of(figures).oursPerS} and ${of(figures).barePerS} a second, ${of(figures).addedUs} µs added`,
  };
};

const goals: readonly Goal[] = [
  {
    name: 'SRP work: amazon-cognito-identity-js / ours',
    goal: 100,
    atLeast: true,
    ratio: ({ srp }) => srp.amazonCognitoIdentityJsMs / srp.oursMs,
    details: ({ srp }) => `${srp.amazonCognitoIdentityJsMs} and ${srp.oursMs} ms`,
  },
  {
    name: 'SRP work: cognito-srp-helper / ours',
    goal: 100,
    atLeast: true,
    ratio: ({ srp }) => srp.cognitoSrpHelperMs / srp.oursMs,
    details: ({ srp }) => `${srp.cognitoSrpHelperMs} and ${srp.oursMs} ms`,
  },
  {
    name: 'SRP work: ours / three bare native powers',
    goal: 1.25,
    atLeast: false,
    ratio: ({ srp }) => srp.oursMs / srp.floorMs,
    details: ({ srp }) => `${srp.oursMs} and ${srp.floorMs} ms`,
  },
  throughputGoal('1'),
  throughputGoal('10'),
  throughputGoal('100'),
  {
    name: 'messages a second through cognito-token / a change node',
    goal: 0.8,
    atLeast: true,
    ratio: ({ token }) => token.ratio,
    details: ({ token }) => `${token.oursPerS} and ${token.changeNodePerS} a second, the empty chain taken off`,
  },
  {
    name: 'loading all nodes / the SDK client',
    goal: 0.1,
    atLeast: false,
    ratio: ({ load }) => load.oursMs / load.sdkMs,
    details: ({ load }) => `${load.oursMs} and ${load.sdkMs} ms, ${load.oursMb} and ${load.sdkMb} MB`,
  },
  {
    name: 'longest stall: 50 SRP sign-ins at once / 50 paced SDK calls',
    goal: 1.5,
    atLeast: false,
    ratio: ({ stall }) => stall.oursMs / stall.bareSdkMs,
    details: ({ stall }) =>
      `${stall.oursMs} and ${stall.bareSdkMs} ms; amazon-cognito-identity-js ${stall.amazonCognitoIdentityJsMs} ms, ` +
      `cognito-srp-helper ${stall.cognitoSrpHelperMs} ms`,
  },
];

/** What a run's figures say of each goal. */
export function rowsOf(figures: Figures): Row[] {
  return goals.map(({ name, goal, atLeast, ratio, details }) => {
    const reached = round(ratio(figures));
    return {
      name,
      goal,
      atLeast,
      ratio: reached,
      isReached: atLeast ? reached >= goal : reached <= goal,
      details: details(figures),
    };
  });
}

function goalOf({ goal, atLeast }: Row): string {
  return `at ${atLeast ? 'least' : 'most'} ${goal}`;
}

function memoryOf({ memory }: Figures): string {
  const { bytesInFlight, growthBytesPer20000 } = memory;
  return `${bytesInFlight} bytes of heap for a sign-in in flight; ${growthBytesPer20000} bytes more after 20,000`;
}

/** For people, as plain text. */
export function describe(figures: Figures): string {
  const lines = rowsOf(figures).map((row) => {
    const verdict = row.isReached ? 'reached' : 'NOT reached';
    return `${row.name}: ${row.ratio} (goal: ${goalOf(row)}, ${verdict})\n    ${row.details}`;
  });
  return [...lines, `memory: ${memoryOf(figures)}`].join('\n');
}

/** For people, as a table in Markdown. */
export function tableOf(figures: Figures): string {
  const rows = rowsOf(figures).map((row) => {
    const verdict = row.isReached ? '' : ', not reached';
    return `| ${row.name} | ${row.ratio} | ${goalOf(row)}${verdict} | ${row.details} |`;
  });
  return [
    '| what | ratio | goal | measured |',
    '|---|---|---|---|',
    ...rows,
    `| memory | | | ${memoryOf(figures)} |`,
  ].join('\n');
}
