import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { samplePools } from '@cognito-flows/local-cognito';
import should from 'should';

const command = join(dirname(require.resolve('@cognito-flows/local-cognito')), 'cli.js');

describe('the command local-cognito', () => {
  const children: ChildProcess[] = [];
  let folder = '';

  /** As without npm, unless a test sets INIT_CWD. */
  let env: NodeJS.ProcessEnv = {};

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [command, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };

  /** Runs until the command ends by itself. */
  const run = async (...args: string[]) => {
    const child = start(...args);
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    await once(child, 'close');
    return { code: child.exitCode, output };
  };

  const fileOf = (content: string) => {
    const file = join(folder, 'pools.json');
    writeFileSync(file, content);
    return file;
  };

  beforeEach(() => {
    // As the command sees it: the temporary folder itself may be a link.
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'local-cognito-')));
    env = { ...process.env };
    delete env.INIT_CWD;
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints what runs, answers, and leaves nothing after ${signal}`, async () => {
      const child = start('--port', '0');
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      while (!output.includes('Ctrl-C')) await once(child.stdout, 'data');
      const [, endpoint = ''] = /Endpoint +(\S+)/.exec(output) ?? [];
      should(output).match(/Outbox +http:\/\/127\.0\.0\.1:\d+\/outbox/);
      should(output).match(/IAM key +LOCALCOGNITOPRACTICE practice-only-never-for-aws/);
      should(output).match(/User pool +us-east-1_Practice1/);
      should(output).match(/User pool +us-east-1_Practice2\n +client +practicedeviceclient, no secret\n/);
      should(output).match(/user +station, password Practice-1234, SOFTWARE_TOKEN_MFA, TOTP secret [A-Z2-7]{32}\n/);
      should(output).match(/client +practiceserverclient, secret practice-client-secret/);
      should(output).match(/client +practicerotationclient, no secret\n/);
      should(output).match(/user +ada, password Practice-1234\n/);
      should(output).match(
        /user +grace, temporary password Temporary-1234, SOFTWARE_TOKEN_MFA, TOTP secret [A-Z2-7]{32}\n/,
      );
      // An open connection must not keep the command alive.
      should((await fetch(`${endpoint}/outbox.json`)).status).equal(200);
      child.kill(signal);
      should(await once(child, 'close')).deepEqual([0, null]);
      await fetch(endpoint).should.be.rejected();
    });
  }

  it('runs the pools of a file', async () => {
    const pools = samplePools();
    pools[0]!.id = 'eu-west-1_FromFile';
    const child = start('--port', '0', '--pools', fileOf(JSON.stringify({ pools })));
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    while (!output.includes('Ctrl-C')) await once(child.stdout, 'data');
    should(output).containEql('eu-west-1_FromFile');
  });

  it('explains itself', async () => {
    const { code, output } = await run('--help');
    should(code).equal(0);
    should(output).match(/--port N[^]*--pools FILE/);
  });

  it('names the field that is wrong in a file', async () => {
    const file = fileOf(
      JSON.stringify({ pools: [{ id: 'us-east-1_X', clients: [{ clientId: 'a' }, { clientId: '!' }], users: [] }] }),
    );
    should(await run('--pools', file)).deepEqual({
      code: 1,
      output: `${file}: pools[0].clients[1].clientId must be 1 to 128 letters, digits, _ or +\n`,
    });
  });

  it('tells of a file that is no JSON', async () => {
    const broken = await run('--pools', fileOf('{'));
    should(broken).match({ code: 1, output: /pools\.json: .*JSON/ });
  });

  it('tells of a file that holds no object, or no pool', async () => {
    should(await run('--pools', fileOf('[]'))).have.property(
      'output',
      `${join(folder, 'pools.json')}: must be an object: { "pools": [...] }\n`,
    );
    should(await run('--pools', fileOf('{"pools":[]}'))).deepEqual({
      code: 1,
      output: `${join(folder, 'pools.json')}: pools must have at least one pool\n`,
    });
  });

  for (const [name, caller] of [
    ['the current folder', ''],
    ['the folder where npm was called', 'caller'],
  ] as const) {
    it(`looks for the file in ${name}, and tells where it looked`, async () => {
      if (caller) env.INIT_CWD = join(folder, caller);
      mkdirSync(join(folder, 'caller'));
      const file = join(folder, caller, 'some.json');
      const missing = await run('--pools', 'some.json');
      should(missing.code).equal(1);
      should(missing.output).startWith(`${file}: ENOENT`);
      writeFileSync(file, '{"pools":[]}');
      should((await run('--pools', 'some.json')).output).startWith(`${file}: pools must have`);
    });
  }

  it('tells of a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    should(await run('--port', String(port))).deepEqual({
      code: 1,
      output: `Port ${port} is in use. Choose another with --port N.\n`,
    });
    server.close();
  });

  it('refuses ports and options that make no sense', async () => {
    should(await run('--port', 'many')).deepEqual({
      code: 1,
      output: '--port must be a whole number from 0 to 65535, not many\n',
    });
    should(await run('--colour')).match({ code: 1, output: /Unknown option '--colour'[^]*--port N/ });
  });
});
