import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './servers';

/** The package's root. */
export const root = path.resolve(__dirname, '../../..');

const paths = [process.env.NODE_RED_ROOT ?? root];

/** The version of the Node-RED that the tests start. */
export const nodeRedVersion = versionIn(require.resolve('node-red/package.json', { paths }));

function versionIn(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  return version;
}

/** Runs npm without what an npm around the tests has put into the environment. */
export function npm(args: readonly string[], cwd: string): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  // npm is a .cmd file on Windows, which only a shell starts.
  return execFileSync('npm', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
}

/** Installs a tarball into a user directory, as the palette manager does. */
export function installed(tarball: string): (userDir: string) => void {
  return (userDir) => {
    writeFileSync(path.join(userDir, 'package.json'), '{"name":"node-red-project","private":true,"version":"0.0.1"}');
    npm(['install', tarball, '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--save'], userDir);
  };
}

/** Puts a link to this project into a user directory. */
export function linked(userDir: string): void {
  const scope = path.join(userDir, 'node_modules/@cognito-flows');
  mkdirSync(scope, { recursive: true });
  symlinkSync(root, path.join(scope, 'node-red-cognito-auth'), 'junction');
}

/**
 * Puts a link to this project into a user directory, and beside it a module of the tests' own, which Node-RED loads.
 * @param file absolute
 * @param name of the function in that file that is given `RED`
 */
export function linkedWith(file: string, name: string): (userDir: string) => void {
  return (userDir) => {
    linked(userDir);
    const folder = path.join(userDir, 'nodes');
    mkdirSync(folder);
    writeFileSync(path.join(folder, `${name}.js`), `module.exports = require(${JSON.stringify(file)}).${name};\n`);
    writeFileSync(path.join(folder, `${name}.html`), '<script type="text/javascript"></script>\n');
  };
}

/** Node-RED takes a name for a module of its own; any other has to be loaded in settings.js. */
const loadStores = `for (const store of Object.values(module.exports.contextStorage ?? {})) {
  if (require('node:path').isAbsolute(String(store.module))) store.module = require(store.module);
}
`;

/** The files in a folder, at any depth, without what npm installs, or a test links, there. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(place);
    return entry.isFile() ? [place] : [];
  });
}

/** Node-RED as people run it: a process of its own with a user directory of its own. */
export class RealNodeRed {
  readonly #userDir: string;
  readonly #port: number;
  readonly url: string;
  #child: ChildProcess;
  #output = '';

  private constructor(userDir: string, port: number) {
    this.#userDir = userDir;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = this.#spawn();
  }

  /**
   * Starts Node-RED in a fresh user directory, where this package has been installed.
   * @param further settings; a context store whose module is an absolute path is loaded from there
   */
  static async start(install: (userDir: string) => void, further: object = {}): Promise<RealNodeRed> {
    const userDir = mkdtempSync(path.join(tmpdir(), 'node-red-user-'));
    install(userDir);
    const port = await freePort();
    const settings = {
      uiHost: '127.0.0.1',
      uiPort: port,
      flowFile: 'flows.json',
      credentialSecret: 'of this test only',
      logging: { console: { level: 'trace', metrics: false, audit: false } },
      editorTheme: { tours: false, palette: { catalogues: [] } },
      telemetry: { enabled: false, updateNotification: false },
      ...further,
    };
    writeFileSync(path.join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n${loadStores}`);
    const nodeRed = new RealNodeRed(userDir, port);
    try {
      await nodeRed.#until(() => nodeRed.output.includes('Started flows'));
      return nodeRed;
    } catch (error) {
      // Another program may take a port between the moment when it was free and this one.
      if (!nodeRed.output.includes('port in use')) throw error;
      await nodeRed.stop();
      return RealNodeRed.start(install, further);
    }
  }

  /** Everything that it has logged. */
  get output(): string {
    return this.#output;
  }

  /** The files that it keeps, with their names: flows, credentials, settings, context. */
  get files(): string {
    return filesIn(this.#userDir)
      .map((file) => `${file}\n${readFileSync(file, 'utf8')}`)
      .join('\n');
  }

  fetch(url: string, options: RequestInit = {}): Promise<Response> {
    return fetch(this.url + url, options);
  }

  async text(url: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await this.fetch(url, { headers });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.text();
  }

  /** What a URL of the admin API or of a flow answers. */
  async json(url: string): Promise<unknown> {
    return JSON.parse(await this.text(url, { Accept: 'application/json', 'Node-RED-API-Version': 'v2' }));
  }

  post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Deploys flows and waits until they run. @param type what is stopped and started: all, changed flows, changed nodes */
  async deploy(flows: readonly object[], type: 'full' | 'flows' | 'nodes' = 'full'): Promise<void> {
    const started = this.#starts();
    const headers = { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type };
    const response = await this.post('/flows', { flows }, headers);
    if (!response.ok) throw new Error(`deploying: ${response.status} ${await response.text()}`);
    await this.#until(() => this.#starts() > started);
  }

  /** Null while it runs, and where a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Ends it as a service manager does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#userDir, { recursive: true, force: true });
  }

  /** Ends it as a power failure would, and starts it anew with the files that it has kept. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
    this.#output = '';
    this.#child = this.#spawn();
    await this.#until(() => this.output.includes('Started flows'));
  }

  #spawn(): ChildProcess {
    const program = require.resolve('node-red/red.js', { paths });
    const child = spawn(process.execPath, [program, '--userDir', this.#userDir], {
      env: { ...process.env, PORT: String(this.#port) }, // where Node-RED's own settings look for it
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => (this.#output += data.toString()));
    }
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'close'); // once its last words have been read, too
  }

  #starts(): number {
    return this.#output.split(/Started (?:modified )?(?:flows|nodes)/).length;
  }

  async #until(happened: () => boolean): Promise<void> {
    while (!happened()) {
      if (this.#child.exitCode !== null) throw new Error(`Node-RED has ended:\n${this.#output}`);
      await sleep(20);
    }
  }
}
