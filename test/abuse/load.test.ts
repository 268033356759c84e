import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LocalCognito, type PoolConfig, practiceCredentials, type UserConfig } from '@cognito-flows/local-cognito';
import should from 'should';
import { clientSecret, poolId, secretClient, testPools } from '../support/pools';
import { freePort } from '../support/servers';
import { claimsOf } from '../support/tokens';
import { usually } from './seed';
import { LooseNodes } from '../support/loose-nodes';

const signIns = usually(5_000);
const people = 500;
const atOnce = 200;

/** Of this many sign-ins one is by SRP. */
const srpShare = 10;

/** By how many bytes a sign-in may leave the memory larger: much less than its tokens alone take. */
const leftover = 500;

const passwordOf = (person: number) => `Password-Of-${person}`;

/** The pool, with five hundred users of their own passwords. */
function crowdedPools(): PoolConfig[] {
  const users = Array.from({ length: people }, (_, person): UserConfig => ({
    username: `person${person}`,
    password: passwordOf(person),
    attributes: { email: `person${person}@example.com`, email_verified: 'true', name: `Person ${person}` },
  }));
  return testPools().map((pool) => (pool.id === poolId ? { ...pool, users } : pool));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use once all that can go has gone, in bytes. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

/** A user pool that is gone, with all that it knows, when its use has ended: the memory of the nodes is what counts. */
async function withPool(port: number, use: (local: LocalCognito) => Promise<void>): Promise<void> {
  const local = new LocalCognito({ pools: crowdedPools() });
  await local.listen(port);
  await use(local).finally(() => local.close());
}

describe(`${signIns} sign-ins of ${people} users, ${atOnce} at once`, function () {
  this.timeout(300_000);

  const nodes = new LooseNodes();
  afterEach(() => nodes.closeAll());

  let refused = 0;

  async function signIn(local: LocalCognito, number: number): Promise<void> {
    const person = number % people;
    const authFlow = number % srpShare === 0 ? 'USER_SRP_AUTH' : 'ADMIN_USER_PASSWORD_AUTH';
    const sent = { username: `person${person}@example.com`, password: passwordOf(person) };
    const msg: Record<string, unknown> = { _msgid: String(number), payload: sent, authFlow, number };
    const { port, error } = await nodes.send('node', msg);
    should(msg.number).equal(number);
    if (error) {
      should(error.code).equal('TooManyRequestsException'); // three times in a row, which is bad luck
      refused += 1;
      return;
    }
    should(port).equal(0);
    const { AccessToken, IdToken } = msg.payload as Record<string, unknown>;
    const { sub } = local.user(poolId, `person${person}`);
    should(claimsOf(AccessToken)).match({ username: `person${person}`, sub });
    should(claimsOf(IdToken)).match({ 'cognito:username': `person${person}`, sub });
    should(msg.cognito).match({ username: `person${person}`, claims: { sub } });
  }

  async function signInAll(local: LocalCognito, count: number): Promise<void> {
    let next = 0;
    const one = async (): Promise<void> => {
      while (next < count) await signIn(local, next++);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    should(next).equal(count);
  }

  it('all end with the right user on the right message while Cognito throttles, and leave no memory behind', async () => {
    const port = await freePort();
    const settings = { userPoolId: poolId, clientId: secretClient, credentialsSource: 'keys' };
    const place = { endpoint: `http://127.0.0.1:${port}`, timeout: 120 }; // none is to end because the machine is busy
    nodes.add('pool', 'cognito-user-pool', { ...settings, ...place }, { clientSecret, ...practiceCredentials });
    nodes.add('node', 'cognito-initiate-auth', { userPool: 'pool', authFlow: 'authFlow', authFlowType: 'msg' });

    await withPool(port, (local) => signInAll(local, people)); // everything is loaded, and each user has been there
    const before = await memory();
    await withPool(port, async (local) => {
      for (let at = 0; at < signIns; at += 20) {
        local.faults.inject({ exception: 'TooManyRequestsException', times: 1, after: at });
      }
      await signInAll(local, signIns);
    });
    // Every twentieth request is refused, and each is tried three times: of 8,000 one ends so.
    should(refused).be.below(signIns / 500);
    should((await memory()) - before).be.below(signIns * leftover);
  });
});
