import { randomUUID } from 'node:crypto';
import { LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import { poolId, publicClient, secretClient, testPools } from '../support/pools';
import { linked, RealNodeRed } from '../support/real-node-red';

const canary = (kind: string) => `Canary-${kind}-${randomUUID()}`;

/** Every way in which a secret can be written down. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
  ];
}

describe('canaries in every secret field of a real Node-RED', function () {
  this.timeout(120_000);

  const secrets = {
    clientSecret: canary('client'),
    secretAccessKey: canary('access'),
    encryptionKey: canary('encryption'),
    password: canary('password'),
    wrongPassword: canary('wrong'),
    refreshToken: canary('refresh'),
    code: canary('code'),
    newPassword: canary('new'),
    answer: canary('answer'),
    credential: canary('credential'),
    devicePassword: canary('device'),
    proxyPassword: canary('proxy'),
  };
  const accessKeyId = 'AKIACANARYOFTHETEST';

  const [main, ...others] = testPools();
  const local = new LocalCognito({
    pools: [
      {
        ...main!,
        clients: main!.clients.map((client) =>
          client.clientSecret ? { ...client, clientSecret: secrets.clientSecret } : client,
        ),
        users: main!.users.map((user) => ({ ...user, ...(user.password && { password: secrets.password }) })),
      },
      ...others,
    ],
    iamUsers: [{ accessKeyId, secretAccessKey: secrets.secretAccessKey }],
  });
  let nodeRed: RealNodeRed;

  before(async () => {
    await local.listen(0);
    nodeRed = await RealNodeRed.start(linked, {
      contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 0.1 } } },
    });
  });
  after(async () => {
    await nodeRed.stop();
    await local.close();
  });

  /** Pages that sign in through each node, and answer what Catch, Status or a port has got. */
  function flows(): object[] {
    const place = { z: 'tab', x: 0, y: 0 };
    const server = { userPoolId: poolId, clientId: secretClient, api: 'server-side', credentialsSource: 'keys' };
    const keys = { clientSecret: secrets.clientSecret, accessKeyId, secretAccessKey: secrets.secretAccessKey };
    const { encryptionKey } = secrets;
    const page = (name: string, node: object) => [
      { id: `in ${name}`, ...place, type: 'http in', url: `/${name}`, method: 'post', wires: [[`node ${name}`]] },
      { id: `node ${name}`, ...place, ...node, wires: [['out'], ['out'], ['out']] },
    ];
    const { password, refreshToken, credential, devicePassword, code, newPassword, answer } = secrets;
    const stored = { password, refreshToken, credential, devicePassword };
    return [
      { id: 'tab', type: 'tab', label: 'Canaries' },
      {
        id: 'server',
        type: 'cognito-user-pool',
        ...server,
        endpoint: local.endpoint,
        credentials: { ...keys, encryptionKey },
      },
      {
        id: 'dead',
        type: 'cognito-user-pool',
        ...server,
        endpoint: 'http://127.0.0.1:1',
        timeout: 3,
        credentials: keys,
      },
      {
        id: 'proxy',
        type: 'http proxy',
        url: 'http://127.0.0.1:1',
        credentials: { username: 'gateway', password: secrets.proxyPassword },
      },
      {
        id: 'proxied',
        type: 'cognito-user-pool',
        ...server,
        clientId: publicClient,
        endpoint: 'http://cognito.invalid',
        proxy: 'proxy',
        timeout: 3,
        credentials: keys,
      },
      ...page('start', { type: 'cognito-initiate-auth', userPool: 'server', credentials: stored }),
      ...page('own', {
        type: 'cognito-initiate-auth',
        userPool: 'server',
        password: '',
        passwordType: 'cred',
        credentials: stored,
      }),
      ...page('srp', {
        type: 'cognito-initiate-auth',
        userPool: 'server',
        authFlow: 'USER_SRP_AUTH',
        authFlowType: 'str',
      }),
      ...page('dead', { type: 'cognito-initiate-auth', userPool: 'dead', credentials: stored }),
      ...page('proxied', { type: 'cognito-initiate-auth', userPool: 'proxied', credentials: stored }),
      ...page('answer', {
        type: 'cognito-respond-to-challenge',
        userPool: 'server',
        credentials: { code, newPassword, answer, credential, password },
      }),
      ...page('mfa', {
        type: 'cognito-mfa-setup',
        userPool: 'server',
        credentials: { accessToken: refreshToken, code },
      }),
      ...page('passkey', {
        type: 'cognito-passkey-setup',
        userPool: 'server',
        credentials: { accessToken: refreshToken, credential },
      }),
      ...page('out', {
        type: 'cognito-sign-out',
        userPool: 'server',
        signOut: 'refreshToken',
        credentials: { refreshToken },
      }),
      ...page('token', {
        type: 'cognito-token',
        userPool: 'server',
        username: 'ada',
        usernameType: 'str',
        password: '',
        passwordType: 'cred',
        accessTokenTo: 'taken',
        credentials: { password },
      }),
      // Tokens belong to who asks for them; all else that a message holds is answered in full.
      {
        id: 'out',
        ...place,
        type: 'function',
        func: 'const { req, res, payload, taken, ...rest } = msg; const { AccessToken, IdToken, RefreshToken, ...others } = payload ?? {}; msg.payload = { rest, others }; return msg;',
        wires: [['response']],
      },
      { id: 'catch', ...place, type: 'catch', scope: null, wires: [['out']] },
      { id: 'status', ...place, type: 'status', scope: null, wires: [['debug']] },
      { id: 'debug', ...place, type: 'debug', active: true, tosidebar: false, console: true, complete: 'true' },
      { id: 'response', ...place, type: 'http response', wires: [] },
    ];
  }

  function leaked(place: string, text: string, wanted: Record<string, string> = secrets): string[] {
    return Object.entries(wanted).flatMap(([name, secret]) =>
      spellings(secret).some((spelling) => text.includes(spelling)) ? [`${name} in ${place}`] : [],
    );
  }

  it('are in no log, status, error, message, export or answer, be it that all goes well or nothing does', async () => {
    await nodeRed.deploy(flows());
    const { password, wrongPassword, code, newPassword, answer, refreshToken } = secrets;
    const wrong = { username: 'ada', password: wrongPassword };
    const credential = { id: secrets.credential };
    // What each node is set to read: the rest of a message is none of its business.
    const sent: readonly (readonly [page: string, body: object])[] = [
      ...['start', 'srp'].flatMap(
        (page) =>
          [
            [page, { username: 'ada', password }],
            [page, wrong],
          ] as const,
      ),
      ...([
        ['own', { username: 'ada' }],
        ['token', {}],
        ['token', {}],
      ] as const),
      ...['dead', 'proxied'].map((page) => [page, wrong] as const),
      ['answer', { code, newPassword, answer, credential, password: wrongPassword }],
      ['mfa', { AccessToken: refreshToken, code }],
      ['passkey', { AccessToken: refreshToken, credential }],
      ['out', { RefreshToken: refreshToken }],
    ];
    const answers: string[] = [];
    const send = async (page: string, body: object): Promise<void> => {
      const response = await nodeRed.post(`/${page}`, body);
      answers.push(`${page}: ${await response.text()}`);
    };
    for (const [page, body] of sent) await send(page, body);
    for (const fault of [
      { drop: true },
      { status: 503 },
      { exception: 'InternalErrorException' },
      { exception: 'TooManyRequestsException' },
    ] as const) {
      local.faults.inject({ ...fault, times: 3 });
      await send('start', wrong);
      local.faults.clear();
    }
    should(answers).have.length(sent.length + 4);
    should(answers.filter((text) => text.includes('"error"')).length).be.aboveOrEqual(8);

    const exported = await nodeRed.text('/flows');
    const types = ['cognito-user-pool/server', 'cognito-initiate-auth/node%20start', 'cognito-token/node%20token'];
    const admin = await Promise.all(types.map((path) => nodeRed.text(`/credentials/${path}`)));
    const context = await Promise.all(
      ['/context/global', '/nodes', '/settings'].map((url) => nodeRed.text(url, { Accept: 'application/json' })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // status is shown once a second
    should(nodeRed.output).match(/trace|Started flows/);
    should([
      ...leaked('answers', answers.join('\n')),
      ...leaked('log', nodeRed.output),
      ...leaked('flows', exported),
      ...leaked('admin API', admin.join('\n')),
      ...leaked('context and settings', context.join('\n')),
      ...leaked('files', nodeRed.files),
    ]).be.empty();
    // So that the search is known to find what is there.
    should(leaked('flows', exported, { poolId })).deepEqual(['poolId in flows']);
  });
});
