'use strict';
/*
 * Runs the test suite on every supported pair of Node-RED and Node.js, with a tenth of the made-up cases, of which `npm
 * test` tries all. Given versions of Node.js (`-- 22 24`), on these alone.
 */
const { preparePair, run } = require('./pairs');

const pairs = [
  { nodeRed: '4.1', node: '20' },
  { nodeRed: '5.0', node: '22' },
  { nodeRed: '5.0', node: '24' },
];

/** Tests a pair, and tells how that went. */
function outcome(pair) {
  const name = `Node-RED ${pair.nodeRed} on Node.js ${pair.node}`;
  console.log(`\n--- ${name}`);
  try {
    const { missing, folder, program, packages } = preparePair(pair);
    if (missing !== undefined) return `SKIPPED test:matrix: ${name}: ${missing}`;
    run(program, ['node_modules/mocha/bin/mocha.js'], { cwd: folder, env: { ABUSE_SHARE: '0.1', ...process.env } });
    return `passed: ${name} (${packages.join(', ')})`;
  } catch {
    process.exitCode = 1;
    return `FAILED: ${name}`; // why has been said
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((version) => !pairs.some(({ node }) => node === version));
if (unknown.length > 0) throw new Error(`no pair with Node.js ${unknown.join(', ')}`);
for (const pair of pairs) if (asked.length === 0 || asked.includes(pair.node)) console.log(outcome(pair));
