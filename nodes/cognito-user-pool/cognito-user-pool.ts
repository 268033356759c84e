import type { Node, NodeAPI, NodeDef } from 'node-red';
import { isApi } from '../lib/cognito/apis';
import type { CredentialsSource } from '../lib/cognito/aws-credentials';
import { CognitoAuthError } from '../lib/cognito/errors';
import { UserPool } from '../lib/cognito/user-pool';
import { hideCredentials } from '../lib/node-red/hide-credentials';
import { proxyForUrl } from '../lib/node-red/http-proxy';
import { assertResolved, type Settings } from '../lib/node-red/typed-inputs';
import type { UserPoolNode } from '../lib/node-red/user-pool-node';

/** How long the flows run before the SDK is loaded in the background, in ms. */
const loadDelay = 500;

/** How long a call may take where the author set nothing, in s. */
const defaultTimeout = 15;

/** Reads settings or credentials as text; empty is the same as not set. */
class Reader {
  constructor(private readonly values: Settings) {}

  optional(name: string): string | undefined {
    const value = this.values[name];
    assertResolved(name, value);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new CognitoAuthError('UserPoolInvalid', { field: name });
    return value;
  }
}

function accessKeys(secrets: Reader) {
  const sessionToken = secrets.optional('sessionToken');
  return {
    accessKeyId: secrets.required('accessKeyId'),
    secretAccessKey: secrets.required('secretAccessKey'),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function credentialsSource(settings: Reader, secrets: Reader): CredentialsSource {
  switch (settings.optional('credentialsSource')) {
    case 'keys':
      return { source: 'keys', keys: accessKeys(secrets) };
    case 'profile':
      return { source: 'profile', profile: settings.required('profile') };
    case 'role': {
      const externalId = settings.optional('externalId');
      return {
        source: 'role',
        roleArn: settings.required('roleArn'),
        ...(externalId !== undefined && { externalId }),
        ...(secrets.optional('accessKeyId') !== undefined && { keys: accessKeys(secrets) }),
      };
    }
    default:
      return { source: 'default' };
  }
}

function createUserPool(RED: NodeAPI, config: Settings, credentials: Settings): UserPool {
  const settings = new Reader(config);
  const secrets = new Reader(credentials);
  const api = settings.optional('api') ?? 'server-side';
  if (!isApi(api)) throw new CognitoAuthError('UserPoolInvalid', { field: 'api' });
  const timeout = Number(config.timeout) || defaultTimeout;
  const clientSecret = secrets.optional('clientSecret');
  const endpoint = settings.optional('endpoint');
  const proxy = proxyForUrl(RED, config.proxy);
  return new UserPool({
    userPoolId: settings.required('userPoolId'),
    clientId: settings.required('clientId'),
    api,
    credentials: api === 'server-side' ? credentialsSource(settings, secrets) : { source: 'default' },
    timeout: timeout * 1000,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(endpoint !== undefined && { endpoint }),
    ...(proxy && { proxyForUrl: proxy }),
  });
}

export = (RED: NodeAPI): void => {
  function CognitoUserPool(this: Node, config: NodeDef & Settings): void {
    RED.nodes.createNode(this, config);
    hideCredentials(this);

    let pool: UserPool | undefined;
    let invalid: unknown;
    try {
      pool = createUserPool(RED, config, this.credentials);
    } catch (error) {
      invalid = error; // told to every message that needs the pool: a config node's own errors reach no Catch node
    }
    const userPool: UserPoolNode['userPool'] = () => {
      if (!pool) throw invalid;
      return pool;
    };
    Object.assign(this, { userPool });

    const load = (): void => {
      loading = setTimeout(() => {
        pool?.load().catch(() => undefined); // the first call tries again, and reports
      }, loadDelay).unref();
    };
    let loading: NodeJS.Timeout | undefined;
    RED.events.once('flows:started', load);

    this.on('close', (done: () => void) => {
      RED.events.off('flows:started', load);
      clearTimeout(loading);
      void (pool ? pool.close() : Promise.resolve()).then(done);
    });
  }

  const secret = { type: 'password' } as const;
  RED.nodes.registerType('cognito-user-pool', CognitoUserPool, {
    credentials: { clientSecret: secret, accessKeyId: secret, secretAccessKey: secret, sessionToken: secret },
  });
};
