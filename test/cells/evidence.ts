import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SeenCell } from './wire';

/** A cell that a test passed, as it was seen on the wire. */
export interface TestedCell extends SeenCell {
  /** The test's full title. */
  readonly test: string;
}

/** The project's root, seen from the compiled file. */
export const root = path.resolve(__dirname, '../../..');

/** What the latest run of the suite tested. */
export const evidenceFile = path.join(root, 'dist/tested-cells.json');

const tested: TestedCell[] = [];

/** Counts a cell as tested, for a test that has passed. */
export function addEvidence(cell: TestedCell): void {
  tested.push(cell);
}

/** @returns undefined where the suite has not run to its end since it last began */
export function readEvidence(): TestedCell[] | undefined {
  try {
    return JSON.parse(readFileSync(evidenceFile, 'utf8')) as TestedCell[];
  } catch {
    return undefined;
  }
}

/** Called by mocha before the first test: what an earlier run tested does not count. */
export function mochaGlobalSetup(): void {
  rmSync(evidenceFile, { force: true });
}

/** Called by mocha after the last test. */
export function mochaGlobalTeardown(): void {
  mkdirSync(path.dirname(evidenceFile), { recursive: true });
  writeFileSync(evidenceFile, JSON.stringify(tested, null, 2));
}
