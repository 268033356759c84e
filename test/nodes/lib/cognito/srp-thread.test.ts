import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import should from 'should';
import { bigIntPower, g } from '../../../../nodes/lib/cognito/modular-power';
import { createEphemeral, provePassword } from '../../../../nodes/lib/cognito/srp';
import { inSrpThread } from '../../../../nodes/lib/cognito/srp-thread';

const { signal } = new AbortController();
const module_ = (name: string): string => JSON.stringify(require.resolve(`../../../../nodes/lib/cognito/${name}`));

const challenge = { salt: 'abcdef0123', srpB: '9c'.repeat(383), secretBlock: Buffer.alloc(700, 7).toString('base64') };
const identity = { realm: 'AbCdEfGhI', userId: 'someone', password: 'Practice-1234' };
const noon = Date.UTC(2026, 0, 4, 12, 0, 0);

/** What a program prints, in a process of its own that is to end by itself. */
function printed(script: string): string {
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 15_000 }).trim();
}

const prove = (ephemeral: object): string => `
  const { inSrpThread } = require(${module_('srp-thread')});
  const ephemeral = { a: ${String((ephemeral as { a: bigint }).a)}n, srpA: '${(ephemeral as { srpA: string }).srpA}' };
  const given = [ephemeral, ${JSON.stringify(challenge)}, ${JSON.stringify(identity)}, ${noon}];
  inSrpThread('provePassword', given, new AbortController().signal)
    .then((proof) => console.log(JSON.stringify(proof)));`;

describe('the thread that does SRP’s work', () => {
  it('proves a password with the same bytes', async () => {
    const ephemeral = createEphemeral();
    const proof = await inSrpThread('provePassword', [ephemeral, challenge, identity, noon], signal);
    should(proof).deepEqual(provePassword(ephemeral, challenge, identity, noon));
  });

  it('makes a new secret for each exchange', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => inSrpThread('createEphemeral', [], signal)));
    should(new Set(made.map(({ a }) => a)).size).equal(5);
    for (const { a, srpA } of made) should(srpA).equal(bigIntPower(g, a).toString(16));
  });

  it('hands on why a proof is refused', async () => {
    const forged = { ...challenge, srpB: '0' };
    const proof = inSrpThread('provePassword', [createEphemeral(), forged, identity, noon], signal);
    await proof.should.be.rejectedWith({ code: 'SrpChallengeInvalid', details: { field: 'SRP_B' } });
  });

  it('is not waited for once that was aborted', async () => {
    const aborting = new AbortController();
    const first = inSrpThread('createEphemeral', [], signal);
    const second = inSrpThread('createEphemeral', [], aborting.signal);
    aborting.abort();
    await second.should.be.rejectedWith({ code: 'Aborted' });
    should((await first).srpA).be.a.String();
  });

  it('is asked for many things at once, and gives each the answer to its own', async () => {
    const secrets = Array.from({ length: 20 }, () => createEphemeral());
    const askFor = (ephemeral: (typeof secrets)[number]) =>
      inSrpThread('provePassword', [ephemeral, challenge, identity, noon], new AbortController().signal);
    const proofs = await Promise.all(secrets.map(askFor));
    should(proofs).deepEqual(secrets.map((ephemeral) => provePassword(ephemeral, challenge, identity, noon)));
  });

  it('does first what ends a sign-in', async () => {
    const order: string[] = [];
    const first = Array.from({ length: 20 }, async () => {
      await inSrpThread('createEphemeral', [], signal);
      order.push('begun');
    });
    const proof = inSrpThread('provePassword', [createEphemeral(7n), challenge, identity, noon], signal);
    await Promise.all([...first, proof.then(() => order.push('proven'))]);
    should(order.indexOf('proven')).be.below(10);
  });

  if (process.platform === 'linux') {
    it('gives way to the rest of the process', async () => {
      await inSrpThread('createEphemeral', [], signal);
      const nices = readdirSync('/proc/self/task').map((task) => {
        const [, fields = ''] = readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ');
        return Number(fields.split(' ')[16]); // proc_pid_stat(5)
      });
      should(nices.filter((nice) => nice !== getPriority())).have.length(1);
    });
  }

  it('lets the event loop turn while it works', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await inSrpThread('createEphemeral', [], signal);
    const given = [createEphemeral(7n), challenge, identity, noon] as const;
    turns = 0;
    // As many as take longer than a busy machine may let this thread wait for its turn.
    const prove = () => inSrpThread('provePassword', [...given], new AbortController().signal);
    await Promise.all(Array.from({ length: 50 }, prove));
    clearImmediate(immediate);
    should(turns).be.above(3);
  });

  it('keeps no process from ending', () => {
    const ephemeral = createEphemeral();
    const proof = provePassword(ephemeral, challenge, identity, noon);
    should(JSON.parse(printed(prove(ephemeral)))).deepEqual(proof);
  });

  it('is done without where none can be had, or where it dies', () => {
    const ephemeral = createEphemeral();
    const proof = provePassword(ephemeral, challenge, identity, noon);
    const refusing = `require('node:worker_threads').Worker = class { constructor() { throw new Error('no threads'); } };`;
    const dying = `
      const threads = require('node:worker_threads');
      const { Worker } = threads;
      threads.Worker = class extends Worker { constructor() { super('throw new Error("dies")', { eval: true }); } };`;
    for (const trouble of [refusing, dying]) should(JSON.parse(printed(trouble + prove(ephemeral)))).deepEqual(proof);
  });

  it('is told nothing of what this process was started with', () => {
    const script = prove(createEphemeral());
    const { status, stdout } = spawnSync(process.execPath, ['--require', 'node:assert', '-e', script], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    should(status).equal(0);
    should(stdout).containEql('PASSWORD_CLAIM_SIGNATURE');
  });
});
