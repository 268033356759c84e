import fc from 'fast-check';
import { authFlows } from '../../nodes/lib/cognito/auth-flows';
import { challenges } from '../../nodes/lib/cognito/challenges';
import { inputs } from '../../nodes/lib/cognito/inputs';
import { password } from '../support/pools';
import type { Settings } from '../support/sign-in-flow';
import type { FlowNodeType } from '../support/loose-nodes';
import { anything, entriesOf, objectWith, pollutingKeys } from './odd-values';

/** A message, the node that it goes to, and how that one is set. */
export interface Case {
  readonly type: FlowNodeType;
  /** The id of the user pool node. */
  readonly pool: 'server' | 'client' | 'odd';
  readonly settings: Settings;
  readonly msg: Record<string, unknown>;
}

const texts = (...values: unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);

/** What a form would hold, right or wrong. */
const fitting = {
  username: texts('ada', 'sam', 'lin', 'grace', 'nobody', 'ada@example.com'),
  password: texts(password, 'Wrong-1', 1234),
  refreshToken: texts('a.b.c', 'refresh'),
  AccessToken: texts('a.b.c', 'eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6ImFkYSJ9.AAAA'),
  accessToken: texts('a.b.c'),
  RefreshToken: texts('refresh'),
  srpA: texts('a'.repeat(768), '0', 'g'),
  preferredChallenge: texts('PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'WEB_AUTHN', 'toString', '__proto__'),
  code: texts('123456', 123456, ' 12 34 56 '),
  newPassword: texts('New-Password-1', 'weak'),
  userAttributes: texts({ name: 'Ada' }, '{"name":"Ada"}', { ['__proto__']: 'x' }),
  choice: texts('SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'PASSWORD', 'EMAIL_OTP', 'constructor'),
  answer: texts('42', 42),
  email: texts('ada@example.com'),
  credential: texts({ id: 'x' }, '{"id":"x"}'),
  passwordClaimSignature: texts('AAAA'),
  passwordClaimSecretBlock: texts('AAAA'),
  timestamp: texts('Tue Nov 3 08:00:00 UTC 2026'),
  deviceKey: texts('eu-west-1_aaaaaaaa'),
  deviceGroupKey: texts('-group'),
  devicePassword: texts('device'),
  rememberDevice: texts(true, 'on', 'no'),
  extraParameters: texts({ NAME: 'value' }, '{"__proto__":"x"}', { USERNAME: 'ada' }),
  clientMetadata: texts({ a: 'b' }, { a: { b: 1 } }),
  contextData: texts({ IpAddress: '127.0.0.1', ServerName: 's', ServerPath: '/', HttpHeaders: { a: 'b' } }, {}),
  maxAge: texts(60, '60'),
  issuer: texts('me'),
  session: texts('s'.repeat(30)),
} as const;

/** The open challenges of sign-ins of these pools, and sign-ins that are done. */
function stateOf(pool: {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly api: string;
}): Record<string, fc.Arbitrary<unknown>> {
  return {
    version: fc.constant(1),
    userPoolId: fc.constant(pool.userPoolId),
    clientId: fc.constant(pool.clientId),
    api: fc.constant(pool.api),
    authFlow: texts(...Object.keys(authFlows)),
    username: texts('ada', 'sam'),
    issuedAt: fc.constant(1_700_000_000_000),
    challengeName: texts(...Object.keys(challenges), 'TOMORROW', '__proto__', 'constructor'),
    session: texts('s'.repeat(30)),
    challengeParameters: texts(
      {},
      { SALT: 'ab', SRP_B: 'cd', SECRET_BLOCK: 'AAAA', USER_ID_FOR_SRP: 'ada' },
      { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    ),
    availableChallenges: texts([], ['PASSWORD']),
    deviceKey: texts('eu-west-1_aaaaaaaa'),
    rememberDevice: texts(true, false),
    deviceKeptFor: texts('sealed'),
    tokensFor: texts('nobody'),
    totpVerified: fc.constant(true),
    claims: texts({ 'cognito:username': 'ada' }),
    expiresAt: fc.constant(1_700_000_000_000),
  };
}

/** A sign-in in which all that has to be there is, but for what was changed, dropped or put to it. */
export function signInStates(pool: Parameters<typeof stateOf>[0]): fc.Arbitrary<unknown> {
  const fields = stateOf(pool);
  const needed = ['version', 'userPoolId', 'clientId', 'api', 'authFlow', 'issuedAt', 'challengeName'];
  const sound = fc.record(fields, { requiredKeys: needed });
  const change = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 2,
      arbitrary: fc.dictionary(texts(...Object.keys(fields)) as fc.Arbitrary<string>, anything, { maxKeys: 2 }),
    },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...pollutingKeys), anything, { maxKeys: 2 }) },
  );
  const dropped = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: texts(...needed) });
  const changed = fc.tuple(sound, change, dropped).map(([state, other, gone]) => {
    return Object.fromEntries(Object.entries({ ...state, ...other }).filter(([name]) => name !== gone));
  });
  return fc.oneof({ weight: 6, arbitrary: objectWith(changed) }, { weight: 1, arbitrary: anything });
}

/** Whole messages. */
function messages(pool: Parameters<typeof stateOf>[0]): fc.Arbitrary<Record<string, unknown>> {
  const form = objectWith(entriesOf(fitting));
  const payload = fc.oneof({ weight: 5, arbitrary: form }, { weight: 1, arbitrary: anything });
  const header = texts('Bearer a.b.c', 'Basic x', ['Bearer a.b.c']);
  const request = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(form, entriesOf({ authorization: header, 'x-password': header }))
        .map(([body, headers]) => ({ body, headers })),
    },
    { weight: 1, arbitrary: anything },
  );
  const fields = fc.record(
    {
      _msgid: fc.uuid(),
      payload,
      cognito: signInStates(pool),
      req: request,
      headers: fc.oneof(entriesOf({ authorization: header, accept: header }), anything),
      topic: anything,
      username: fitting.username,
      password: fc.oneof(fitting.password, anything),
      forceRefresh: fc.oneof(texts(true, false, 'no'), anything),
      res: anything,
    },
    { requiredKeys: ['_msgid', 'payload'] },
  );
  return objectWith(fields) as fc.Arbitrary<Record<string, unknown>>;
}

const paths = fc.oneof(
  texts(
    ...['payload', 'payload.password', 'payload.username', '_msgid', 'req.body.password', 'req', 'cognito.session'],
    ...['__proto__', '__proto__.toString', 'payload.__proto__.toString', 'payload.constructor.prototype.toString'],
    ...[
      'payload[',
      'payload["x"]',
      'payload[msg.topic]',
      'payload[msg.topic][msg.username]',
      'payload[0]',
      '...',
      'msg.',
    ],
    ...['{', '[1]', '"x"', '$sum(1)', '$$', '#:(nowhere)::x', '${X}', 'HOME', 'true', '7', '__proto__.polluted'],
  ),
  fc.string({ maxLength: 20 }),
  anything,
);
const types = fc.oneof(
  texts(
    'msg',
    'flow',
    'global',
    'str',
    'num',
    'bool',
    'json',
    'bin',
    'date',
    'jsonata',
    'env',
    'cred',
    're',
    'node',
    '',
  ),
  fc.constantFrom<unknown>('toString', '__proto__', 5, null, {}, undefined),
);

/** Typed inputs of any type with anything in them, and the nodes' other settings as no editor would save them. */
const oddSettings: fc.Arbitrary<Settings> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(inputs), 'authFlow', 'token', 'challengeName'), paths, types), {
      maxLength: 6,
    }),
    entriesOf({
      userPool: texts('server', 'client', 'odd', 'nowhere'),
      signOut: texts('everywhere', 'refreshToken', '__proto__', 'constructor'),
      keepDevice: texts(true),
      rememberTokens: texts(true),
      preferred: texts(false),
      tokenUse: texts('access', 'id', 'either', '__proto__'),
      clientIds: texts('a, b', ','),
      groups: texts('a', '"'),
      scopes: texts('a b', 'é"\\'),
      askCognito: texts(true, false),
      clockTolerance: texts(0, '10', -1, ''),
      accessTokenTo: texts(
        'headers.Authorization',
        'payload.token',
        '__proto__.polluted',
        'constructor.prototype.polluted',
        'a[',
        '',
      ),
      idTokenTo: texts('', 'headers["X-Id"]', 'payload.__proto__.polluted'),
      maxWaiting: texts(0, 1, 'many'),
      sendOnRenewal: texts(true),
    }),
  )
  .map(([typedInputs, others]) => ({
    ...others,
    ...Object.fromEntries(
      typedInputs.flatMap(([name, value, type]) => [
        [name, value],
        [`${name}Type`, type],
      ]),
    ),
  }));

/** The nodes as people set them, so that messages get as far as they can. */
const soundSettings: Readonly<Record<FlowNodeType, fc.Arbitrary<Settings>>> = {
  'cognito-initiate-auth': fc
    .constantFrom(...Object.keys(authFlows), 'TOMORROW', '')
    .map((authFlow) => ({ authFlow, authFlowType: 'str' })),
  'cognito-respond-to-challenge': fc.constant({}),
  'cognito-mfa-setup': fc.constant({}),
  'cognito-passkey-setup': fc.constant({}),
  'cognito-token': fc.constantFrom(
    { usernameType: 'msg', username: 'payload.username', passwordType: 'msg', password: 'payload.password' },
    { usernameType: 'msg', username: 'username', refreshTokenType: 'msg', refreshToken: 'payload.refreshToken' },
    {
      usernameType: 'msg',
      username: 'username',
      passwordType: 'msg',
      password: 'password',
      totpSecretType: 'msg',
      totpSecret: 'topic',
    },
    { usernameType: 'str', username: 'ada' },
  ),
  'cognito-verify-token': fc.constantFrom({}, { token: 'payload.AccessToken' }),
  'cognito-sign-out': fc.constantFrom({}, { signOut: 'refreshToken' }),
};

/** Whatever a token node waits for, it is not to wait long. In s. */
const shortWait = { maxWait: 0.05 };

/** Messages for one type of node, which is set as people set it. */
export function soundNodes(
  type: FlowNodeType,
  pools: Readonly<Record<'server' | 'client', Parameters<typeof stateOf>[0]>>,
): fc.Arbitrary<Case> {
  return fc.constantFrom('server', 'client').chain((pool) =>
    fc.record({
      type: fc.constant(type),
      pool: fc.constant(pool),
      settings: soundSettings[type].map((settings) => ({ ...shortWait, ...settings })),
      msg: messages(pools[pool]),
    }),
  );
}

/** Messages for nodes of any type, which are set as nobody sets them. */
export function oddNodes(pool: Parameters<typeof stateOf>[0]): fc.Arbitrary<Case> {
  return fc.record({
    type: fc.constantFrom(...(Object.keys(soundSettings) as FlowNodeType[])),
    pool: fc.constantFrom('server', 'client', 'odd'),
    settings: oddSettings.map((settings) => ({ ...settings, ...shortWait })),
    msg: messages(pool),
  });
}
