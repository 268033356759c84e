import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { newTotpSecret, poolId, testPools } from '../support/pools';
import { freePort } from '../support/servers';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

/** A secret that can be told from everything else. */
const newSecret = (kind: string) => `Secret-${kind}-${randomUUID()}`;

const everything = (value: unknown): string =>
  inspect(value, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity });

describe('secrets', () => {
  const secrets = {
    password: newSecret('password'),
    wrongPassword: newSecret('wrong'),
    temporaryPassword: newSecret('temporary'),
    newPassword: newSecret('new'),
    totpSecret: newTotpSecret(),
    clientSecret: newSecret('client'),
    secretAccessKey: newSecret('access'),
    sessionToken: newSecret('session'),
    refreshToken: newSecret('refresh'),
    answer: newSecret('answer'),
  };

  const accessKeyId = 'AKIATESTOFTHENODES';
  const pool = new TestPool(() => {
    secrets.totpSecret = newTotpSecret(); // the codes of the last test's have been used
    const [first, ...others] = testPools();
    const clients = first!.clients.map((client) =>
      client.clientSecret ? { ...client, clientSecret: secrets.clientSecret } : client,
    );
    const users = first!.users.map((user) => ({
      ...user,
      ...(user.password && { password: secrets.password }),
      ...(user.temporaryPassword && { temporaryPassword: secrets.temporaryPassword }),
      ...(user.username === 'tom' && { totpSecret: secrets.totpSecret }),
    }));
    return {
      pools: [{ ...first!, clients, users }, ...others],
      iamUsers: [{ accessKeyId, secretAccessKey: secrets.secretAccessKey }],
    };
  });
  stopFlowAfterEach();

  const access = () => pool.serverSide({}, { ...secrets, accessKeyId, sessionToken: undefined });
  const answer = (): Setup['answer'] & object => ({
    settings: typed('totpSecret', 'cred'),
    credentials: { totpSecret: secrets.totpSecret },
  });

  /** The names of the secrets that can be found in a value, at any depth. */
  const found = (value: unknown, more: Record<string, string> = {}): string[] => {
    const text = everything(value);
    return Object.entries({ ...secrets, ...more }).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
  };

  /** Runs sign-ins that go well and sign-ins that do not, with every kind of secret. */
  async function useEverySecret(flow: SignInFlow) {
    const ada = (password: string) => ({ payload: { username: 'ada', password } });
    await flow.signedIn(ada(secrets.password));
    await flow.caught(ada(secrets.wrongPassword), 'NotAuthorizedException');
    const grace = await flow.challenged(
      { payload: { username: 'grace', password: secrets.temporaryPassword } },
      'NEW_PASSWORD_REQUIRED',
    );
    await flow.answer({ payload: { newPassword: secrets.newPassword, userAttributes: {} }, cognito: grace.cognito });
    await flow.answer({
      payload: { newPassword: secrets.newPassword, userAttributes: { name: 'Grace' } },
      cognito: grace.cognito,
    });
    const tom = await flow.challenged(
      { payload: { username: 'tom', password: secrets.password } },
      'SOFTWARE_TOKEN_MFA',
    );
    const totpCode = currentTotpCode(secrets.totpSecret);
    await flow.answer({ payload: {}, cognito: tom.cognito });
    const sam = await flow.challenged({ payload: { username: 'sam', password: secrets.password } }, 'SMS_MFA');
    const wrongCode = pool.codeOf('sam') === '81726354' ? '81726355' : '81726354';
    await flow.answer({ payload: { code: wrongCode }, cognito: sam.cognito });
    const smsCode = pool.codeOf('sam');
    await flow.answer({ payload: { code: smsCode }, cognito: sam.cognito });
    await flow.answer({ payload: { answer: secrets.answer, password: secrets.password }, cognito: { broken: true } });
    return { totpCode, wrongCode, smsCode };
  }

  const flows: Record<string, () => Setup> = {
    'with passwords': () => ({ ...access(), answer: answer() }),
    'with SRP': () => ({ ...access(), answer: answer(), settings: typed('authFlow', 'str', 'USER_SRP_AUTH') }),
  };
  for (const [name, setup] of Object.entries(flows)) {
    it(`are not in the log, in status, on messages or in msg.cognito (${name})`, async () => {
      const flow = await SignInFlow.start(setup());
      const codes = await useEverySecret(flow);
      should(flow.arrivals).have.length(11);
      const { wrongCode } = codes;
      should(found(flow.logged, { wrongCode })).be.empty();
      should(found(flow.statuses, codes)).be.empty();
      const caught = flow.arrivals.filter(({ by }) => by === 'Catch').map(({ msg }) => msg);
      should(caught.length).be.aboveOrEqual(3);
      should(found(caught, { wrongCode })).be.empty();
      should(everything(caught.map(({ error }) => error))).not.match(/\bada\b/);
      should(found(flow.arrivals.map(({ msg }) => msg))).be.empty();
      should(
        found(
          flow.arrivals.map(({ msg }) => msg.cognito),
          { wrongCode },
        ),
      ).be.empty();
    });
  }

  it('are not seen by looking into the nodes', async () => {
    const flow = await SignInFlow.start({
      ...access(),
      answer: answer(),
      settings: typed('password', 'cred'),
      credentials: { password: secrets.password, refreshToken: secrets.refreshToken, extraParameters: secrets.answer },
    });
    await flow.signedIn({ payload: { username: 'ada' } });
    for (const node of flow.nodes) {
      should(found(node)).be.empty();
      should(found(Object.entries(node))).be.empty();
      should(everything(node)).containEql('type:'); // it was a node that was looked into
    }
  });

  it('are not in what Catch gets when the network fails', async () => {
    const flow = await SignInFlow.start(
      pool.serverSide({ endpoint: `http://127.0.0.1:${await freePort()}` }, { ...secrets, accessKeyId }),
    );
    const msg = await flow.caught({ payload: { username: 'ada', password: secrets.password } }, 'NetworkError');
    should(found(msg)).be.empty();
    should(found(flow.logged)).be.empty();
  });

  it('are not in what Catch gets when an input can’t be read', async () => {
    for (const settings of [
      typed('password', 'str', secrets.password),
      typed('password', 'json', JSON.stringify({ secret: secrets.password })),
      typed('password', 'json', `{"${secrets.password}`),
      typed('password', 'jsonata', `"${secrets.password}`),
      typed('password', 'msg', 'payload'),
    ]) {
      const flow = await SignInFlow.start({
        ...access(),
        settings: { ...settings, ...typed('username', 'str', 'ada') },
      });
      const msg = await flow.caught({ payload: { [secrets.password]: 1, secret: secrets.password } }, 'InputInvalid');
      should(found({ ...msg, payload: undefined })).be.empty();
      should(found(flow.logged)).be.empty();
    }
  });

  it('of a refresh are not in the log, and only in the payload of the outcome', async () => {
    const flow = await SignInFlow.start({ ...access(), settings: typed('authFlow', 'str', 'REFRESH_TOKEN_AUTH') });
    const failed = await flow.caught(
      { payload: { username: 'ada', refreshToken: secrets.refreshToken } },
      'NotAuthorizedException',
    );
    should(found(failed)).be.empty();
    should(found(flow.logged)).be.empty();
  });

  it('of a sign-out are not in the log, in status, in errors or on the message', async () => {
    const signingIn = await SignInFlow.start(access());
    const { payload } = await signingIn.signedIn({ payload: { username: 'ada', password: secrets.password } });
    const { AccessToken: accessToken, RefreshToken: refreshToken } = payload as Record<string, string>;
    const tokens = { accessToken: accessToken!, refreshToken: refreshToken! };
    // What is wrong is refused first: the access token in place of the refresh token, and one that is no good.
    for (const [signOut, wrong, right] of [
      ['refreshToken', { RefreshToken: accessToken }, { RefreshToken: refreshToken }],
      ['everywhere', { AccessToken: `${accessToken}x` }, { username: 'ada' }],
    ] as const) {
      const flow = await SignInFlow.start({ type: 'cognito-sign-out', ...access(), settings: { signOut } });
      for (const sent of [wrong, right]) await flow.send({ payload: { ...sent } });
      should(flow.arrivals.map(({ by }) => by)).deepEqual(['Catch', 'port 1']);
      should(found([flow.logged, flow.statuses], tokens)).be.empty();
      should(
        found(
          flow.arrivals.map(({ msg }) => msg),
          tokens,
        ),
      ).be.empty();
    }
  });

  it('of a token node are where the token belongs, and nowhere else', async () => {
    const encryptionKey = newSecret('encryption');
    const inputs = { ...typed('username', 'msg', 'username'), ...typed('password', 'msg', 'password') };
    const flow = await SignInFlow.start({
      type: 'cognito-token',
      ...pool.clientSide({}, { encryptionKey }),
      settings: { ...inputs, ...typed('totpSecret', 'cred'), accessTokenTo: 'broker.password' },
      credentials: { totpSecret: secrets.totpSecret, refreshToken: secrets.refreshToken },
    });
    const tokens: string[] = [];
    const send = async (account: object): Promise<void> => {
      const { msg } = await flow.send({ ...account });
      const { broker, ...others } = msg as Message & { broker?: { password: string } };
      if (broker) tokens.push(broker.password);
      should(found({ others, broker: { ...broker, password: undefined } }, { encryptionKey })).be.empty();
      should(Object.keys(broker ?? {})).deepEqual(broker ? ['password'] : []);
      should(everything(msg.error)).not.match(/\b(ada|tom|sam)\b/);
    };
    await send({ username: 'ada', password: secrets.password });
    await send({ username: 'ada', password: secrets.password, forceRefresh: true });
    await send({ username: 'tom', password: secrets.password });
    await send({ username: 'ada', password: secrets.wrongPassword });
    await send({ username: 'sam', password: undefined });
    should(flow.arrivals.map(({ by }) => by)).deepEqual(['port 1', 'port 1', 'port 1', 'Catch', 'Catch']);
    should(new Set(tokens).size).equal(3);

    const given = { ...Object.fromEntries(tokens.entries()), encryptionKey };
    should(found([flow.logged, flow.statuses, flow.nodes.map((node) => Object.entries(node))], given)).be.empty();
    const context = flow.node.context().global;
    const names = context.keys().filter((name) => name.startsWith('cognitoTokens_'));
    should(names.length).be.aboveOrEqual(2);
    const stored = names.map((name) => [name, context.get(name)]);
    const readable = [stored, stored.map(([, text]) => Buffer.from(String(text), 'base64url').toString('latin1'))];
    should(found(readable, given)).be.empty();
    should(everything(stored)).not.match(/\b(ada|tom)\b/);
  });

  it('are not what the pool’s id or a user’s name is, which may be shown', async () => {
    // So that the checks above are known to find what is there.
    const flow = await SignInFlow.start(access());
    const msg = await flow.signedIn({ payload: { username: 'ada', password: secrets.password } });
    should(found(msg, { poolId, username: 'ada' })).deepEqual(['poolId', 'username']);
  });
});
