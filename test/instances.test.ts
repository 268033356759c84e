import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import should from 'should';
import { password, poolId, publicClient, testPools } from './support/pools';
import { linked, RealNodeRed } from './support/real-node-red';
import { TestPool } from './support/sign-in-flow';

describe('several Node-REDs on one machine that share a context store', function () {
  this.timeout(120_000);
  const deviceConfiguration = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true };
  const pool = new TestPool(() => ({ pools: testPools().map((config) => ({ ...config, deviceConfiguration })) }));
  const store = mkdtempSync(path.join(tmpdir(), 'shared-context-'));
  const running: RealNodeRed[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((nodeRed) => nodeRed.stop()));
    rmSync(store, { recursive: true, force: true });
  });

  /** A gateway that signs tom in at GET /sign-in, and says whether a code was needed. */
  const flows = (): object[] => {
    const placed = { z: 'tab', x: 0, y: 0 };
    const userPool = { userPoolId: poolId, clientId: publicClient, api: 'client-side', endpoint: pool.local.endpoint };
    const say = (id: string, text: string) => {
      const rules = [{ t: 'set', p: 'payload', pt: 'msg', to: text, tot: 'str' }];
      return { id, ...placed, type: 'change', rules, wires: [['answer']] };
    };
    return [
      { id: 'tab', type: 'tab', label: 'Gateway' },
      { id: 'pool', type: 'cognito-user-pool', ...userPool, credentials: { encryptionKey: 'shared by both' } },
      { id: 'ask', ...placed, type: 'http in', url: '/sign-in', method: 'get', wires: [['start']] },
      {
        ...{ id: 'start', ...placed, type: 'cognito-initiate-auth', userPool: 'pool', keepDevice: true },
        ...{ username: 'tom', usernameType: 'str', password: '', passwordType: 'cred', credentials: { password } },
        wires: [['remembered'], ['code']],
      },
      {
        ...{ id: 'code', ...placed, type: 'cognito-respond-to-challenge', userPool: 'pool' },
        ...{ totpSecretType: 'cred', credentials: { totpSecret: pool.user('tom').totpSecret } },
        wires: [['coded'], []],
      },
      say('remembered', 'on a remembered device'),
      say('coded', 'with a code'),
      { id: 'failed', ...placed, type: 'catch', scope: null, wires: [['why']] },
      { ...say('why', 'error.message'), rules: [{ t: 'move', p: 'error.message', pt: 'msg', to: 'payload', tot: 'msg' }] },
      { id: 'answer', ...placed, type: 'http response', wires: [] },
    ];
  };

  async function start(): Promise<RealNodeRed> {
    const contextStorage = { default: { module: 'localfilesystem', config: { dir: store, cache: false } } };
    const nodeRed = await RealNodeRed.start(linked, { contextStorage });
    running.push(nodeRed);
    await nodeRed.deploy(flows());
    return nodeRed;
  }

  it('remember a device each, and keep it over a deploy', async () => {
    const one = await start();
    should(await one.text('/sign-in')).equal('with a code');
    should(await one.text('/sign-in')).equal('on a remembered device');

    pool.local.clock.advance(30_000); // a code of its own for the other
    const other = await start();
    should(await other.text('/sign-in')).equal('with a code');
    await one.deploy(flows());
    should(await one.text('/sign-in')).equal('on a remembered device');
    should(await other.text('/sign-in')).equal('on a remembered device');
    should(pool.user('tom').devices).have.length(2);
  });
});
