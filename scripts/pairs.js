'use strict';
/*
 * Copies of the project with another Node-RED on another Node.js, each in a folder of its own below .build/, where what
 * npm installed is kept for the next time. Node.js comes from the npm package `node`, which ships its binaries.
 */
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

/** What belongs to this machine rather than to the project. */
const left = ['node_modules', 'dist', '.git', '.demo', '.build', 'local-cognito/dist'].map((name) =>
  path.join(root, name),
);

const isWindows = process.platform === 'win32';

/** Runs a command, and gives back what it says where that is not shown. */
function run(command, args, options) {
  // npm is a .cmd file on Windows, which only a shell starts.
  return execFileSync(command, args, { stdio: 'inherit', shell: isWindows && command === 'npm', ...options });
}

const byNumber = new Intl.Collator('en', { numeric: true }).compare;

/** The newest version of a package in a range; undefined where npm can't tell. */
function newest(name, range) {
  try {
    const args = ['view', `${name}@${range}`, 'version', '--json'];
    const versions = JSON.parse(run('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return [versions].flat().sort(byNumber).at(-1); // not every registry lists them in order
  } catch {
    return undefined;
  }
}

/** What is to be installed for a pair, or why it can't be had here. */
function resolvePair({ nodeRed, node }) {
  const packages = [];
  for (const [name, range] of [
    ['node-red', nodeRed],
    ['node', node],
  ]) {
    const version = newest(name, range);
    if (version === undefined) return { missing: `npm can't get ${name}@${range}` };
    packages.push(`${name}@${version}`);
  }
  return { packages };
}

/** Tells one set of installed packages from another. */
function fingerprint(packages) {
  const hash = createHash('sha256').update(packages.join('\n'));
  for (const file of ['package.json', 'package-lock.json', 'local-cognito/package.json']) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function isInstalled(stamp, wanted) {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

/** Puts the project's files, as they are now, into a folder that may hold older ones. */
function copyProject(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name !== 'node_modules') rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  for (const name of readdirSync(root)) {
    const source = path.join(root, name);
    if (left.includes(source)) continue;
    cpSync(source, path.join(folder, name), { recursive: true, filter: (file) => !left.includes(file) });
  }
}

/**
 * Makes a copy of the project with a pair, compiled.
 * @returns its folder, the program of its Node.js, and what was installed; or why it can't be had (`missing`)
 */
function preparePair(pair) {
  const { packages, missing } = resolvePair(pair);
  if (missing !== undefined) return { missing };
  const folder = path.join(root, '.build/pairs', `node-red-${pair.nodeRed}-node-${pair.node}`);
  copyProject(folder);
  const stamp = path.join(folder, 'node_modules/.pair');
  const wanted = fingerprint(packages);
  if (!isInstalled(stamp, wanted)) {
    rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...packages], { cwd: folder });
    writeFileSync(stamp, wanted);
  }
  const program = path.join(folder, 'node_modules/node/bin', isWindows ? 'node.exe' : 'node');
  run(program, ['scripts/build.js'], { cwd: folder });
  return { folder, program, packages };
}

module.exports = { newest, preparePair, root, run };
