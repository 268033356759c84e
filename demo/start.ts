import { DEFAULT_PORT, LocalCognito } from '@cognito-flows/local-cognito';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import RED from 'node-red';

/*
 * Node-RED with the example flows, and the local user pool that they sign in to. Everything listens on the loopback
 * interface only.
 */

const root = path.resolve(__dirname, '../..');
const packageName = '@cognito-flows/node-red-cognito-auth';

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
    // npm runs scripts in the package's folder; a relative DIR is meant from where npm was called.
    const from = process.env.INIT_CWD ?? process.cwd();
    return { port, userDir: values['user-dir'] ? path.resolve(from, values['user-dir']) : path.join(root, '.demo') };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** Puts this package where Node-RED looks for a user's nodes. */
function linkPackage(userDir: string): void {
  const link = path.join(userDir, 'node_modules', packageName);
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, 'junction');
}

function exampleFlows(): object[] {
  const folder = path.join(root, 'examples');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object[]);
}

/** Node-RED's own log, where the line that a flow prints about a sign-in stands by itself. */
function logHandler() {
  return ({ level, msg }: { level: number; msg: unknown }): void => {
    const text = msg instanceof Error ? msg.toString() : String(msg);
    const isResult = text.startsWith('Signed in as ');
    console.log(isResult ? text : `${level <= RED.log.WARN ? '[warn] ' : ''}${text}`);
  };
}

async function deploy(flows: object[]): Promise<void> {
  // The credentials stand in the flows themselves, so the runtime takes them from there.
  const withCredentials = { flows } as unknown as Parameters<typeof RED.runtime.flows.setFlows>[0]['flows'];
  await RED.runtime.flows.setFlows({ flows: withCredentials });
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function portInUse(error: unknown, advice: string): unknown {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return inUse ? new UsageError(advice) : error;
}

async function start(): Promise<void> {
  const { port, userDir } = readArguments();
  const server = createServer();
  await listen(server, port).catch((error: unknown) => {
    throw portInUse(error, `Port ${port} is in use. Choose another: npm start -- --port ${port + 1}`);
  });

  const localCognito = new LocalCognito();
  const endpoint = await localCognito.listen().catch((error: unknown) => {
    throw portInUse(error, `Port ${DEFAULT_PORT}, the local user pool's, is in use. Is another demo or local-cognito running?`);
  });

  linkPackage(userDir);
  const isFirstStart = !existsSync(path.join(userDir, 'flows.json'));
  // The published types lag behind Node-RED's settings and its Express applications.
  const settings: object = {
    userDir,
    flowFile: 'flows.json',
    uiPort: port,
    uiHost: '127.0.0.1',
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    telemetry: { enabled: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'off' }, demo: { level: 'info', handler: logHandler } },
  };
  RED.init(server, settings as Parameters<typeof RED.init>[1]);
  const editor = RED.httpAdmin as unknown as Handler;
  const httpNodes = RED.httpNode as unknown as Handler;
  server.on('request', (request, response) => {
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
  console.log(`
Local user pool  ${endpoint}  (its codes: ${endpoint}/outbox)
Node-RED editor  http://localhost:${port}
Web login        http://localhost:${port}/login
`);
  // Deployed rather than copied: this way Node-RED moves the practice credentials into its credentials file.
  if (isFirstStart) await deploy(exampleFlows());
}

start().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
});
