import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The package's root. */
export const root = path.resolve(__dirname, '../../..');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A Node-RED of its own, with this package as its only addition. */
export interface NodeRed {
  readonly url: string;
  /** Everything that it keeps on disk and has logged. */
  traces(): string;
  stop(): Promise<void>;
}

/** Starts Node-RED in an empty folder. */
export async function startNodeRed(): Promise<NodeRed> {
  const userDir = mkdtempSync(path.join(tmpdir(), 'node-red-editor-'));
  const scope = path.join(userDir, 'node_modules/@cognito-flows');
  mkdirSync(scope, { recursive: true });
  symlinkSync(root, path.join(scope, 'node-red-cognito-auth'), 'dir');

  const port = await freePort();
  const settings = {
    uiPort: port,
    uiHost: '127.0.0.1',
    flowFile: 'flows.json',
    credentialSecret: 'of this test only',
    editorTheme: { tours: false, palette: { catalogues: [] } },
    telemetry: { enabled: false, updateNotification: false },
  };
  writeFileSync(path.join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);

  const program = require.resolve('node-red/red.js', { paths: [process.env.NODE_RED_ROOT ?? root] });
  const child = spawn(process.execPath, [program, '--userDir', userDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const ready = new Promise<void>((resolve, reject) => {
    const read = (data: Buffer): void => {
      log += data.toString();
      if (log.includes('Started flows')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => { reject(new Error(`Node-RED ended:\n${log}`)); });
  });
  await ready;

  return {
    url: `http://127.0.0.1:${port}/`,
    traces: () => {
      const files = readdirSync(userDir).filter((file) => file.endsWith('.json'));
      return [log, ...files.map((file) => readFileSync(path.join(userDir, file), 'utf8'))].join('\n');
    },
    stop: async () => {
      if (child.exitCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      rmSync(userDir, { recursive: true, force: true });
    },
  };
}
