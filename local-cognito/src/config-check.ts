import { isStandardAttribute } from './attributes';
import { firstAuthFactors, type MfaType, mfaTypes } from './challenges/names';
import { ConfigError, flag, integer, isObject, list, object, oneOf, type Proof, record, text } from './config-rules';
import type {
  ClientConfig,
  DeviceConfiguration,
  IamUser,
  PasswordPolicy,
  PoolConfig,
  PoolsFile,
  UserConfig,
} from './config';
import { explicitAuthFlows } from './flows/names';
import { rotates } from './refresh-tokens';
import { clientSeconds } from './token-validity';

const attributeName = text(/^(?:custom:|dev:)?[^\s:]+$/, 'the name of an attribute');
const timeUnit = oneOf(['seconds', 'minutes', 'hours', 'days']);

const client = object<ClientConfig>(['clientId'], {
  clientId: text(/^[\w+]{1,128}$/, '1 to 128 letters, digits, _ or +'),
  clientName: text(),
  clientSecret: text(),
  explicitAuthFlows: list(oneOf(explicitAuthFlows)),
  preventUserExistenceErrors: oneOf(['ENABLED', 'LEGACY']),
  accessTokenValidity: integer(1, 86_400),
  idTokenValidity: integer(1, 86_400),
  refreshTokenValidity: integer(1, 315_360_000),
  tokenValidityUnits: object<NonNullable<ClientConfig['tokenValidityUnits']>>([], {
    accessToken: timeUnit,
    idToken: timeUnit,
    refreshToken: timeUnit,
  }),
  authSessionValidity: integer(3, 15),
  readAttributes: list(attributeName),
  writeAttributes: list(attributeName),
  enableTokenRevocation: flag,
  refreshTokenRotation: object<NonNullable<ClientConfig['refreshTokenRotation']>>(['feature'], {
    feature: oneOf(['ENABLED', 'DISABLED']),
    retryGracePeriodSeconds: integer(0, 60),
  }),
});

const user = object<UserConfig>(['username'], {
  username: text(/^\S+$/, 'a username without spaces'),
  password: text(),
  temporaryPassword: text(),
  temporaryPasswordSetAt: text(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'an ISO 8601 time such as 2030-01-31T08:00:00Z'),
  status: oneOf(['UNCONFIRMED', 'CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'RESET_REQUIRED']),
  enabled: flag,
  attributes: record(text(/[^]*/, 'a text')),
  groups: list(text(/^\S+$/, 'the name of a group')),
  scopes: list(text(/^\S+$/, 'a scope such as plant/read')),
  totpSecret: text(/^[A-Z2-7]{16,}$/, 'base32 (A-Z, 2-7), at least 16 characters'),
  totpDeviceName: text(),
  mfa: object<NonNullable<UserConfig['mfa']>>(['enabled'], {
    enabled: list(oneOf(mfaTypes)),
    preferred: oneOf(mfaTypes),
  }),
});

const pool = object<PoolConfig>(['id', 'clients', 'users'], {
  id: text(/^[a-z]{2}(?:-[a-z]+)+-\d_[0-9a-zA-Z]{1,40}$/, 'a user pool id such as us-east-1_Practice1'),
  clients: list(client),
  users: list(user),
  passwordPolicy: object<PasswordPolicy>([], {
    minimumLength: integer(6, 99),
    requireUppercase: flag,
    requireLowercase: flag,
    requireNumbers: flag,
    requireSymbols: flag,
    temporaryPasswordValidityDays: integer(0, 365),
  }),
  requiredAttributes: list(attributeName),
  mfaConfiguration: oneOf(['OFF', 'ON', 'OPTIONAL']),
  enabledMfas: list(oneOf(mfaTypes)),
  signInPolicy: object<NonNullable<PoolConfig['signInPolicy']>>(['allowedFirstAuthFactors'], {
    allowedFirstAuthFactors: list(oneOf(firstAuthFactors)),
  }),
  webAuthnConfiguration: object<NonNullable<PoolConfig['webAuthnConfiguration']>>(['relyingPartyId'], {
    relyingPartyId: text(/^[\w-]+(?:\.[\w-]+)*$/, 'a domain such as example.com, or localhost'),
    userVerification: oneOf(['required', 'preferred']),
  }),
  usernameAttributes: list(oneOf(['email', 'phone_number'])),
  aliasAttributes: list(oneOf(['email', 'phone_number', 'preferred_username'])),
  autoVerifiedAttributes: list(oneOf(['email', 'phone_number'])),
  deviceConfiguration: object<DeviceConfiguration>([], {
    challengeRequiredOnNewDevice: flag,
    deviceOnlyRememberedOnUserPrompt: flag,
  }),
  usernameConfiguration: object<{ caseSensitive: boolean }>(['caseSensitive'], { caseSensitive: flag }),
});

const iamUser = object<IamUser>(['accessKeyId', 'secretAccessKey'], {
  accessKeyId: text(/^\w{16,128}$/, '16 to 128 letters or digits'),
  secretAccessKey: text(),
  denied: list(text(/^[A-Z]\w+$/, 'the name of an operation such as DescribeUserPool')),
});

const poolsFile: Proof<PoolsFile> = object<PoolsFile>(['pools'], {
  pools: list(pool),
  iamUsers: list(iamUser),
});

/**
 * Checks a configuration, shape first, then what Cognito would not let stand together.
 * @throws ConfigError whose message begins with the path of the field
 */
export function assertPoolsFile(value: unknown): asserts value is PoolsFile {
  if (!isObject(value)) throw new ConfigError('', 'must be an object: { "pools": [...] }');
  poolsFile(value, '');
  const { pools } = value;
  if (pools.length === 0) throw new ConfigError('pools', 'must have at least one pool');
  refuseDoubles(
    'pools',
    'id',
    pools.map(({ id }) => id),
  );
  // Client-side operations name the client alone, so its id must be unique over all pools.
  const clientIds = pools.flatMap(({ clients }) => clients.map(({ clientId }) => clientId));
  refuseDoubles('pools', 'clientId', clientIds);
  pools.forEach((config, index) => {
    checkPool(config, `pools[${index}]`);
  });
}

function refuseDoubles(path: string, field: string, values: readonly string[]): void {
  const double = values.find((value, index) => values.indexOf(value) !== index);
  if (double !== undefined) throw new ConfigError(path, `must not have ${field} ${double} twice`);
}

function checkPool(config: PoolConfig, path: string): void {
  if (config.usernameAttributes?.length && config.aliasAttributes?.length) {
    throw new ConfigError(`${path}.aliasAttributes`, 'cannot stand beside usernameAttributes');
  }
  const factors = config.signInPolicy?.allowedFirstAuthFactors;
  if (factors?.every((factor) => factor === 'WEB_AUTHN')) {
    throw new ConfigError(
      `${path}.signInPolicy.allowedFirstAuthFactors`,
      'must hold PASSWORD, EMAIL_OTP or SMS_OTP: passkeys are registered by users who have signed in before',
    );
  }
  const keyOf = (username: string) => (config.usernameConfiguration?.caseSensitive ? username : username.toLowerCase());
  refuseDoubles(
    `${path}.users`,
    'username',
    config.users.map(({ username }) => keyOf(username)),
  );
  config.clients.forEach((entry, index) => {
    checkClient(entry, `${path}.clients[${index}]`);
  });
  config.users.forEach((entry, index) => {
    checkUser(entry, config, `${path}.users[${index}]`);
  });
}

function checkClient(config: ClientConfig, path: string): void {
  const flows = config.explicitAuthFlows ?? [];
  if (flows.some((flow) => flow.startsWith('ALLOW_')) && !flows.every((flow) => flow.startsWith('ALLOW_'))) {
    throw new ConfigError(`${path}.explicitAuthFlows`, 'cannot mix names that begin with ALLOW_ with the older ones');
  }
  // "You must disable this authentication flow in your app client" (developer guide, "Refresh tokens"). Assumption: a client
  // that names no flows, and thereby allows it, may rotate; the flow is then refused.
  if (rotates(config) && flows.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw new ConfigError(
      `${path}.explicitAuthFlows`,
      'cannot hold ALLOW_REFRESH_TOKEN_AUTH beside refreshTokenRotation',
    );
  }
  const seconds = clientSeconds(config);
  const DAY = 86_400;
  const within = (field: 'accessToken' | 'idToken' | 'refreshToken', min: number, max: number, range: string) => {
    if (seconds[field] < min || seconds[field] > max)
      throw new ConfigError(`${path}.${field}Validity`, `must lie between ${range}`);
  };
  within('accessToken', 300, DAY, '5 minutes and 1 day');
  within('idToken', 300, DAY, '5 minutes and 1 day');
  within('refreshToken', 3600, 3650 * DAY, '60 minutes and 3650 days');
  // aws-cdk, UserPoolClientOptions: "The duration can not be longer than the refresh token validity."
  for (const field of ['accessToken', 'idToken'] as const) {
    if (seconds[field] > seconds.refreshToken) {
      throw new ConfigError(`${path}.${field}Validity`, 'must not be longer than refreshTokenValidity');
    }
  }
}

/** What a user must have before a kind of MFA can be enabled. */
const mfaNeeds: Record<MfaType, { field: string; has: (config: UserConfig) => boolean }> = {
  SOFTWARE_TOKEN_MFA: { field: 'totpSecret', has: ({ totpSecret }) => totpSecret !== undefined },
  SMS_MFA: { field: 'attributes.phone_number', has: ({ attributes }) => Boolean(attributes?.phone_number) },
  EMAIL_OTP: { field: 'attributes.email', has: ({ attributes }) => Boolean(attributes?.email) },
};

/** Then users need no password (developer guide, "Passwordless sign-in with one-time passwords"). */
function allowsCodesAlone({ signInPolicy }: PoolConfig): boolean {
  const factors = signInPolicy?.allowedFirstAuthFactors ?? [];
  return factors.includes('EMAIL_OTP') || factors.includes('SMS_OTP');
}

function checkUser(config: UserConfig, pool: PoolConfig, path: string): void {
  const passwords = [config.password, config.temporaryPassword].filter((password) => password !== undefined);
  if (passwords.length > 1 || (passwords.length === 0 && !allowsCodesAlone(pool))) {
    throw new ConfigError(`${path}.password`, 'or temporaryPassword must be given, and not both');
  }
  const temporary = config.temporaryPassword !== undefined;
  if (config.status !== undefined && temporary !== (config.status === 'FORCE_CHANGE_PASSWORD')) {
    throw new ConfigError(`${path}.status`, 'is FORCE_CHANGE_PASSWORD with a temporaryPassword and only then');
  }
  for (const name of Object.keys(config.attributes ?? {})) {
    if (!isStandardAttribute(name) && !/^(?:custom|dev):/.test(name)) {
      throw new ConfigError(`${path}.attributes.${name}`, 'is neither a standard attribute nor begins with custom:');
    }
  }
  const signInNames = (pool.usernameAttributes ?? []).map((name) => config.attributes?.[name]);
  if (signInNames.length > 0 && !signInNames.includes(config.username)) {
    throw new ConfigError(`${path}.username`, `must be the user's ${pool.usernameAttributes?.join(' or ') ?? ''}`);
  }
  for (const type of config.mfa?.enabled ?? []) {
    const { field, has } = mfaNeeds[type];
    if (!has(config)) throw new ConfigError(`${path}.${field}`, `is missing, and ${type} needs it`);
  }
  if (config.mfa?.preferred && !config.mfa.enabled.includes(config.mfa.preferred)) {
    throw new ConfigError(`${path}.mfa.preferred`, 'must be one of mfa.enabled');
  }
}
