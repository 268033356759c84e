import { DEFAULT_PORT, LocalCognito } from '@cognito-flows/local-cognito';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import RED from 'node-red';

/*
 * Node-RED with the example flows, and the local user pool that they sign in to. Everything listens on the loopback
 * interface only.
 */

const root = path.resolve(__dirname, '../..');
const packageName = '@cognito-flows/node-red-cognito-auth';

const host = '127.0.0.1';

const usage = `Usage: npm start -- [--port N] [--user-dir DIR]

  --port N        the port of Node-RED (default 1880)
  --user-dir DIR  where Node-RED keeps its flows (default .demo)`;

type Handler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/** An error that is the user's to mend: it is told without a stack. */
class UsageError extends Error {}

function readArguments(): { port: number; userDir: string } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '1880' },
        'user-dir': { type: 'string', default: '' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new UsageError(`--port takes a number from 1 to 65535, not "${values.port}".`);
    }
    if (port === DEFAULT_PORT) throw new UsageError(`Port ${port} is the local user pool's.`);
    // npm runs scripts in the package's folder; a relative DIR is meant from where npm was called.
    const from = process.env.INIT_CWD ?? process.cwd();
    return { port, userDir: values['user-dir'] ? path.resolve(from, values['user-dir']) : path.join(root, '.demo') };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Says what keeps a port from being opened, or nothing. */
async function obstacle(port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    return codeOf(error) === 'EADDRINUSE'
      ? `Port ${port} is in use.`
      : `Port ${port} can't be opened (${codeOf(error)}).`;
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

async function isLocalUserPool(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/outbox.json`, { signal: AbortSignal.timeout(2000) });
    return 'messages' in ((await response.json()) as object);
  } catch {
    return false;
  }
}

/** Before anything starts: both ports have to be free. */
async function checkPorts(port: number): Promise<void> {
  const obstacles = [await obstacle(port), await obstacle(DEFAULT_PORT)];
  const [ofNodeRed, ofUserPool] = obstacles;
  const found = obstacles.filter((text) => text !== undefined).join(' ');
  if (ofUserPool !== undefined) {
    const runs = await isLocalUserPool(`http://${host}:${DEFAULT_PORT}`);
    const advice = runs
      ? `A local user pool answers on port ${DEFAULT_PORT}: another demo or local-cognito seems to be running. Stop it first.`
      : `The local user pool needs port ${DEFAULT_PORT}: stop the program that uses it.`;
    throw new UsageError(`${found} ${advice}`);
  }
  if (ofNodeRed !== undefined) {
    const other = port < 1024 || port === 65535 || port + 1 === DEFAULT_PORT ? 1880 : port + 1;
    throw new UsageError(`${found} Choose another: npm start -- --port ${other}`);
  }
}

/** Makes the folder for Node-RED's data, if there is none yet. */
function prepareUserDir(userDir: string): void {
  try {
    mkdirSync(userDir, { recursive: true });
    accessSync(userDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const isFile = ['EEXIST', 'ENOTDIR'].includes(codeOf(error));
    const reason = isFile ? 'it is a file, or lies below one' : codeOf(error);
    throw new UsageError(
      `${userDir} can't be Node-RED's folder: ${reason}. Choose another: npm start -- --user-dir DIR`,
    );
  }
}

/**
 * Whether a request names this computer as its host. One that doesn't comes from a page on another site, under a name
 * that was made to lead here; the editor has no login that would stop it.
 */
function isLoopback({ headers }: IncomingMessage): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
}

/** Hands on what is asked of this computer by its own name, and refuses the rest. */
function guard(server: Server, guarded: Server): void {
  server.on('request', (request, response) => {
    if (isLoopback(request)) guarded.emit('request', request, response);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end('The demo is at http://localhost only.\n');
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined); // the client broke off
    if (isLoopback(request)) guarded.emit('upgrade', request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}

/** Puts this package where Node-RED looks for a user's nodes. */
function linkPackage(userDir: string): void {
  const link = path.join(userDir, 'node_modules', packageName);
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, 'junction');
}

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly label?: string;
  readonly method?: string;
  readonly url?: string;
}

/** The example that the others build on: it opens first. */
const firstExample = 'first-sign-in.json';

function exampleFlows(): FlowNode[] {
  const folder = path.join(root, 'examples');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== firstExample);
  return [firstExample, ...files].flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as FlowNode[]);
}

/** The flows that run: from the second start on, what became of the examples. */
async function runningFlows(): Promise<FlowNode[]> {
  return (await RED.runtime.flows.getFlows({})).flows as unknown as FlowNode[];
}

/** The pages that flows offer, by the names of their tabs. */
function pagesOf(flows: readonly FlowNode[], site: string): [name: string, url: string][] {
  const isPage = ({ type, method, url = '' }: FlowNode): boolean =>
    type === 'http in' && method === 'get' && !url.startsWith('/api/');
  const pages = flows.filter(isPage);
  return pages.map(({ z, url = '' }) => [flows.find(({ id }) => id === z)?.label ?? '', site + url]);
}

/** Node-RED's own log, where the line that a flow prints about a sign-in stands by itself. */
function logHandler() {
  return ({ level, msg }: { level: number; msg: unknown }): void => {
    const text = msg instanceof Error ? msg.toString() : String(msg);
    const isResult = text.startsWith('Signed in as ');
    console.log(isResult ? text : `${level <= RED.log.WARN ? '[warn] ' : ''}${text}`);
  };
}

async function deploy(flows: FlowNode[]): Promise<void> {
  // The credentials stand in the flows themselves, so the runtime takes them from there.
  const withCredentials = { flows } as unknown as Parameters<typeof RED.runtime.flows.setFlows>[0]['flows'];
  await RED.runtime.flows.setFlows({ flows: withCredentials });
}

async function start(): Promise<void> {
  const { port, userDir } = readArguments();
  prepareUserDir(userDir);
  await checkPorts(port);

  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const localCognito = new LocalCognito();
  const endpoint = await localCognito.listen();

  linkPackage(userDir);
  process.env.PORT = String(port); // where flows that call this Node-RED look for it
  const isFirstStart = !existsSync(path.join(userDir, 'flows.json'));
  // The published types lag behind Node-RED's settings and its Express applications.
  const settings: object = {
    userDir,
    flowFile: 'flows.json',
    uiPort: port,
    uiHost: host,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    telemetry: { enabled: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'off' }, demo: { level: 'info', handler: logHandler } },
  };
  const nodeRed = createServer(); // reached through the guard only
  guard(server, nodeRed);
  RED.init(nodeRed, settings as Parameters<typeof RED.init>[1]);
  const editor = RED.httpAdmin as unknown as Handler;
  const httpNodes = RED.httpNode as unknown as Handler;
  nodeRed.on('request', (request, response) => {
    editor(request, response, () => {
      httpNodes(request, response);
    });
  });

  const stop = async (): Promise<void> => {
    await RED.stop();
    await localCognito.close();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop());

  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started; // the flows start on their own time
  const flows = isFirstStart ? exampleFlows() : await runningFlows();
  const site = `http://localhost:${port}`;
  const places: [name: string, place: string][] = [
    ['Local user pool', `${endpoint}  (its codes: ${endpoint}/outbox)`],
    ['Node-RED editor', site],
    ...pagesOf(flows, site),
  ];
  const width = Math.max(...places.map(([name]) => name.length));
  console.log(`\n${places.map(([name, place]) => `${name.padEnd(width)}  ${place}`).join('\n')}\n`);
  // Deployed rather than copied: this way Node-RED moves the practice credentials into its credentials file.
  if (isFirstStart) await deploy(flows);
}

start().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
});
