'use strict';
/*
 * Prints which cells of the table of flows and challenges the latest run of the tests has tested, and fails where a
 * possible one was not. With --docs it writes the table of docs/flows-and-challenges.md instead.
 */
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const compiled = path.join(root, 'dist/test/cells/table.js');

if (!existsSync(compiled)) {
  console.log('Nothing was built and tested yet: npm test');
  process.exitCode = 1;
} else if (process.argv.includes('--docs')) {
  const page = path.join(root, 'docs/flows-and-challenges.md');
  writeFileSync(page, require(compiled).withTable(readFileSync(page, 'utf8')));
} else {
  const { text, complete } = require(compiled).latestReport();
  console.log(text);
  process.exitCode = complete ? 0 : 1;
}
