'use strict';
/*
 * Runs the test suite on every supported pair of Node-RED and Node.js. Each pair gets a copy of the project in a folder
 * of its own, with that Node-RED installed; Node.js comes from the npm package `node`, which ships its binaries.
 */
const { execFileSync } = require('node:child_process');
const { cpSync, mkdirSync, rmSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

const pairs = [
  { nodeRed: '4.1', node: '20' },
  { nodeRed: '5.0', node: '22' },
  { nodeRed: '5.0', node: '24' },
];

/** What belongs to the machine rather than to the project. */
const left = new Set(['node_modules', 'dist', '.git', '.demo', '.build'].map((name) => path.join(root, name)));

const isWindows = process.platform === 'win32';

function run(command, args, folder) {
  // npm is a .cmd file on Windows, which only a shell starts.
  execFileSync(command, args, { cwd: folder, stdio: 'inherit', shell: isWindows && command === 'npm' });
}

/** Makes a copy of the project with a pair of versions, and answers where its Node.js is. */
function install({ nodeRed, node }, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(root, folder, {
    recursive: true,
    filter: (source) => !left.has(source) && !/local-cognito.(dist|node_modules)$/.test(source),
  });
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node-red@${nodeRed}`, `node@${node}`], folder);
  return path.join(folder, 'node_modules/node/bin', isWindows ? 'node.exe' : 'node');
}

function test(pair) {
  const name = `Node-RED ${pair.nodeRed} on Node.js ${pair.node}`;
  console.log(`\n--- ${name}`);
  const folder = path.join(root, '.build/matrix', `node-red-${pair.nodeRed}-node-${pair.node}`);
  let node;
  try {
    node = install(pair, folder);
  } catch (error) {
    console.log(`SKIPPED test:matrix: ${name} can't be installed (${error.message.split('\n')[0]})`);
    return true;
  }
  try {
    run(node, ['scripts/build.js'], folder);
    run(node, ['node_modules/mocha/bin/mocha.js'], folder);
    console.log(`passed: ${name}`);
    return true;
  } catch {
    console.log(`FAILED: ${name}`); // what failed stands above
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const outcomes = pairs.map(test);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
