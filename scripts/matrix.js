'use strict';
/*
 * Runs the test suite on every supported pair of Node-RED and Node.js. Each pair gets a copy of the project in a folder
 * of its own, with that Node-RED installed; Node.js comes from the npm package `node`, which ships its binaries.
 */
const { execFileSync } = require('node:child_process');
const { cpSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

const pairs = [
  { nodeRed: '4.1', node: '20' },
  { nodeRed: '5.0', node: '22' },
  { nodeRed: '5.0', node: '24' },
];

/** What belongs to this machine rather than to the project. */
const left = ['node_modules', 'dist', '.git', '.demo', '.build', 'local-cognito/dist'].map((name) =>
  path.join(root, name),
);

const isWindows = process.platform === 'win32';

function run(command, args, folder, stdio = 'inherit') {
  // npm is a .cmd file on Windows, which only a shell starts.
  execFileSync(command, args, { cwd: folder, stdio, shell: isWindows && command === 'npm' });
}

/** Why a pair can't be had here, if it can't. */
function missing({ nodeRed, node }) {
  for (const wanted of [`node-red@${nodeRed}`, `node@${node}`]) {
    try {
      run('npm', ['view', wanted, 'version'], root, 'ignore');
    } catch {
      return `npm can't get ${wanted}`;
    }
  }
  return undefined;
}

function test({ nodeRed, node }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cognito-matrix-'));
  try {
    cpSync(root, folder, { recursive: true, filter: (source) => !left.includes(source) });
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node-red@${nodeRed}`, `node@${node}`], folder);
    const program = path.join(folder, 'node_modules/node/bin', isWindows ? 'node.exe' : 'node');
    run(program, ['scripts/build.js'], folder);
    run(program, ['node_modules/mocha/bin/mocha.js'], folder);
    return true;
  } catch {
    return false; // what failed has been said
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const pair of pairs) {
  const name = `Node-RED ${pair.nodeRed} on Node.js ${pair.node}`;
  console.log(`\n--- ${name}`);
  const reason = missing(pair);
  if (reason !== undefined) {
    console.log(`SKIPPED test:matrix: ${name}: ${reason}`);
  } else if (test(pair)) {
    console.log(`passed: ${name}`);
  } else {
    console.log(`FAILED: ${name}`);
    process.exitCode = 1;
  }
}
