import { LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import fc from 'fast-check';
import should from 'should';
import { inputs, type InputName } from '../../nodes/lib/cognito/inputs';
import { clientSecret, openPools, password, poolId, publicClient, secretClient } from '../support/pools';
import { assertUnpolluted, type Fate, type FlowNodeType, LooseNodes } from '../support/loose-nodes';
import { type Case, oddNodes, soundNodes } from './made-up-messages';
import { anything, entriesOf, real } from './odd-values';
import { holds, seeded } from './seed';

/** How many messages are in the nodes at once. */
const together = 25;

const secretNames = new Set<PropertyKey>([
  ...Object.keys(inputs).filter((name) => inputs[name as InputName].secret),
  ...['AccessToken', 'RefreshToken', 'authorization'],
]);

/** What each type of node may put on a message, or take off it. */
const own: Readonly<Record<FlowNodeType, readonly PropertyKey[]>> = {
  'cognito-initiate-auth': ['payload', 'cognito'],
  'cognito-respond-to-challenge': ['payload', 'cognito'],
  'cognito-mfa-setup': ['payload', 'cognito'],
  'cognito-passkey-setup': ['payload'],
  'cognito-token': ['headers', 'forceRefresh', 'payload', 'password', 'topic'], // three of them hold secrets
  'cognito-sign-out': ['payload', 'cognito'],
  'cognito-verify-token': ['payload', 'cognito', 'headers', 'statusCode'],
};

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor | undefined>;

/** The own properties of an object; none for what can't be looked at. */
function propertiesOf(value: unknown): Properties {
  try {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return new Map();
    return new Map(Reflect.ownKeys(value).map((key) => [key, Object.getOwnPropertyDescriptor(value, key)]));
  } catch {
    return new Map();
  }
}

function assertSame(value: unknown, before: Properties, changing: (key: PropertyKey) => boolean): void {
  const after = propertiesOf(value);
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (!changing(key))
      should(Object.is(after.get(key)?.value, before.get(key)?.value)).be.true(`${String(key)} has changed`);
  }
}

/** Remembers what a message holds. @returns what asserts that only the node's own properties and secrets have changed */
function watched({ type, msg }: Case): (fate: Fate) => void {
  const whole = propertiesOf(msg);
  const { cognito } = msg;
  const valueOf = (key: string): unknown => whole.get(key)?.value as unknown;
  const { body } = Object.fromEntries(
    [...propertiesOf(valueOf('req'))].map(([key, property]) => [key, property?.value as unknown]),
  );
  const inner = [valueOf('payload'), valueOf('cognito'), body].map((value) => [value, propertiesOf(value)] as const);
  return ({ error }) => {
    assertSame(msg, whole, (key) => own[type].includes(key));
    for (const [value, properties] of inner) assertSame(value, properties, (key) => secretNames.has(key));
    // A failed answer can be tried again with the same session.
    if (error && type === 'cognito-respond-to-challenge') {
      should(Object.is(msg.cognito, cognito)).be.true();
    }
  };
}

describe(seeded('any message'), function () {
  this.timeout(120_000);

  const local = new LocalCognito({
    pools: openPools().map((pool) => ({ ...pool, users: [...pool.users, { username: 'nina', password }] })),
  });
  const client = { userPoolId: poolId, clientId: publicClient, api: 'client-side' };
  const server = { userPoolId: poolId, clientId: secretClient, api: 'server-side' };
  let nodes: LooseNodes;
  let made = 0;

  before(() => local.listen(0));
  after(() => local.close());
  beforeEach(() => {
    nodes = new LooseNodes();
    const { endpoint } = local;
    nodes.add('client', 'cognito-user-pool', { ...client, endpoint }, { encryptionKey: 'a key of this test' });
    const keys = { ...practiceCredentials, clientSecret };
    nodes.add('server', 'cognito-user-pool', { ...server, endpoint, credentialsSource: 'keys' }, keys);
    nodes.add('good', 'cognito-initiate-auth', {
      userPool: 'client',
      authFlow: 'USER_PASSWORD_AUTH',
      authFlowType: 'str',
    });
  });
  afterEach(async () => {
    await nodes.closeAll();
    assertUnpolluted();
    // What a node reports of itself has a code, too: nothing has failed that nobody reckoned with.
    should(nodes.reported.filter((report) => report instanceof Error && !Object.hasOwn(report, 'code'))).be.empty();
  });

  const send = async ({ type, pool, settings, msg }: Case): Promise<Fate> => {
    const id = `made up ${made++}`;
    nodes.add(id, type, { userPool: pool, ...settings }, {});
    const fate = await nodes.send(id, msg);
    await nodes.close(id);
    return fate;
  };

  const signIn = async (): Promise<void> => {
    const msg = { _msgid: 'good', payload: { username: 'nina', password } as Record<string, unknown>, kept: {} };
    const { port, error } = await nodes.send('good', msg);
    should(error).be.undefined();
    should(port).equal(0);
    should(msg.payload).have.property('AccessToken');
  };

  for (const type of Object.keys(own) as FlowNodeType[]) {
    it(`leaves ${type} once, by a port or by Catch, with all else as it was`, async () => {
      const fates = new Set<unknown>();
      const batches = fc.array(soundNodes(type, { client, server }), { minLength: together, maxLength: together });
      await holds(batches, 100, async (madeUp) => {
        const cases = madeUp.map(real);
        const checks = cases.map(watched);
        const [outcomes] = await Promise.all([Promise.all(cases.map(send)), signIn()]);
        outcomes.forEach((fate, index) => {
          checks[index]!(fate);
          fates.add(fate.error?.code ?? fate.port);
        });
        assertUnpolluted();
      });
      await signIn();
      should(fates.size).be.above(1); // it got further than to the first check
    });
  }

  it('leaves once where the settings are none that an editor would save', async () => {
    const batches = fc.array(oddNodes(client), { minLength: together, maxLength: together });
    await holds(batches, 200, async (cases) => {
      nodes.add('odd', 'cognito-user-pool', { ...client, endpoint: local.endpoint }, {});
      await Promise.all([...cases.map(real).map(send), signIn()]);
      await nodes.close('odd');
      assertUnpolluted();
    });
    await signIn();
  });

  it('leaves once where the user pool’s settings are none that an editor would save', async () => {
    const settings = entriesOf({
      userPoolId: fc.constant(poolId),
      clientId: fc.constant(publicClient),
      api: fc.constantFrom('client-side', 'server-side', '__proto__'),
      timeout: fc.constantFrom(1, '0.5', -1, 'soon'),
      proxy: fc.constantFrom('', 'nowhere', '__proto__'),
      contextStore: fc.constantFrom('memory', 'nowhere'),
    });
    const credentials = entriesOf({ clientSecret: fc.constant(clientSecret), encryptionKey: fc.constant('key') });
    const cases = fc.tuple(
      settings,
      credentials,
      fc.array(soundNodes('cognito-initiate-auth', { client, server }), { minLength: 5, maxLength: 5 }),
    );
    await holds(cases, 200, async ([poolSettings, secrets, sent]) => {
      // Nowhere but to this machine, whatever else is set.
      const place = { endpoint: local.endpoint, credentialsSource: 'keys' };
      nodes.add(
        'odd',
        'cognito-user-pool',
        { ...real(poolSettings), ...place },
        { ...practiceCredentials, ...real(secrets) },
      );
      await Promise.all([...sent.map((one) => send({ ...real(one), pool: 'odd' })), signIn()]);
      await nodes.close('odd');
      assertUnpolluted();
    });
    await signIn();
  });

  it('may be given secrets of any kind by the node itself', async () => {
    const secrets = entriesOf({
      password: fc.constant(password),
      totpSecret: anything,
      refreshToken: fc.constant('x'),
      answer: anything,
      extraParameters: anything,
    });
    const one = fc.tuple(secrets, fc.constantFrom('cognito-initiate-auth', 'cognito-token'));
    await holds(fc.array(one, { minLength: together, maxLength: together }), 60, async (all) => {
      await Promise.all(
        all.map(async ([credentials, type]) => {
          const id = `made up ${made++}`;
          const typed = Object.fromEntries(Object.keys(credentials).map((name) => [`${name}Type`, 'cred']));
          nodes.add(
            id,
            type,
            { userPool: 'client', username: 'ada', usernameType: 'str', maxWait: 0.05, ...typed },
            real(credentials),
          );
          await nodes.send(id, { _msgid: id, payload: {} });
          await nodes.close(id);
        }),
      );
      assertUnpolluted();
    });
    await signIn();
  });
});
