import { connect } from 'node:net';
import { LocalCognito } from '@cognito-flows/local-cognito';
import fc from 'fast-check';
import should from 'should';
import { password, publicClient, testPools } from '../support/pools';
import { assertUnpolluted } from '../support/loose-nodes';
import { anyJson, pollutingKeys } from './odd-values';
import { holds, seeded } from './seed';

/** How many requests are under way at once. */
const together = 25;

const target = 'AWSCognitoIdentityProviderService';
const amzJson = 'application/x-amz-json-1.1';

describe(seeded('any request to local-cognito'), function () {
  this.timeout(120_000);

  const local = new LocalCognito({ pools: testPools() });
  before(() => local.listen(0));
  after(() => local.close());

  const post = (operation: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(local.endpoint, {
      method: 'POST',
      headers: { 'content-type': amzJson, 'x-amz-target': `${target}.${operation}`, ...headers },
      body,
    });

  const signIn = async (): Promise<void> => {
    const AuthParameters = { USERNAME: 'ada', PASSWORD: password };
    const body = { AuthFlow: 'USER_PASSWORD_AUTH', ClientId: publicClient, AuthParameters };
    const response = await post('InitiateAuth', JSON.stringify(body));
    should(await response.json()).have.propertyByPath('AuthenticationResult', 'AccessToken');
  };

  /** Cognito's own way to say no, and never the pool's own mistake. */
  const assertAnswered = async (response: Response): Promise<void> => {
    const text = await response.text();
    should(response.status).be.within(200, 499);
    const answer = JSON.parse(text) as { __type?: string };
    if (response.status !== 200) should(answer.__type).match(/^\w+$/);
  };

  /** Some members that operations have, with anything in them, so that requests get past the first check. */
  const members = fc.dictionary(
    fc.constantFrom(
      ...[
        'ClientId',
        'AuthFlow',
        'AuthParameters',
        'UserPoolId',
        'Username',
        'Session',
        'ChallengeName',
        'ChallengeResponses',
      ],
      ...['AccessToken', 'RefreshToken', 'Token', 'Password', 'UserAttributes', 'DeviceKey', 'Credential', 'UserCode'],
      ...[
        'ContextData',
        'UserContextData',
        'AnalyticsMetadata',
        'SoftwareTokenMfaSettings',
        'ConfirmationCode',
        'Limit',
      ],
      ...pollutingKeys,
    ),
    fc.oneof(
      anyJson,
      fc.constantFrom<unknown>(
        publicClient,
        'ada',
        'USER_PASSWORD_AUTH',
        'USER_SRP_AUTH',
        'PASSWORD_VERIFIER',
        's'.repeat(30),
      ),
      fc.dictionary(
        fc.constantFrom('USERNAME', 'PASSWORD', 'SRP_A', ...pollutingKeys),
        fc.oneof(anyJson, fc.constant('ada')),
      ),
    ),
    { maxKeys: 8 },
  );
  const names = fc.constantFrom(
    ...[
      'AdminInitiateAuth',
      'InitiateAuth',
      'RespondToAuthChallenge',
      'AdminRespondToAuthChallenge',
      'GetUser',
      'SignUp',
    ],
    ...['AssociateSoftwareToken', 'VerifySoftwareToken', 'SetUserMFAPreference', 'ConfirmDevice', 'UpdateDeviceStatus'],
    ...[
      'GetTokensFromRefreshToken',
      'RevokeToken',
      'GlobalSignOut',
      'ListDevices',
      'ConfirmSignUp',
      'GetUserAuthFactors',
    ],
    ...['StartWebAuthnRegistration', 'CompleteWebAuthnRegistration', 'AdminUserGlobalSignOut', 'DescribeUserPool'],
    ...[...pollutingKeys, '', 'Nothing'],
  );
  const bodies = fc.oneof(
    { weight: 8, arbitrary: members.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: anyJson.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '{', '['.repeat(60_000), '{"a":'.repeat(40_000), '\ufeff{}', 'x'.repeat(300_000)),
    },
  );
  const signatures = fc.constantFrom<Record<string, string>>(
    {},
    {
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
    },
    { authorization: 'Basic x' },
    { 'x-amz-date': '99999999T999999Z', authorization: 'AWS4-HMAC-SHA256' },
  );

  it('is answered in Cognito’s way, and the next sign-in goes well', async () => {
    const requests = fc.tuple(names, bodies, signatures);
    await holds(fc.array(requests, { minLength: together, maxLength: together }), 100, async (batch) => {
      const answered = batch.map(async ([name, body, headers]) => {
        const response = await post(name, body, headers).catch(() => undefined);
        // What is too large may find the connection closed before all of it is sent.
        if (response) await assertAnswered(response);
        else should(body.length).be.above(256 * 1024);
      });
      await Promise.all([...answered, signIn()]);
      assertUnpolluted();
    });
  });

  /** Writes bytes to the server, and waits until it has ended the connection, by a reset maybe. */
  const write = async (bytes: Uint8Array): Promise<void> => {
    const socket = connect(Number(new URL(local.endpoint).port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.end(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
  };
  const line = fc.constantFrom(
    'GET /outbox HTTP/1.1',
    'POST / HTTP/1.1',
    'POST / HTTP/9.9',
    'PRI * HTTP/2.0',
    'GET /%ff HTTP/1.1',
    'GET //x/../.. HTTP/1.1',
  );
  const headerLine = fc.constantFrom(
    ...[
      'Host: x',
      'Host: \u0000',
      'Content-Length: -1',
      'Content-Length: 99999999',
      'Transfer-Encoding: chunked',
      `X: ${'x'.repeat(70_000)}`,
    ],
    ...[
      `Content-Type: ${amzJson}`,
      `X-Amz-Target: ${target}.__proto__`,
      `X-Amz-Target: ${target}.InitiateAuth`,
      'Expect: 100-continue',
    ],
  );
  const rawRequests = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(line, fc.array(headerLine, { maxLength: 5 }), fc.string())
      .map(([first, lines, rest]) => Buffer.from([first, ...lines, '', rest].join('\r\n'), 'latin1')),
  );

  it('that is no HTTP ends its own connection and nothing else', async () => {
    await holds(fc.array(rawRequests, { minLength: together, maxLength: together }), 40, async (batch) => {
      await Promise.all([...batch.map(write), signIn()]);
      assertUnpolluted();
    });
    await signIn();
  });
});
