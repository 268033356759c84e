import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import should from 'should';
import { challenges } from '../../nodes/lib/cognito/challenges';
import { isSignInState } from '../../nodes/lib/cognito/sign-in-state';
import { password, poolId, publicClient } from '../support/pools';
import { encoded, TestKey } from '../support/token-issuer';
import { assertUnpolluted, type Fate, LooseNodes } from '../support/loose-nodes';
import { anyJson, pollutingKeys } from './odd-values';
import { holds, seeded } from './seed';

/** How many messages are under way at once. */
const together = 25;

const key = new TestKey();
const soundToken = key.sign({ username: 'ada', 'cognito:username': 'ada', exp: 4_000_000_000 });

const mostly = (fitting: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: anyJson });
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mostly(value)])), {
    requiredKeys: [],
  });

/** Tokens that are sound, that only look like tokens, and that don't even do that. */
const tokens = fc.oneof(
  fc.constant(soundToken),
  anyJson.map((claims) => `${encoded({ alg: 'RS256' })}.${encoded(claims)}.AAAA`),
  fc.constantFrom(
    '',
    '.',
    '..',
    'a.b.c',
    `a.${'A'.repeat(100_000)}.c`,
    `a.${encoded('{"a":')}.c`,
    '\u0000.\u0000.\u0000',
  ),
);

const result = some({
  AccessToken: tokens,
  IdToken: tokens,
  RefreshToken: fc.constantFrom('refresh', ''),
  TokenType: fc.constant('Bearer'),
  ExpiresIn: fc.constantFrom(3600, 0, -1, 1e300),
  NewDeviceMetadata: some({ DeviceKey: fc.constant('eu-west-1_aa'), DeviceGroupKey: fc.constant('-group') }),
});

const parameters = fc.oneof(
  some({
    USERNAME: fc.constant('ada'),
    USER_ID_FOR_SRP: fc.constant('ada'),
    SALT: fc.constantFrom('ab', '0', '', 'xyz', 'f'.repeat(10_000)),
    SRP_B: fc.constantFrom('1'.repeat(768), '0', '', '-1', '0x1', 'f'.repeat(10_000)),
    SECRET_BLOCK: fc.constantFrom('AAAA', '', '!!!'),
    MFAS_CAN_CHOOSE: fc.constantFrom('["SOFTWARE_TOKEN_MFA"]', '[', '{}'),
    MFAS_CAN_SETUP: fc.constantFrom('["SOFTWARE_TOKEN_MFA"]', ''),
  }),
  fc.dictionary(fc.constantFrom(...pollutingKeys), anyJson, { maxKeys: 3 }),
);

/** Anything that a server in Cognito's place could say, most of it close to what Cognito says. */
const answers = fc.oneof(
  { weight: 8, arbitrary: some({ AuthenticationResult: result }) },
  {
    weight: 8,
    arbitrary: some({
      ChallengeName: fc.constantFrom(...Object.keys(challenges), 'TOMORROW', '__proto__', ''),
      ChallengeParameters: parameters,
      Session: fc.constant('s'.repeat(30)),
      AvailableChallenges: fc.constantFrom([], ['PASSWORD_SRP'], [1]),
    }),
  },
  {
    weight: 4,
    arbitrary: some({
      SecretCode: fc.constantFrom('ABCDEFGHIJKLMNOP', '', 'not base 32', 'A'.repeat(5_000)),
      Session: fc.constant('s'.repeat(30)),
      Status: fc.constantFrom('SUCCESS', 'ERROR'),
      UserConfirmationNecessary: fc.boolean(),
      CredentialCreationOptions: fc.constant({ challenge: 'x' }),
    }),
  },
  { weight: 2, arbitrary: anyJson },
);

const bodies = fc.oneof(
  { weight: 10, arbitrary: answers.map((answer) => JSON.stringify(answer)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '<html>', '\ufeff{}', '['.repeat(50_000), '{"a":'.repeat(20_000), 'NaN'),
  },
);

/** One answer of a server. */
interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const names = fc.constantFrom(
  'NotAuthorizedException',
  'TooLateException:',
  '__proto__',
  'a#b#c',
  'x'.repeat(1000),
  '',
);

const replies: fc.Arbitrary<Reply> = fc.oneof(
  { weight: 8, arbitrary: bodies.map((body) => ({ status: 200, headers: {}, body })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(400, 403, 404, 413), names, anyJson, bodies)
      .map(([status, name, message, body]) => ({
        status,
        headers: name === '' ? {} : { 'x-amzn-errortype': name },
        body: name === '' ? body : JSON.stringify({ __type: name, message }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(names, anyJson).map(([name, message]) => ({
      status: 400,
      headers: { date: 'yesterday', 'content-type': 'text/html' },
      body: JSON.stringify({ __type: name, message, Message: message, code: message, $metadata: message }),
    })),
  },
);

const good: Reply = {
  status: 200,
  headers: {},
  body: JSON.stringify({ AuthenticationResult: { AccessToken: soundToken, IdToken: soundToken, ExpiresIn: 3600 } }),
};

/** What is sent to find out what becomes of an answer: the node, its settings, and what the message holds. */
const errands: readonly (readonly [type: string, settings: object, msg: object])[] = [
  ['cognito-initiate-auth', { authFlow: 'USER_PASSWORD_AUTH', authFlowType: 'str' }, { payload: { password } }],
  [
    'cognito-initiate-auth',
    { authFlow: 'USER_SRP_AUTH', authFlowType: 'str' },
    { payload: { password, rememberDevice: true } },
  ],
  [
    'cognito-initiate-auth',
    { authFlow: 'USER_AUTH', authFlowType: 'str', rememberTokens: true },
    { payload: { password } },
  ],
  [
    'cognito-initiate-auth',
    { authFlow: 'REFRESH_TOKEN_AUTH', authFlowType: 'str' },
    { payload: { refreshToken: 'r' } },
  ],
  ['cognito-respond-to-challenge', {}, { payload: { code: '123456', rememberDevice: true }, challengeName: 'SMS_MFA' }],
  ['cognito-respond-to-challenge', {}, { payload: { password }, challengeName: 'PASSWORD_SRP' }],
  ['cognito-mfa-setup', {}, { payload: {}, challengeName: 'MFA_SETUP' }],
  ['cognito-mfa-setup', {}, { payload: { code: '123456' }, challengeName: 'MFA_SETUP' }],
  ['cognito-mfa-setup', {}, { payload: { AccessToken: soundToken } }],
  ['cognito-passkey-setup', {}, { payload: { AccessToken: soundToken } }],
  ['cognito-passkey-setup', {}, { payload: { AccessToken: soundToken, credential: { id: 'x' } } }],
  ['cognito-token', { passwordType: 'msg', password: 'payload.password', maxWait: 0.3 }, { payload: { password } }],
  [
    'cognito-token',
    { refreshTokenType: 'msg', refreshToken: 'payload.refreshToken', maxWait: 0.3 },
    { payload: { refreshToken: 'r' } },
  ],
  ['cognito-sign-out', {}, { payload: { AccessToken: soundToken } }],
];

describe(seeded('any answer of a server'), function () {
  this.timeout(120_000);

  const nodes = new LooseNodes();
  const pool = { userPoolId: poolId, clientId: publicClient, api: 'client-side' };
  /** What each message is answered with, by the user whom it is about. */
  const due = new Map<string, Reply>();
  let made = 0;

  // The answer is found by ClientMetadata where there is some; what has none is answered in turn.
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, headers, body } = due.get(request.url?.split('/')[1] ?? '') ?? good;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers }).end(body);
    });
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    nodes.add('good', 'cognito-user-pool', { ...pool, endpoint: endpointOf('good') });
  });
  after(async () => {
    await nodes.closeAll();
    server.closeAllConnections();
    server.close();
  });

  const endpointOf = (id: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${id}`;
  const send = async (
    poolNode: string,
    [type, settings, content]: (typeof errands)[number],
  ): Promise<[Fate, Record<string, unknown>]> => {
    const id = `node of ${poolNode}`;
    const { challengeName, payload } = content as { challengeName?: string; payload: object };
    const state = {
      version: 1,
      ...pool,
      authFlow: 'USER_AUTH',
      issuedAt: 0,
      username: 'ada',
      session: 's',
      challengeName,
    };
    const cognito = challengeName === undefined ? undefined : state;
    const msg: Record<string, unknown> = {
      _msgid: id,
      payload: { username: 'ada', ...payload },
      ...(cognito && { cognito }),
    };
    const username = type === 'cognito-token' ? { username: 'payload.username', usernameType: 'msg' } : {};
    nodes.add(id, type, { userPool: poolNode, ...username, ...settings });
    const fate = await nodes.send(id, msg);
    await nodes.close(id);
    return [fate, msg];
  };

  for (const [index, errand] of errands.entries()) {
    const [type, settings, content] = errand;
    it(`leaves ${type} one way out, ${described(settings, content)}`, async () => {
      const codes = new Set<unknown>();
      // A token node waits for a better answer.
      const runs = type === 'cognito-token' ? 12 : 40;
      await holds(fc.array(replies, { minLength: together, maxLength: together }), runs, async (batch) => {
        const sent = batch.map(async (reply) => {
          const id = `pool${index}x${made++}`;
          due.set(id, reply);
          nodes.add(id, 'cognito-user-pool', { ...pool, endpoint: endpointOf(id) });
          const [fate, msg] = await send(id, errand);
          await nodes.close(id);
          due.delete(id);
          assertUsable(type, fate, msg);
          codes.add(fate.error?.code ?? fate.port);
        });
        const signIn = send('good', errands[0]!).then(([fate, msg]) => {
          should(fate.port).equal(0);
          should(msg.payload).have.property('AccessToken', soundToken);
        });
        await Promise.all([...sent, signIn]);
        assertUnpolluted();
      });
      should(codes.size).be.above(2);
      should([...codes]).not.containEql('UnexpectedError');
      for (const code of codes)
        should(code).match((name) => typeof name === 'number' || /^[A-Z]\w+$/.test(String(name)));
    });
  }
});

/** An errand in the words of its settings, without what is the same in all. */
function described(settings: object, content: object): string {
  const { payload, challengeName } = content as { payload: object; challengeName?: string };
  const { authFlow } = settings as { authFlow?: string };
  return [authFlow, challengeName, Object.keys(payload).join(', ') || 'nothing given'].filter(Boolean).join(', ');
}

/** Who is said to be signed in has an access token, and what is carried on is what the next node takes. */
function assertUsable(type: string, { port }: Fate, { payload, cognito }: Record<string, unknown>): void {
  if (cognito !== undefined) should(isSignInState(cognito)).be.true();
  if (port !== 0 || !/initiate|respond/.test(type)) return;
  const { AccessToken } = payload as { AccessToken?: unknown };
  should(AccessToken).be.a.String().and.not.be.empty();
}
