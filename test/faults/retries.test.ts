import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import should from 'should';
import type { Outcomes } from './throttled-process';

const run = promisify(execFile);

const throttled = 'TooManyRequestsException';

describe('a process whose environment sets the SDK’s retries', function () {
  this.timeout(60_000);
  let requests = 0;
  /** How many requests are throttled before one is answered. */
  let patience = Infinity;
  let folder: string;
  const server = createServer((request, response) => {
    requests += 1;
    const refusal = JSON.stringify({ __type: throttled, message: 'Slower, please.' });
    const [status, body] = requests > patience ? [200, '{}'] : [400, refusal];
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    });
  });

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    folder = mkdtempSync(path.join(tmpdir(), 'aws-config-'));
  });
  beforeEach(() => {
    requests = 0;
    patience = Infinity;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What calls come to in such a process. @param timeout of a call, in ms */
  async function outcomes(env: Record<string, string>, timeout: number, atOnce = 1): Promise<[Outcomes, Outcomes]> {
    const program = path.join(__dirname, 'throttled-process.js');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { PATH = '' } = process.env;
    const args = [program, endpoint, String(timeout), String(atOnce)];
    const { stdout } = await run(process.execPath, args, { env: { PATH, ...env }, timeout: 50_000 });
    return JSON.parse(stdout) as [Outcomes, Outcomes];
  }

  /** A shared config file. */
  function configFile(text: string): Record<string, string> {
    const file = path.join(folder, 'config');
    writeFileSync(file, text);
    return { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none') };
  }

  /** Environments, and how many requests a call makes in them. */
  const attempts: Readonly<Record<string, readonly [env: () => Record<string, string>, attempts: number]>> = {
    'not at all': [() => ({}), 3],
    'to the standard mode': [() => ({ AWS_RETRY_MODE: 'standard' }), 3],
    'to what is no number': [() => ({ AWS_MAX_ATTEMPTS: 'many' }), 3],
    'to one attempt': [() => ({ AWS_MAX_ATTEMPTS: '1' }), 1],
    'to two attempts': [() => ({ AWS_MAX_ATTEMPTS: '2' }), 2],
    'to two attempts in adaptive mode': [() => ({ AWS_RETRY_MODE: 'adaptive', AWS_MAX_ATTEMPTS: '2' }), 2],
    'in the shared config file': [() => configFile('[default]\nretry_mode = standard\nmax_attempts = 2\n'), 2],
    'in a profile of the shared config file': [
      () => ({ ...configFile('[profile gateway]\nretry_mode = adaptive\nmax_attempts = 2\n'), AWS_PROFILE: 'gateway' }),
      2,
    ],
    'in both, goes by the environment': [
      () => ({ ...configFile('[default]\nmax_attempts = 5\n'), AWS_MAX_ATTEMPTS: '2' }),
      2,
    ],
  };
  for (const [how, [env, count]] of Object.entries(attempts)) {
    it(`${how}: a call makes ${count}`, async () => {
      const both = await outcomes(env(), 15_000);
      for (const { codes } of both) should(codes).deepEqual([throttled]);
      should(requests).equal(2 * count);
    });
  }

  for (const mode of ['standard', 'adaptive']) {
    it(`to very many attempts in ${mode} mode gives up in time all the same`, async () => {
      const timeout = 2_000;
      const both = await outcomes({ AWS_RETRY_MODE: mode, AWS_MAX_ATTEMPTS: '100' }, timeout);
      for (const { codes, took } of both) {
        should(codes).deepEqual(['TimeoutError']);
        should(took).be.within(timeout - 50, 2 * timeout);
      }
      should(requests).be.within(1, 40); // in adaptive mode a turn to send may come once in 2 s
    });
  }
});
