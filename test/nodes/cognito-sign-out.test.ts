import { inspect } from 'node:util';
import {
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { clientSecret, otherPoolId, password, poolId, secretClient, testPools } from '../support/pools';
import { answerLosingServer, silentServer } from '../support/servers';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

interface Tokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
}

const refusals = { access: 'Access Token has been revoked', refresh: 'Refresh Token has been revoked' };

const oneSession = { signOut: 'refreshToken' };

describe('the node “sign out”', () => {
  const pool = new TestPool(() => {
    const [first, other] = testPools();
    const namesake = { username: 'ada', password, attributes: { email: 'ada@other.example', name: 'Ada' } };
    return { pools: [first!, { ...other!, users: [namesake] }] };
  });
  stopFlowAfterEach();

  let sdk: CognitoIdentityProviderClient;
  beforeEach(() => {
    sdk = new CognitoIdentityProviderClient({ endpoint: pool.local.endpoint, region: 'eu-west-1' });
  });
  afterEach(() => {
    sdk.destroy();
  });

  const accesses: Record<string, () => Access> = {
    'server-side at a client with a secret': () => pool.serverSide(),
    'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
    'client-side at a client with a secret': () => pool.clientSideWithSecret(),
    'client-side at a client without a secret': () => pool.clientSide(),
  };

  /** What a message is right behind a sign-in. */
  async function signIn(access: Access, username = 'ada'): Promise<Message & { payload: Tokens }> {
    const flow = await SignInFlow.start(access);
    const { payload, cognito } = await flow.signedIn({ payload: { username, password } });
    return { payload: payload as Tokens, cognito };
  }

  const start = (access: Access, settings: Record<string, unknown> = {}) =>
    SignInFlow.start({ type: 'cognito-sign-out', ...access, settings });

  /** What Cognito says to each of the tokens: the words of its refusal, or nothing. */
  async function refused(access: Access, tokens: Tokens) {
    const { AccessToken, RefreshToken } = tokens;
    const ClientId = String(access.pool?.clientId);
    const secret = ClientId === secretClient && { ClientSecret: clientSecret };
    const words = (error: unknown): string => (error as Error).message;
    const ok = (): undefined => undefined;
    return {
      access: await sdk.send(new GetUserCommand({ AccessToken })).then(ok, words),
      refresh: await sdk
        .send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId, ...secret }))
        .then(ok, words),
    };
  }

  const stillGood = { access: undefined, refresh: undefined };

  for (const [name, access] of Object.entries(accesses)) {
    it(`ends all sessions of the user of an access token, ${name}`, async () => {
      const phone = await signIn(access());
      const laptop = await signIn(access());
      should(await refused(access(), laptop.payload)).deepEqual(stillGood);
      const flow = await start(access());
      await flow.leaves('port 1', { payload: { AccessToken: phone.payload.AccessToken } });
      should(await refused(access(), phone.payload)).deepEqual(refusals);
      should(await refused(access(), laptop.payload)).deepEqual(refusals);
      should(pool.requests('GlobalSignOut')).have.length(1);
    });

    it(`ends the session of one refresh token, and no other, ${name}`, async () => {
      const phone = await signIn(access());
      const laptop = await signIn(access());
      const flow = await start(access(), oneSession);
      await flow.leaves('port 1', { payload: { RefreshToken: phone.payload.RefreshToken } });
      should(await refused(access(), phone.payload)).deepEqual(refusals);
      should(await refused(access(), laptop.payload)).deepEqual(stillGood);
    });

    it(`works right behind a sign-in, ${name}`, async () => {
      for (const settings of [{}, oneSession]) {
        const signedIn = await signIn(access());
        const tokens = { ...signedIn.payload };
        const flow = await start(access(), settings);
        const msg = await flow.leaves('port 1', { ...signedIn, topic: 'kept' });
        should(await refused(access(), tokens)).deepEqual(refusals);
        should(msg).have.property('topic', 'kept');
        should(msg).not.have.property('cognito');
      }
    });
  }

  for (const [what, username] of Object.entries({ 'user name': 'ada', alias: 'ada@example.com' })) {
    it(`ends all sessions of a user by ${what} alone, server-side`, async () => {
      const { payload: ada } = await signIn(pool.serverSide());
      const { payload: unsigned } = await signIn(pool.clientSide());
      const flow = await start(pool.serverSide());
      const msg = await flow.leaves('port 1', { payload: { username, extra: 'kept' } });
      should(msg.payload).deepEqual({ username, extra: 'kept' });
      should(pool.requests('AdminUserGlobalSignOut')).deepEqual([{ UserPoolId: poolId, Username: username }]);
      should(await refused(pool.serverSide(), ada)).deepEqual(refusals);
      should(await refused(pool.clientSide(), unsigned)).deepEqual(refusals);
    });
  }

  it('signs out the user of the sign-in on the message, where nothing else says who', async () => {
    const { payload, cognito } = await signIn(pool.clientSide());
    const flow = await start(pool.serverSide());
    const msg = await flow.leaves('port 1', { payload: {}, cognito });
    should(pool.lastRequest).deepEqual({ UserPoolId: poolId, Username: 'ada' });
    should(msg).not.have.property('cognito');
    should(await refused(pool.clientSide(), payload)).deepEqual(refusals);
  });

  it('goes by the access token where there is a name too: a name may come from a form', async () => {
    const { payload } = await signIn(pool.serverSide());
    const flow = await start(pool.serverSide());
    await flow.leaves('port 1', { payload: { AccessToken: payload.AccessToken, username: 'tom' } });
    should(pool.requests('AdminUserGlobalSignOut')).be.empty();
    should(await refused(pool.serverSide(), payload)).deepEqual(refusals);
  });

  it('needs no IAM credentials for tokens, server-side either', async () => {
    const { payload } = await signIn(pool.serverSide());
    const access = pool.serverSide({ credentialsSource: 'profile', profile: 'that-nobody-has' });
    await (await start(access)).leaves('port 1', { payload: { AccessToken: payload.AccessToken } });
    const byRefreshToken = await start(access, oneSession);
    await byRefreshToken.leaves('port 1', { payload: { RefreshToken: payload.RefreshToken } });
    should(await refused(pool.serverSide(), payload)).deepEqual(refusals);
  });

  it('can sign out the same user again, by name and by refresh token', async () => {
    const { payload } = await signIn(pool.serverSide());
    const byName = await start(pool.serverSide());
    for (const username of ['ada', 'ada']) await byName.leaves('port 1', { payload: { username } });
    const byToken = await start(pool.serverSide(), oneSession);
    const { RefreshToken } = payload;
    for (const token of [RefreshToken, RefreshToken]) {
      await byToken.leaves('port 1', { payload: { RefreshToken: token } });
    }
  });

  it('lets the user sign in again', async () => {
    const { payload } = await signIn(pool.clientSide());
    await (await start(pool.clientSide())).leaves('port 1', { payload });
    const again = await signIn(pool.clientSide());
    should(await refused(pool.clientSide(), again.payload)).deepEqual(stillGood);
  });

  it('reads its inputs from elsewhere', async () => {
    const { payload } = await signIn(pool.serverSide());
    const settings = { ...oneSession, ...typed('refreshToken', 'flow', 'token') };
    const flow = await start(pool.serverSide(), settings);
    flow.node.context().flow.set('token', payload.RefreshToken);
    await flow.leaves('port 1', { payload: { RefreshToken: 'left alone' } });
    should(await refused(pool.serverSide(), payload)).deepEqual(refusals);
  });

  describe('takes off the message', () => {
    it('the token that it reads, the request’s body included, and nothing else', async () => {
      const { payload } = await signIn(pool.serverSide());
      const { IdToken, RefreshToken } = payload;
      const body = { ...payload };
      const msg = await (await start(pool.serverSide())).leaves('port 1', { payload: body, req: { body } });
      should(body).deepEqual({ IdToken, RefreshToken, TokenType: 'Bearer', ExpiresIn: 3600 });
      should(msg.payload).equal(body);
      const form = { RefreshToken, extra: 'kept' };
      await (await start(pool.serverSide(), oneSession)).leaves('port 1', { payload: form, req: { body: form } });
      should(form).deepEqual({ extra: 'kept' });
    });

    it('the sign-in of the user who has signed out by name or by alias', async () => {
      const { cognito } = await signIn(pool.serverSide());
      const { sub } = (cognito as { claims: { sub: string } }).claims;
      const flow = await start(pool.serverSide());
      for (const username of ['ada', 'ada@example.com', sub]) {
        const msg = await flow.leaves('port 1', { payload: { username }, cognito });
        should(msg).not.have.property('cognito');
      }
    });

    it('no sign-in of somebody else', async () => {
      const { cognito } = await signIn(pool.serverSide());
      const flow = await start(pool.serverSide());
      const msg = await flow.leaves('port 1', { payload: { username: 'tom' }, cognito });
      should(msg).have.property('cognito', cognito);
    });

    it('no sign-in to another user pool, whose user has the same name', async () => {
      const { cognito } = await signIn(pool.serverSide());
      const elsewhere = { ...(cognito as object), userPoolId: otherPoolId };
      const flow = await start(pool.serverSide());
      const byName = await flow.leaves('port 1', { payload: { username: 'ada' }, cognito: elsewhere });
      should(byName).have.property('cognito', elsewhere);
      const { payload } = await signIn(pool.serverSide());
      const byToken = await start(pool.serverSide(), oneSession);
      const msg = await byToken.leaves('port 1', { payload, cognito: elsewhere });
      should(msg).have.property('cognito', elsewhere);
    });

    it('no sign-in for a token of another user pool, which Cognito takes as well', async () => {
      const { cognito } = await signIn(pool.serverSide());
      const other = await signIn(pool.clientSide({ userPoolId: otherPoolId, clientId: 'otherclient' }));
      const flow = await start(pool.serverSide());
      const msg = await flow.leaves('port 1', { payload: { AccessToken: other.payload.AccessToken }, cognito });
      should(msg).have.property('cognito', cognito);
    });

    it('nothing that is no sign-in of these nodes', async () => {
      const flow = await start(pool.serverSide());
      const msg = await flow.leaves('port 1', { payload: { username: 'ada' }, cognito: { username: 'ada' } });
      should(msg.cognito).deepEqual({ username: 'ada' });
    });
  });

  describe('refuses', () => {
    for (const [api, field, access] of [
      ['server-side', 'username', () => pool.serverSide()],
      ['client-side', 'accessToken', () => pool.clientSide()],
    ] as const) {
      it(`a message that does not say who, ${api}, by the name of the field`, async () => {
        const flow = await start(access());
        for (const payload of [{}, { RefreshToken: 'of no use here' }, 'text', undefined]) {
          const { error } = await flow.caught({ payload }, 'InputMissing');
          should(error.cause).have.property('field', field);
        }
        should(pool.local.requests).be.empty();
      });

      it(`a message without the refresh token that is to be revoked, ${api}`, async () => {
        const flow = await start(access(), oneSession);
        const { error } = await flow.caught({ payload: { username: 'ada', AccessToken: 'x' } }, 'InputMissing');
        should(error.cause).have.property('field', 'refreshToken');
        should(pool.local.requests).be.empty();
      });
    }

    it('a name on the client-side API', async () => {
      const { cognito } = await signIn(pool.clientSide());
      const flow = await start(pool.clientSide());
      const { error } = await flow.caught({ payload: { username: 'ada' }, cognito }, 'InputMissing');
      should(error.cause).have.property('field', 'accessToken');
    });

    it('to go by a sign-in that nobody has completed, or that belongs to another user pool', async () => {
      const signingIn = await SignInFlow.start(pool.serverSide());
      const open = await signingIn.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
      const { cognito } = await signIn(pool.serverSide());
      const flow = await start(pool.serverSide());
      for (const other of [open.cognito, { ...(cognito as object), userPoolId: otherPoolId }]) {
        const msg = await flow.caught({ payload: {}, cognito: other }, 'InputMissing');
        should(msg.cognito).deepEqual(other);
      }
      should(pool.requests('AdminUserGlobalSignOut')).be.empty();
    });

    it('a user that the user pool does not have', async () => {
      const flow = await start(pool.serverSide());
      await flow.caught({ payload: { username: 'nobody' } }, 'UserNotFoundException');
    });

    it('an access token that was revoked, has expired, or is none, and leaves msg.cognito', async () => {
      const { payload, cognito } = await signIn(pool.serverSide());
      const { AccessToken } = payload;
      const flow = await start(pool.serverSide());
      const caught = async (token: string) => {
        const msg = await flow.caught({ payload: { AccessToken: token }, cognito }, 'NotAuthorizedException');
        should(msg.cognito).deepEqual(cognito);
        return msg.error.cause?.message;
      };
      should(await caught('made.up.token')).equal('Invalid Access Token');
      await flow.leaves('port 1', { payload: { AccessToken } });
      should(await caught(AccessToken)).equal(refusals.access);
      pool.local.clock.advance(2 * 3_600_000);
      should(await caught(AccessToken)).match(/expired|revoked/);
    });

    it('an access token in place of the refresh token', async () => {
      const { payload } = await signIn(pool.serverSide());
      const flow = await start(pool.serverSide(), oneSession);
      await flow.caught({ payload: { RefreshToken: payload.AccessToken } }, 'UnsupportedTokenTypeException');
      should(await refused(pool.serverSide(), payload)).deepEqual(stillGood);
    });

    it('a refresh token of another app client, or with the wrong client secret', async () => {
      const { payload } = await signIn(pool.serverSide());
      const { RefreshToken } = payload;
      const other = await start(pool.serverSideWithoutSecret(), oneSession);
      await other.caught({ payload: { RefreshToken } }, 'UnauthorizedException');
      const wrong = await start(pool.serverSide({}, { clientSecret: 'a-wrong-client-secret-1234' }), oneSession);
      await wrong.caught({ payload: { RefreshToken } }, 'UnauthorizedException');
      should(await refused(pool.serverSide(), payload)).deepEqual(stillGood);
    });

    it('a way to sign out that there is not', async () => {
      const flow = await start(pool.serverSide(), { signOut: 'toString' });
      const tokens = { AccessToken: 'a', RefreshToken: 'b' };
      const msg = await flow.caught({ payload: tokens }, 'InputInvalid');
      should(msg.error.cause).match({ field: 'signOut', expected: 'everywhere, refreshToken' });
      should(msg.payload).deepEqual({});
    });

    it('a secret that would stand in every exported flow', async () => {
      const flow = await start(pool.serverSide(), typed('accessToken', 'str', 'in-the-flow-file'));
      const { error } = await flow.caught({ payload: {} }, 'InputInvalid');
      should(error.cause).have.property('field', 'accessToken');
      should(inspect(error)).not.containEql('in-the-flow-file');
    });
  });

  describe('has token nodes forget', () => {
    const [ofAda, elsewhere] = [
      { ...typed('username', 'str', 'ada'), ...typed('password', 'cred') },
      { userPoolId: otherPoolId, clientId: 'otherclient' },
    ];

    /** A token node for ada with a node “sign out” beside it. */
    function tokenNode(access: Access, signOut = {}, settings: object = ofAda, credentials: object = { password }) {
      const answer = { type: 'cognito-sign-out', settings: signOut } as const;
      return SignInFlow.start({
        type: 'cognito-token',
        ...access,
        settings: { ...settings },
        credentials: { ...credentials },
        answer,
      });
    }

    async function tokenOf(flow: SignInFlow): Promise<string> {
      const { headers } = await flow.leaves('port 1', {});
      return (headers as { Authorization: string }).Authorization.replace('Bearer ', '');
    }

    /** Whether the token node gives out another token after a sign-out than before. */
    async function forgets(flow: SignInFlow, payload: (token: string) => object, outcome = 'port 1'): Promise<boolean> {
      const before = await tokenOf(flow);
      should(await tokenOf(flow)).equal(before);
      const { by, msg } = await flow.answer({ payload: payload(before) });
      should(by).equal(outcome, msg.error?.message);
      return (await tokenOf(flow)) !== before;
    }

    for (const [name, access] of Object.entries(accesses)) {
      it(`the tokens of the user of an access token, ${name}`, async () => {
        const flow = await tokenNode(access());
        should(await forgets(flow, (AccessToken) => ({ AccessToken }))).be.true();
        await sdk.send(new GetUserCommand({ AccessToken: await tokenOf(flow) }));
      });
    }

    for (const username of ['ada', 'ada@example.com']) {
      it(`the tokens of a user by the name ${username}`, async () => {
        should(await forgets(await tokenNode(pool.serverSide()), () => ({ username }))).be.true();
      });
    }

    it('the tokens that came from a refresh token', async () => {
      const { RefreshToken } = (await signIn(pool.clientSide())).payload;
      const settings = typed('refreshToken', 'cred');
      const flow = await tokenNode(pool.clientSide(), oneSession, settings, { refreshToken: RefreshToken });
      await tokenOf(flow);
      should((await flow.answer({ payload: { RefreshToken } })).by).equal('port 1');
      await flow.caught({}, 'NotAuthorizedException');
    });

    it('in other processes too, by the store of the user pool', async () => {
      const flow = await tokenNode(pool.serverSide({}, { encryptionKey: 'words that only this test knows' }));
      should(await forgets(flow, () => ({ username: 'ada' }))).be.true();
      should(flow.node.context().global.keys().join()).match(/cognitoSignOuts_/);
    });

    it('what can be forgotten where the store can’t be used, and says so', async () => {
      const flow = await tokenNode(pool.serverSide());
      const before = await tokenOf(flow);
      const unset = pool.serverSide({}, { encryptionKey: '${NOT_SET_IN_THIS_TEST}' });
      const signingOut = await start(unset);
      await signingOut.leaves('port 1', { payload: { username: 'ada' } });
      const warnings = signingOut.logged.filter((entry) => (entry as { id?: string }).id === 'node');
      should(inspect(warnings)).containEql('encryptionKey');
      should(await tokenOf(await tokenNode(pool.serverSide()))).not.equal(before);
    });

    it('nothing of somebody else', async () => {
      should(await forgets(await tokenNode(pool.serverSide()), () => ({ username: 'tom' }))).be.false();
    });

    it('nothing for a user of the same name in another user pool', async () => {
      const { AccessToken } = (await signIn(pool.clientSide(elsewhere))).payload;
      should(await forgets(await tokenNode(pool.clientSide()), () => ({ AccessToken }))).be.false();
    });

    it('nothing for an access token that somebody made up', async () => {
      const forged = (token: string) => ({ AccessToken: token.replace(/[^.]*$/, 'bm90IHNpZ25lZA') });
      should(await forgets(await tokenNode(pool.serverSide()), forged, 'Catch')).be.false();
    });
  });

  it('shows in its status that the user has signed out', async () => {
    const flow = await start(pool.serverSide());
    await flow.leaves('port 1', { payload: { username: 'ada' } });
    while (flow.statuses.at(-1)?.text !== 'signedOut') await flow.nextStatus();
    should(flow.statuses.at(-1)).match({ fill: 'green', shape: 'dot' });
  });

  it('ends with Aborted when it is closed in the middle, with msg.cognito as it was', async () => {
    const { payload, cognito } = await signIn(pool.clientSide());
    const server = await silentServer();
    try {
      const flow = await start(pool.clientSide({ endpoint: `http://127.0.0.1:${server.port}` }));
      const arrival = flow.send({ payload, cognito });
      while (server.connections() === 0) await server.change();
      await flow.stopNode();
      const { by, msg } = await arrival;
      should(by).equal('Catch');
      should(msg.error).have.property('code', 'Aborted');
      should(msg.cognito).deepEqual(cognito);
      should(msg.payload).not.have.property('AccessToken');
    } finally {
      await server.close();
    }
  });

  describe('where an answer is lost on its way back, and the request is repeated', () => {
    /** What comes of a message when the answers to the first requests of the operation are lost. */
    async function send(
      operation: string,
      msg: object,
      { access, settings, losses = 1 }: { access: 'clientSide' | 'serverSide'; settings?: object; losses?: number },
    ) {
      let lost = 0;
      const server = await answerLosingServer(pool.local.endpoint, (asked) => {
        if (asked !== operation || lost === losses) return false;
        lost += 1;
        return true;
      });
      try {
        const flow = await start(pool[access]({ endpoint: `http://127.0.0.1:${server.port}` }), { ...settings });
        const { by, msg: arrived } = await flow.send(msg);
        should(lost).equal(losses);
        return { by, code: arrived.error?.code };
      } finally {
        await server.close();
      }
    }

    it('takes the refusal of what has been done already for what it is', async () => {
      const { payload } = await signIn(pool.clientSide());
      const tokens = { ...payload };
      should((await send('GlobalSignOut', { payload }, { access: 'clientSide' })).by).equal('port 1');
      should(pool.requests('GlobalSignOut')).have.length(2);
      should(await refused(pool.clientSide(), tokens)).deepEqual(refusals);
    });

    it('repeats what can be repeated', async () => {
      const { payload } = await signIn(pool.serverSide());
      const byToken = await send(
        'RevokeToken',
        { payload: { RefreshToken: payload.RefreshToken } },
        { access: 'serverSide', settings: oneSession },
      );
      should(byToken.by).equal('port 1');
      const byName = await send('AdminUserGlobalSignOut', { payload: { username: 'ada' } }, { access: 'serverSide' });
      should(byName.by).equal('port 1');
    });

    it('does not say that somebody has signed out whose access token is no good', async () => {
      const msg = { payload: { AccessToken: 'made.up.token' } };
      const { by, code } = await send('GlobalSignOut', msg, { access: 'clientSide' });
      should([by, code]).deepEqual(['Catch', 'NotAuthorizedException']);
    });

    it('is NetworkError where no answer arrives', async () => {
      const { payload } = await signIn(pool.clientSide());
      const { by, code } = await send('GlobalSignOut', { payload }, { access: 'clientSide', losses: 3 });
      should([by, code]).deepEqual(['Catch', 'NetworkError']);
    });
  });
});
