'use strict';
/*
 * Installs and builds what is missing, and nothing else, so that `npm start` and `npm test` work straight after
 * `git clone`. Uses Node's own modules only: it runs before anything is installed.
 */
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

/** Standard output is for what the command itself prints: `npm run --silent bench -- --json` is read by programs. */
const toStderr = ['inherit', process.stderr, 'inherit'];

/** The packages of a lock file, as `{ path: version }`, without links and without those of other platforms. */
function lockedPackages(file) {
  const { packages } = JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  return Object.entries(packages)
    .filter(([name, entry]) => name.startsWith('node_modules/') && !entry.link && !entry.optional)
    .map(([name, entry]) => `${name}@${entry.version}`)
    .sort();
}

/** Whether node_modules holds exactly what package-lock.json names (npm keeps its own record of what it installed). */
function isInstalled() {
  try {
    const installed = new Set(lockedPackages('node_modules/.package-lock.json'));
    return lockedPackages('package-lock.json').every((entry) => installed.has(entry));
  } catch {
    return false;
  }
}

try {
  if (!isInstalled()) {
    console.error('Installing what package-lock.json names …');
    // npm is a .cmd file on Windows, which only a shell starts.
    const shell = process.platform === 'win32';
    execFileSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: root, stdio: toStderr, shell });
  }
  execFileSync(process.execPath, [path.join(__dirname, 'build.js')], { cwd: root, stdio: toStderr });
} catch (error) {
  // The command has said on its own output what went wrong.
  process.exitCode = error.status || 1;
}
