import type { Node, NodeAPI } from 'node-red';
import { isApi } from '../lib/cognito/apis';
import { isAwsEndpoint, type CredentialsSource } from '../lib/cognito/aws-credentials';
import { CognitoAuthError } from '../lib/cognito/errors';
import { UserPool } from '../lib/cognito/user-pool';
import { proxyForUrl } from '../lib/node-red/http-proxy';
import { SealedStore } from '../lib/node-red/sealed-store';
import { assertResolved, type Settings } from '../lib/node-red/typed-inputs';

/** How long a call may take where the author set nothing, in s. */
const defaultTimeout = 15;

/** Reads settings or credentials as text; empty is the same as not set. */
class Reader {
  constructor(private readonly values: Settings) {}

  optional(name: string): string | undefined {
    const value = this.values[name];
    assertResolved(name, value);
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
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
    case 'default':
    case undefined:
      return { source: 'default' };
    default:
      throw new CognitoAuthError('UserPoolInvalid', { field: 'credentialsSource' });
  }
}

/**
 * The user pool that a config node describes.
 * @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset, naming the setting
 */
export function createUserPool(RED: NodeAPI, config: Settings, credentials: Settings): UserPool {
  const settings = new Reader(config);
  const secrets = new Reader(credentials);
  const api = settings.optional('api') ?? 'server-side';
  if (!isApi(api)) throw new CognitoAuthError('UserPoolInvalid', { field: 'api' });
  const clientSecret = secrets.optional('clientSecret');
  const endpoint = settings.optional('endpoint');
  const proxy = proxyForUrl(RED, config.proxy);
  return new UserPool({
    userPoolId: settings.required('userPoolId'),
    clientId: settings.required('clientId'),
    api,
    credentials: api === 'server-side' ? credentialsSource(settings, secrets) : { source: 'default' },
    timeout: Number(settings.optional('timeout') ?? defaultTimeout) * 1000,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(endpoint !== undefined && { endpoint }),
    ...(proxy && { proxyForUrl: proxy }),
  });
}

/** The encryption key that the examples come with. It is public, and so protects nothing. */
const practiceEncryptionKey = 'practice-only-make-a-key-of-your-own';

/**
 * The words that a user pool's encryption key is made from.
 * @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset when there are none,
 *   PracticeCredentialsRefused for the examples' own with a user pool of AWS's
 */
export function encryptionKeyOf(config: Settings, credentials: Settings): string {
  const key = new Reader(credentials).required('encryptionKey');
  if (key === practiceEncryptionKey && isAwsEndpoint(new Reader(config).optional('endpoint'))) {
    throw new CognitoAuthError('PracticeCredentialsRefused', { field: 'encryptionKey' });
  }
  return key;
}

/**
 * Where the nodes of a user pool keep what has to outlast a message.
 * @throws CognitoAuthError UserPoolInvalid or EnvironmentVariableUnset when there is no encryption key,
 *   PracticeCredentialsRefused for the examples' own with a user pool of AWS's
 */
export function createSealedStore(node: Node, config: Settings, credentials: Settings): SealedStore {
  const settings = new Reader(config);
  const key = encryptionKeyOf(config, credentials);
  return new SealedStore(node.context().global, settings.optional('contextStore'), key, settings.required('userPoolId'));
}
