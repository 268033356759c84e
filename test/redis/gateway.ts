import type { PoolConfig } from '@cognito-flows/local-cognito';
import should from 'should';
import { password, poolId, publicClient, testPools } from '../support/pools';
import { linked, RealNodeRed } from '../support/real-node-red';
import type { TestPool } from '../support/sign-in-flow';

/** How long access and ID tokens live, in ms: as short as Cognito allows. */
export const tokenLife = 5 * 60_000;

/** Pools with an app client whose refresh tokens rotate. */
export function rotatingPools(retryGracePeriodSeconds: number): PoolConfig[] {
  const minutes = tokenLife / 60_000;
  const rotating = {
    clientId: publicClient,
    explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
    refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds },
    ...{ accessTokenValidity: minutes, idTokenValidity: minutes },
    tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes' },
  } satisfies PoolConfig['clients'][number];
  return testPools().map((config) => ({
    ...config,
    clients: config.clients.map((client) => (client.clientId === publicClient ? rotating : client)),
  }));
}

/** Whose tokens they are: ada, by her alias. */
export const username = 'ada@example.com';

/**
 * GET /token: the header that a message gets. GET /sign-out: with such a token ada is signed out everywhere. GET /time:
 * Cognito is asked for somebody else.
 */
function flows(pool: TestPool, encryptionKey: string): object[] {
  const placed = { z: 'tab', x: 0, y: 0 };
  const userPool = { userPoolId: poolId, clientId: publicClient, api: 'client-side', endpoint: pool.local.endpoint };
  const token = (id: string, to: string, next: string) => ({
    ...{ id, ...placed, type: 'cognito-token', userPool: 'pool', accessTokenTo: to },
    ...{ username, usernameType: 'str', password: '', passwordType: 'cred', credentials: { password } },
    wires: [[next], []],
  });
  const answer = (id: string, from: string, further: object[] = []) => {
    const rules = [{ t: 'move', p: from, pt: 'msg', to: 'payload', tot: 'msg' }, ...further];
    return { id, ...placed, type: 'change', rules, wires: [['answer']] };
  };
  return [
    { id: 'tab', type: 'tab', label: 'Gateway' },
    { id: 'pool', type: 'cognito-user-pool', ...userPool, credentials: { encryptionKey } },
    { id: 'ask', ...placed, type: 'http in', url: '/token', method: 'get', wires: [['token']] },
    token('token', 'headers.Authorization', 'header'),
    answer('header', 'headers.Authorization'),
    { id: 'askToGo', ...placed, type: 'http in', url: '/sign-out', method: 'get', wires: [['tokenToGo']] },
    token('tokenToGo', 'payload.AccessToken', 'signOut'),
    { id: 'signOut', ...placed, type: 'cognito-sign-out', userPool: 'pool', wires: [['answer']] },
    { id: 'askTime', ...placed, type: 'http in', url: '/time', method: 'get', wires: [['start']] },
    {
      ...{ id: 'start', ...placed, type: 'cognito-initiate-auth', userPool: 'pool' },
      ...{ authFlow: 'USER_PASSWORD_AUTH', authFlowType: 'authFlow', username: 'tom', usernameType: 'str' },
      ...{ password: '', passwordType: 'cred', credentials: { password } },
      wires: [['answer'], ['answer']],
    },
    { id: 'failed', ...placed, type: 'catch', scope: null, wires: [['why']] },
    answer('why', 'error.message', [{ t: 'set', p: 'statusCode', pt: 'msg', to: '500', tot: 'num' }]),
    { id: 'answer', ...placed, type: 'http response', wires: [] },
  ];
}

/** A Node-RED that puts ada's access token on each message, and keeps her tokens in a Redis. */
export class Gateway {
  readonly #nodeRed: RealNodeRed;
  readonly #pool: TestPool;

  private constructor(nodeRed: RealNodeRed, pool: TestPool) {
    this.#nodeRed = nodeRed;
    this.#pool = pool;
  }

  /** Starts a Node-RED without flows. @param url of the Redis */
  static async start(pool: TestPool, url: string): Promise<Gateway> {
    const store = { module: require.resolve('./redis-context'), config: { url } };
    return new Gateway(await RealNodeRed.start(linked, { contextStorage: { default: store } }), pool);
  }

  async deploy(encryptionKey: string): Promise<void> {
    await this.#nodeRed.deploy(flows(this.#pool, encryptionKey));
  }

  /** Sends a message. @returns the token that it gets, which Cognito takes at that moment */
  async token(): Promise<string> {
    const token = await this.anyToken();
    should(await isAccepted(this.#pool, token)).equal(true);
    return token;
  }

  /** Sends a message. @returns the token that it gets, which may have been revoked */
  async anyToken(): Promise<string> {
    const response = await this.#nodeRed.fetch('/token');
    const text = await response.text();
    should(text).match(/^Bearer /);
    return text.replace('Bearer ', '');
  }

  /** Signs ada out everywhere. */
  async signOut(): Promise<void> {
    await this.#nodeRed.text('/sign-out');
  }

  /** Lets it know Cognito's time: its next call would tell too. */
  async learnTime(): Promise<void> {
    await this.#nodeRed.text('/time');
  }

  /** What its nodes have logged that an operator should look at. */
  get warnings(): string[] {
    return this.#nodeRed.output.split('\n').filter((line) => / - \[(warn|error)\] \[/.test(line));
  }

  crash(): Promise<void> {
    return this.#nodeRed.crash();
  }

  stop(): Promise<void> {
    return this.#nodeRed.stop();
  }
}

async function isAccepted(pool: TestPool, token: string): Promise<boolean> {
  const response = await fetch(pool.local.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'AWSCognitoIdentityProviderService.GetUser',
    },
    body: JSON.stringify({ AccessToken: token }),
  });
  return response.ok;
}
