import { spawnSync } from 'node:child_process';
import path from 'node:path';

/**
 * Runs the `*.spec` files of a folder, which need more than npm can install, or says why it does not.
 * @param name as in `npm run test:<name>`
 * @param folder where the compiled specs are
 * @param missing what this machine lacks, if it lacks something
 */
export function runSpecs(name: string, folder: string, missing: string | undefined): void {
  if (missing !== undefined) {
    console.log(`SKIPPED test:${name}: ${missing}`);
    return;
  }
  const specs = path.join(folder, '**/*.spec.js');
  const options = ['--enable-source-maps', '--forbid-only', '--forbid-pending', '--timeout', '120000', '--exit'];
  const mocha = require.resolve('mocha/bin/mocha.js');
  const { status } = spawnSync(process.execPath, [mocha, '--no-config', ...options, ...process.argv.slice(2), specs], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
