/** Runs the tests that need a browser, or says why it does not. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findChromium } from './chromium';

if (findChromium() === undefined) {
  console.log('SKIPPED test:editor: no Chromium on this machine (set CHROMIUM to the path of one)');
} else {
  const root = path.resolve(__dirname, '../../..');
  const config = path.join(root, 'test/editor/.mocharc.json');
  const mocha = require.resolve('mocha/bin/mocha.js');
  const { status } = spawnSync(process.execPath, [mocha, '--config', config, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
