import { readFileSync } from 'node:fs';
import path from 'node:path';
import { currentTotpCode, LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import should from 'should';
import type { Operation } from '../nodes/lib/cognito/sdk-client';
import { LooseNodes, type FlowNodeType } from './support/loose-nodes';
import { clientSecret, openPools, password, poolId, secretClient } from './support/pools';
import { root } from './support/real-node-red';

/** The operations that IAM decides about: those that are signed. */
const signed = [
  'AdminInitiateAuth',
  'AdminRespondToAuthChallenge',
  'AdminUserGlobalSignOut',
  'DescribeUserPool',
  'DescribeUserPoolClient',
  'GetUserPoolMfaConfig',
  'ListUserPoolClients',
  'ListUserPools',
] as const satisfies Operation[];

/** What SECURITY.md says that each node needs. */
const documented: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...readFileSync(path.join(root, 'SECURITY.md'), 'utf8').matchAll(/^\| `(cognito-[a-z-]+)` \| (.+) \|$/gm)].map(
    ([, node = '', actions = '']) => [node, [...actions.matchAll(/`cognito-idp:(\w+)`/g)].map(([, name = '']) => name)],
  ),
);

/** Something that a node does, on the server-side API. */
interface Errand {
  readonly settings: Record<string, unknown>;
  /** The message, prepared by nodes that may do anything. */
  readonly message: (nodes: LooseNodes, local: LocalCognito) => Promise<Record<string, unknown>>;
  /** Where it leaves. */
  readonly port: number;
}

type Message = Record<string, unknown> & { payload: Record<string, unknown> };

const asAda = { username: 'ada', password };

/** A message behind a sign-in, or behind its first challenge, that another node went through. */
async function started(nodes: LooseNodes, username: string): Promise<Message> {
  const msg = { payload: { username, password } };
  should((await nodes.send('anything', msg)).error).be.undefined();
  return msg;
}

const bySrp = { authFlow: 'USER_SRP_AUTH', authFlowType: 'authFlow' };

const errands: Readonly<Record<FlowNodeType, Errand>> = {
  'cognito-initiate-auth': {
    settings: bySrp,
    message: () => Promise.resolve({ payload: { ...asAda } }),
    port: 0,
  },
  'cognito-respond-to-challenge': {
    settings: {},
    message: async (nodes, local) => {
      const msg = await started(nodes, 'sam');
      return { ...msg, payload: { code: local.outbox.latest('sam')?.code } };
    },
    port: 0,
  },
  'cognito-mfa-setup': {
    settings: {},
    message: async (nodes) => {
      const msg = await started(nodes, 'ada'); // who meets MFA_SETUP
      should((await nodes.send('anyMfa', msg)).port).equal(2);
      return { ...msg, payload: { code: currentTotpCode(String(msg.payload.SecretCode)) } };
    },
    port: 0,
  },
  'cognito-passkey-setup': { settings: {}, message: (nodes) => started(nodes, 'ada'), port: 1 },
  'cognito-token': {
    settings: {
      ...bySrp,
      ...{ username: 'payload.username', usernameType: 'msg', password: 'payload.password', passwordType: 'msg' },
    },
    message: () => Promise.resolve({ payload: { ...asAda } }),
    port: 0,
  },
  'cognito-sign-out': {
    settings: { accessToken: '' },
    message: () => Promise.resolve({ payload: { username: 'ada' } }),
    port: 0,
  },
  'cognito-verify-token': {
    settings: { token: 'payload.AccessToken', askCognito: true },
    message: (nodes) => started(nodes, 'ada'),
    port: 0,
  },
};

describe('the IAM permissions in SECURITY.md', () => {
  let nodes: LooseNodes;
  let local: LocalCognito;

  beforeEach(() => {
    nodes = new LooseNodes();
  });
  afterEach(async () => {
    await nodes.closeAll();
    await local.close();
  });

  /** What becomes of a node's errand where the credentials are denied some operations. */
  async function run(type: FlowNodeType, denied: readonly string[]) {
    const { settings, message } = errands[type];
    const limited = { accessKeyId: 'LOCALCOGNITOLIMITED', secretAccessKey: 'limited-for-this-test' };
    local = new LocalCognito({
      pools: openPools({ mfaConfiguration: type === 'cognito-mfa-setup' ? 'ON' : 'OPTIONAL' }),
      iamUsers: [practiceCredentials, { ...limited, denied: [...denied] }],
    });
    const endpoint = await local.listen(0);
    const pool = { userPoolId: poolId, clientId: secretClient, credentialsSource: 'keys', endpoint, timeout: 20 };
    nodes.add('all', 'cognito-user-pool', pool, { clientSecret, ...practiceCredentials });
    nodes.add('limited', 'cognito-user-pool', pool, { clientSecret, ...limited });
    nodes.add('anything', 'cognito-initiate-auth', { userPool: 'all' });
    nodes.add('anyMfa', 'cognito-mfa-setup', { userPool: 'all' });
    nodes.add('node', type, { userPool: 'limited', ...settings });
    return nodes.send('node', await message(nodes, local));
  }

  it('name every node, and every operation that is signed', () => {
    local = new LocalCognito();
    should(Object.keys(documented).sort()).deepEqual([...Object.keys(errands), 'cognito-user-pool'].sort());
    should([...new Set(Object.values(documented).flat())].sort()).deepEqual([...signed]);
  });

  for (const [type, { port }] of Object.entries(errands) as [FlowNodeType, Errand][]) {
    const needed = documented[type] ?? [];

    it(`are enough for ${type}`, async () => {
      const fate = await run(
        type,
        signed.filter((operation) => !needed.includes(operation)),
      );
      should(fate.error).be.undefined();
      should(fate.port).equal(port);
    });

    for (const action of needed) {
      it(`are none too many for ${type}: ${action}`, async () => {
        const { error } = await run(type, [action]);
        should(error?.code).equal('AccessDeniedException');
      });
    }
  }
});
