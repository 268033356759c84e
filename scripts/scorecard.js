'use strict';
/*
 * Runs Node-RED's scorecard, node-red-dev, on the package as npm would publish it, and fails where a check fails. The
 * tool asks the catalogue of nodes and stops where that does not answer: then the checks that compare with other packages
 * are named as not made, and all others are made.
 */
const { existsSync, mkdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { newest, root, run } = require('./pairs');

const catalogue = 'https://catalogue.nodered.org/catalogue.json';
/** What needs the catalogue: a package of a similar name, a node of the same name. */
const comparing = ['P08', 'N01'];

const folder = path.join(root, '.build/scorecard');

/** Installs the tool, unless it is there. */
function installTool(version) {
  const tool = path.join(folder, `node-red-dev-${version}`);
  const program = path.join(tool, 'node_modules/node-red-dev/bin/run');
  if (!existsSync(program)) {
    mkdirSync(tool, { recursive: true });
    const options = ['--prefix', tool, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    run('npm', ['install', ...options, `node-red-dev@${version}`], { cwd: tool });
  }
  return program;
}

/** The package as npm publishes it. */
function unpackedPackage() {
  const unpacked = path.join(folder, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', unpacked], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  run('tar', ['-xf', filename], { cwd: unpacked });
  return path.join(unpacked, 'package');
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function main() {
  const version = newest('node-red-dev', '0.1');
  if (version === undefined) {
    console.log("SKIPPED scorecard: npm can't get node-red-dev");
    return;
  }
  const program = installTool(version);
  const output = path.join(folder, 'scorecard.json');
  rmSync(output, { force: true });
  const hasCatalogue = await answers(catalogue);
  const preload = hasCatalogue ? [] : ['--require', path.join(__dirname, 'empty-catalogue.js')];
  run(process.execPath, [...preload, program, 'validate', '--path', unpackedPackage(), '--output', output]);

  const notMade = hasCatalogue ? [] : comparing;
  // Beside the checks there is the package's name.
  const checks = Object.entries(JSON.parse(readFileSync(output, 'utf8'))).filter(
    ([name, { test }]) => test !== undefined && !notMade.includes(name),
  );
  const namesOf = (outcome) => checks.filter(([, { test }]) => test === outcome).map(([name]) => name);
  const failed = namesOf(false);
  const passed = namesOf(true);
  console.log(`passed: ${passed.join(', ')}`);
  if (notMade.length > 0) console.log(`not made, as the catalogue does not answer: ${notMade.join(', ')}`);
  if (failed.length > 0) {
    console.log(`FAILED: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
}

void main();
