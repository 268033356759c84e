'use strict';
/*
 * Runs the editor's tests on the project's own Node-RED, and on a copy of the project with Node-RED 5.0, which wants a
 * newer Node.js than the project does.
 */
const path = require('node:path');
const { preparePair, root, run } = require('./pairs');

const runner = 'dist/test/editor/run.js';
const screenshots = path.join(root, '.build/screenshots');

/** Runs the specs of a folder. @param name of its screenshots' folder */
function test(program, folder, name) {
  console.log(`\n--- the editor of ${name}`);
  const options = process.argv.slice(2); // are mocha's
  const env = { ...process.env, SCREENSHOTS: path.join(screenshots, name) };
  run(program, [runner, ...options], { cwd: folder, env });
}

function testOwn() {
  const { version } = require('node-red/package.json');
  test(process.execPath, root, `node-red-${version}`);
}

function testNext() {
  const { missing, folder, program, packages } = preparePair({ nodeRed: '5.0', node: '22' });
  if (missing !== undefined) console.log(`SKIPPED test:editor: ${missing}`);
  else test(program, folder, packages[0].replace('@', '-'));
}

for (const step of [testOwn, testNext]) {
  try {
    step();
  } catch {
    process.exitCode = 1; // what failed has been said
  }
}
