'use strict';
/*
 * Compiles the TypeScript, then puts beside the compiled nodes what Node-RED looks for there: dialogs, help, message
 * catalogues and icons. The tables that the dialogs use are written out from the compiled library.
 */
const { execFileSync } = require('node:child_process');
const { cpSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

const compiler = require.resolve('typescript/bin/tsc');
try {
  execFileSync(process.execPath, [compiler, '--build', root], { stdio: 'inherit' });
} catch {
  process.exit(1); // tsc has printed its errors
}

cpSync(path.join(root, 'nodes'), path.join(root, 'dist/nodes'), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
// Node-RED serves one folder of icons for a whole module: the one beside any of the listed nodes.
cpSync(path.join(root, 'icons'), path.join(root, 'dist/nodes/cognito-user-pool/icons'), { recursive: true });

const { dialogTables } = require('../dist/nodes/lib/cognito/dialog-tables');
writeFileSync(
  path.join(root, 'resources/cognito-tables.js'),
  `// Written by scripts/build.js from nodes/lib/cognito: change it there.\nwindow.CognitoTables = ${JSON.stringify(dialogTables(), null, 2)};\n`,
);
