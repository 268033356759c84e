import {
  CognitoIdentityProviderClient,
  GlobalSignOutCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PoolConfig } from '@cognito-flows/local-cognito';
import { JwtVerifier } from 'aws-jwt-verify';
import should from 'should';
import { refusals } from '../../nodes/lib/cognito/token-rejections';
import { otherPoolId, password, poolId, publicClient, secretClient, testPools } from '../support/pools';
import { TestProxy } from '../support/proxy';
import {
  type Arrival,
  type Message,
  type Setup,
  SignInFlow,
  stopFlowAfterEach,
  TestPool,
} from '../support/sign-in-flow';
import { encoded, TestKey, TokenIssuer } from '../support/token-issuer';

type Settings = Record<string, unknown>;
type Reason = keyof typeof refusals;

/** What leaves by port 2. */
interface Rejection {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly payload: { readonly error: string; readonly error_description: string; readonly reason: Reason };
}

/** What a sign-in brings. */
interface Tokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
}

/** A request with an Authorization header. */
function request(authorization: unknown, further: Settings = {}): Message {
  return { req: { headers: { authorization } }, payload: 'the body', ...further };
}

const bearer = (token: string): Message => request(`Bearer ${token}`);

function replaced(text: string, place: number, character: string): string {
  return text.slice(0, place) + character + text.slice(place + 1);
}

function verifier(access: Pick<Setup, 'pool' | 'poolCredentials'>, settings: Settings = {}): Promise<SignInFlow> {
  return SignInFlow.start({ type: 'cognito-verify-token', ...access, settings });
}

async function rejected(flow: SignInFlow, msg: Message, reason: Reason): Promise<Rejection> {
  const arrived = await flow.leaves('port 2', msg);
  const { statusCode, payload } = arrived as unknown as Rejection;
  should(payload.reason).equal(reason);
  should(statusCode).equal(refusals[reason].status);
  should(arrived).not.have.property('cognito');
  return arrived as unknown as Rejection;
}

async function accepted(flow: SignInFlow, msg: Message): Promise<Settings> {
  return (await flow.leaves('port 1', msg)).cognito as Settings;
}

/** The tests' pools, with ada in both, who signs in to all of their clients. */
function sharedPools(): { pools: PoolConfig[] } {
  const pools = testPools();
  const [first, other] = pools as [PoolConfig, PoolConfig];
  other.users.push({ username: 'ada', password, attributes: { email: 'ada@example.com', email_verified: 'true' } });
  first.users.find(({ username }) => username === 'ada')!.groups = ['engineers', 'people'];
  return { pools };
}

describe('the node “verify token”', () => {
  describe('given tokens of a sign-in', () => {
    const pool = new TestPool(sharedPools);
    stopFlowAfterEach();

    /** Signs ada in. */
    async function tokens(access = pool.clientSide()): Promise<Tokens> {
      const flow = await SignInFlow.start(access);
      const { payload } = await flow.signedIn({ payload: { username: 'ada', password } });
      return payload as Tokens;
    }

    const accesses: Record<string, () => Pick<Setup, 'pool' | 'poolCredentials'>> = {
      'server-side at a client with a secret': () => pool.serverSide(),
      'client-side at a client without a secret': () => pool.clientSide(),
    };

    for (const [name, access] of Object.entries(accesses)) {
      it(`lets an access token pass, ${name}`, async () => {
        const { AccessToken } = await tokens(access());
        const flow = await verifier(access());
        const msg = request(`Bearer ${AccessToken}`, { topic: 'kept', statusCode: 200 });
        const arrived = await flow.leaves('port 1', msg);
        const claims = { sub: pool.user('ada').sub, token_use: 'access', username: 'ada' };
        should(arrived.cognito).match({ username: 'ada', claims });
        should(arrived).match({ topic: 'kept', payload: 'the body', statusCode: 200 });
        should(arrived.req).deepEqual({ headers: { authorization: `Bearer ${AccessToken}` } });
        should(arrived.headers).be.undefined();
      });
    }

    it('hands out plain JSON, which is no sign-in that could be gone on with', async () => {
      const { AccessToken } = await tokens();
      const cognito = await accepted(await verifier(pool.clientSide()), bearer(AccessToken));
      should(Object.keys(cognito).sort()).deepEqual(['claims', 'expiresAt', 'username']);
      should(JSON.parse(JSON.stringify(cognito))).deepEqual(cognito);
      const { exp } = cognito.claims as { exp: number };
      should(cognito.expiresAt).equal(exp * 1000);
    });

    it('lets an ID token pass where those are accepted', async () => {
      const { IdToken } = await tokens();
      for (const tokenUse of ['id', 'either']) {
        const cognito = await accepted(await verifier(pool.clientSide(), { tokenUse }), bearer(IdToken));
        should(cognito).match({ username: 'ada', claims: { email: 'ada@example.com', token_use: 'id' } });
      }
    });

    it('tells access and ID tokens apart', async () => {
      const { AccessToken, IdToken } = await tokens();
      await rejected(await verifier(pool.clientSide()), bearer(IdToken), 'wrong_use');
      await rejected(await verifier(pool.clientSide(), { tokenUse: 'id' }), bearer(AccessToken), 'wrong_use');
      await accepted(await verifier(pool.clientSide(), { tokenUse: 'either' }), bearer(AccessToken));
    });

    it('takes the word Bearer off, however it is written, and does without it', async () => {
      const { AccessToken } = await tokens();
      const flow = await verifier(pool.clientSide());
      for (const scheme of ['Bearer ', 'bearer ', 'BEARER  ', '']) await accepted(flow, request(scheme + AccessToken));
    });

    it('reads the token from elsewhere, and leaves it there', async () => {
      const { AccessToken } = await tokens();
      const flow = await verifier(pool.clientSide(), { token: 'payload.token', tokenType: 'msg' });
      const arrived = await flow.leaves('port 1', { payload: { token: AccessToken } });
      should(arrived.payload).deepEqual({ token: AccessToken });
      const computed = await verifier(pool.clientSide(), { token: '$string(payload)', tokenType: 'jsonata' });
      await accepted(computed, { payload: AccessToken });
    });

    it('rejects a token of another user pool, though the same server signed it', async () => {
      const other = pool.clientSide({ userPoolId: otherPoolId, clientId: 'otherclient' });
      const { AccessToken } = await tokens(other);
      await accepted(await verifier(other), bearer(AccessToken));
      await rejected(await verifier(pool.clientSide()), bearer(AccessToken), 'wrong_issuer');
    });

    it('rejects a token of another app client, unless that is accepted too', async () => {
      const { AccessToken, IdToken } = await tokens(pool.clientSideWithSecret());
      await rejected(await verifier(pool.clientSide()), bearer(AccessToken), 'wrong_client');
      await rejected(await verifier(pool.clientSide(), { tokenUse: 'id' }), bearer(IdToken), 'wrong_client');
      const flow = await verifier(pool.clientSide(), { tokenUse: 'either', clientIds: `another, ${secretClient}` });
      await accepted(flow, bearer(AccessToken));
      await accepted(flow, bearer(IdToken));
    });

    it('demands one of the groups', async () => {
      const { AccessToken } = await tokens();
      await accepted(await verifier(pool.clientSide(), { groups: 'nobody engineers' }), bearer(AccessToken));
      const { payload, headers } = await rejected(
        await verifier(pool.clientSide(), { groups: 'admins, engineer' }),
        bearer(AccessToken),
        'group_missing',
      );
      should(payload.error).equal('insufficient_scope');
      should(headers['WWW-Authenticate']).match(/^Bearer realm="cognito", error="insufficient_scope", /);
    });

    it('demands one of the scopes, and names them', async () => {
      const { AccessToken, IdToken } = await tokens();
      const scopes = 'aws.cognito.signin.user.admin hello/read';
      await accepted(await verifier(pool.clientSide(), { scopes }), bearer(AccessToken));
      const { headers } = await rejected(
        await verifier(pool.clientSide(), { scopes: 'hello/read, hello/write' }),
        bearer(AccessToken),
        'scope_missing',
      );
      should(headers['WWW-Authenticate']).endWith(', scope="hello/read hello/write"');
      await rejected(await verifier(pool.clientSide(), { scopes, tokenUse: 'id' }), bearer(IdToken), 'scope_missing');
    });

    it('rejects a token that has expired, by Cognito’s clock', async () => {
      const { AccessToken } = await tokens();
      pool.local.clock.advance(3_601_000);
      const { headers } = await rejected(await verifier(pool.clientSide()), bearer(AccessToken), 'expired');
      should(headers['WWW-Authenticate']).equal(
        'Bearer realm="cognito", error="invalid_token", error_description="The token has expired"',
      );
    });

    it('lets a token pass for a while after it has expired, where that is set', async () => {
      const { AccessToken } = await tokens();
      pool.local.clock.advance(3_630_000);
      await accepted(await verifier(pool.clientSide(), { clockTolerance: '60' }), bearer(AccessToken));
      await rejected(await verifier(pool.clientSide(), { clockTolerance: '20' }), bearer(AccessToken), 'expired');
    });

    for (const [name, offset] of Object.entries({ ahead: -10, behind: 10 })) {
      it(`is not led astray by a clock that is years ${name}`, async () => {
        pool.local.clock.advance(offset * 365 * 24 * 3_600_000);
        const { AccessToken } = await tokens();
        await accepted(await verifier(pool.clientSide()), bearer(AccessToken));
      });
    }

    it('reads Cognito’s clock again before it calls a token expired after this machine’s was set', async () => {
      const { AccessToken } = await tokens();
      const flow = await verifier(pool.clientSide());
      await accepted(flow, bearer(AccessToken));
      const { now } = Date;
      try {
        Date.now = () => now() + 7_200_000;
        await accepted(flow, bearer(AccessToken));
      } finally {
        Date.now = now;
      }
    });

    it('rejects every token with a part cut off', async () => {
      const { AccessToken } = await tokens();
      const flow = await verifier(pool.clientSide());
      const parts = AccessToken.split('.');
      for (const missing of [0, 1, 2]) {
        const others = parts.filter((_, index) => index !== missing);
        const emptied = parts.map((part, index) => (index === missing ? '' : part));
        const halved = parts.map((part, index) => (index === missing ? part.slice(0, part.length / 2) : part));
        await rejected(flow, bearer(others.join('.')), 'malformed');
        await rejected(flow, bearer(emptied.join('.')), 'malformed');
        const arrival = await flow.send(bearer(halved.join('.')));
        should(arrival.by).equal('port 2');
      }
      for (const length of [1, 10, 100, AccessToken.length - 1]) {
        should((await flow.send(bearer(AccessToken.slice(0, length)))).by).equal('port 2');
      }
    });

    it('rejects every token with one character changed', async () => {
      const { AccessToken } = await tokens();
      const flow = await verifier(pool.clientSide());
      await accepted(flow, bearer(AccessToken));
      const ends = AccessToken.split('.').map((part) => part.length);
      const lastOf = [ends[0]! - 1, ends[0]! + ends[1]!, AccessToken.length - 1];
      const places = [...lastOf, ...Array.from({ length: 60 }, (_, index) => index * 17)];
      const changed = places
        .filter((place) => place < AccessToken.length && AccessToken[place] !== '.')
        .flatMap((place) => ['A', 'B', 'w', '_', '=', ' '].map((other) => replaced(AccessToken, place, other)))
        .filter((token) => token !== AccessToken);
      // All at once, since a changed header can name a key that the node has to look for.
      const arrivals = await Promise.all(changed.map((token) => flow.send(bearer(token))));
      arrivals.forEach(({ by }, index) => should(by).equal('port 2', changed[index]));
    });

    it('goes through the proxy of the user pool', async () => {
      const { AccessToken } = await tokens();
      const proxy = new TestProxy();
      await proxy.listen();
      try {
        const access = pool.clientSide({ proxy: 'proxy' });
        const setup = { type: 'cognito-verify-token', ...access, proxy: { url: `http://${proxy.host}` } } as const;
        // The keys that were read on the way to other tests stay known: this pool's port is new.
        const flow = await SignInFlow.start(setup);
        await accepted(flow, bearer(AccessToken));
        should(proxy.requests.map(({ url }) => url)).containEql(
          `${pool.local.endpoint}/${poolId}/.well-known/jwks.json`,
        );
      } finally {
        await proxy.close();
      }
    });

    it('takes another name of this machine for the same endpoint', async () => {
      const { AccessToken } = await tokens();
      const endpoint = `${pool.local.endpoint.replace('127.0.0.1', 'localhost')}/`;
      await accepted(await verifier(pool.clientSide({ endpoint })), bearer(AccessToken));
    });

    it('accepts no issuer but the one that is set', async () => {
      const { AccessToken } = await tokens();
      const issuer = `${pool.local.endpoint}/${poolId}`;
      await accepted(await verifier(pool.clientSide({ endpoint: '' }), { issuer }), bearer(AccessToken));
      const other = `${pool.local.endpoint}/${otherPoolId}`;
      await rejected(await verifier(pool.clientSide(), { issuer: other }), bearer(AccessToken), 'wrong_issuer');
      await rejected(await verifier(pool.clientSide(), { issuer: `${issuer}/` }), bearer(AccessToken), 'wrong_issuer');
    });

    it('never shows the token', async () => {
      const { AccessToken, IdToken } = await tokens();
      const flow = await verifier(pool.clientSide(), { askCognito: true });
      const [, , signature = ''] = AccessToken.split('.');
      const canaries = [AccessToken, IdToken, signature, ...AccessToken.split('.').slice(0, 2), 'canary-in-the-claims'];
      const forged = new TestKey().sign({ iss: `${pool.local.endpoint}/${poolId}`, sub: 'canary-in-the-claims' });
      const given = [AccessToken, IdToken, forged, `${AccessToken}x`, AccessToken.slice(0, -9), forged.split('.')[1]!];
      for (const { msg } of await Promise.all(given.map((token) => flow.send(bearer(token))))) {
        const shown = JSON.stringify({ ...msg, req: undefined, cognito: undefined });
        for (const canary of canaries) should(shown).not.containEql(canary);
      }
      pool.local.faults.inject({ operation: 'GetUser', drop: true });
      const { error } = await flow.caught(bearer(AccessToken), 'NetworkError');
      await flow.nextStatus();
      for (const canary of canaries) {
        should(JSON.stringify([error, flow.statuses, flow.logged])).not.containEql(canary);
      }
    });

    describe('and asking Cognito whether they were revoked', () => {
      const asking = () => verifier(pool.clientSide(), { askCognito: true });

      it('lets a good one pass', async () => {
        const { AccessToken } = await tokens();
        await accepted(await asking(), bearer(AccessToken));
        should(pool.requests('GetUser')).deepEqual([{ AccessToken }]);
      });

      it('does not ask about one that is bad anyway', async () => {
        const { AccessToken } = await tokens();
        const flow = await asking();
        await rejected(flow, bearer(`${AccessToken}x`), 'malformed');
        const place = AccessToken.length - 100;
        const other = AccessToken[place] === 'A' ? 'B' : 'A';
        await rejected(flow, bearer(replaced(AccessToken, place, other)), 'wrong_signature');
        should(pool.requests('GetUser')).be.empty();
      });

      it('rejects that of a user who was disabled, which passes otherwise', async () => {
        const { AccessToken } = await tokens();
        pool.user('ada').enabled = false;
        await rejected(await asking(), bearer(AccessToken), 'revoked');
        await accepted(await verifier(pool.clientSide()), bearer(AccessToken));
      });

      const ends: Record<string, (tokens: Tokens) => GlobalSignOutCommand | RevokeTokenCommand> = {
        'the user was signed out everywhere': ({ AccessToken }) => new GlobalSignOutCommand({ AccessToken }),
        'the refresh token was revoked': ({ RefreshToken }) =>
          new RevokeTokenCommand({ Token: RefreshToken, ClientId: publicClient }),
      };
      for (const [name, end] of Object.entries(ends)) {
        it(`rejects that of a sign-in of which ${name}, which passes otherwise`, async () => {
          const given = await tokens();
          const sdk = new CognitoIdentityProviderClient({ endpoint: pool.local.endpoint, region: 'eu-west-1' });
          await sdk.send(end(given) as GlobalSignOutCommand).finally(() => {
            sdk.destroy();
          });
          await rejected(await asking(), bearer(given.AccessToken), 'revoked');
          await accepted(await verifier(pool.clientSide()), bearer(given.AccessToken));
        });
      }

      it('rejects none because Cognito can’t be asked', async () => {
        const { AccessToken } = await tokens();
        const flow = await asking();
        pool.local.faults.inject({ operation: 'GetUser', drop: true });
        await flow.caught(bearer(AccessToken), 'NetworkError');
        pool.local.faults.clear();
        pool.local.faults.inject({ operation: 'GetUser', exception: 'TooManyRequestsException' });
        await flow.caught(bearer(AccessToken), 'TooManyRequestsException');
        pool.local.faults.clear();
        await accepted(flow, bearer(AccessToken));
      });

      it('refuses settings with which it would not be asked', async () => {
        const { IdToken } = await tokens();
        for (const tokenUse of ['id', 'either']) {
          const flow = await verifier(pool.clientSide(), { askCognito: true, tokenUse });
          await flow.caught(bearer(IdToken), 'InputInvalid');
        }
      });
    });
  });

  describe('given tokens that no sign-in brings', () => {
    let issuer: TokenIssuer;
    stopFlowAfterEach();
    beforeEach(async () => {
      issuer = new TokenIssuer();
      await issuer.listen();
    });
    afterEach(() => issuer.close());

    const verifying = (settings: Settings = {}) => verifier({ pool: issuer.pool }, settings);
    const now = () => Math.floor(Date.now() / 1000);

    it('says that one is required, and nothing of an error, where there is none', async () => {
      const flow = await verifying();
      for (const authorization of [undefined, null, '', 'Bearer', 'bearer ', 'Bearer    ']) {
        const { headers } = await rejected(flow, request(authorization), 'token_missing');
        should(headers).deepEqual({ 'WWW-Authenticate': 'Bearer realm="cognito"' });
      }
      await rejected(flow, { payload: 'no request at all' }, 'token_missing');
      should(issuer.paths).be.empty();
    });

    it('rejects what is no token, before anything else', async () => {
      const token = issuer.key.sign(issuer.access());
      const flow = await verifying();
      const given: unknown[] = [
        [`Bearer ${token}`],
        [`Bearer ${token}`, `Bearer ${token}`],
        `Bearer ${token}, Bearer ${token}`,
        `Bearer Bearer ${token}`,
        `Basic ${token}`,
        `Bearer ${token} `,
        `Bearer\t${token}`,
        ` ${token}`,
        'Bearer null',
        'Bearer undefined',
        'Bearer ..',
        'Bearer a.b.c',
        `Bearer ${token}.`,
        `Bearer ${token}.${token}`,
        `Bearer ${encoded('[]')}.${encoded('[]')}.AAAA`,
        `Bearer ${encoded('null')}.${encoded('null')}.AAAA`,
        42,
        0,
        true,
        false,
        { token },
        Buffer.from(token),
        new Date(0),
      ];
      for (const authorization of given) await rejected(flow, request(authorization), 'malformed');
      should(issuer.paths).be.empty();
    });

    it('rejects one that is too large, before any work', async () => {
      const flow = await verifying();
      const large = issuer.key.sign(issuer.access({ padding: 'x'.repeat(16_384) }));
      await rejected(flow, bearer(large), 'token_too_large');
      await rejected(flow, request('x'.repeat(50_000_000)), 'token_too_large');
      await accepted(flow, bearer(issuer.key.sign(issuer.access({ padding: 'x'.repeat(8_000) }))));
    });

    it('accepts a good one', async () => {
      const flow = await verifying();
      should(await accepted(flow, bearer(issuer.key.sign(issuer.access())))).match({ username: 'ada' });
    });

    /** Tokens that are bad by what they say, though the user pool has signed them. */
    const badClaims: Record<string, [Reason, (issuer: TokenIssuer) => Settings]> = {
      'without token_use': ['wrong_use', () => issuer.access({ token_use: undefined })],
      'of an unknown use': ['wrong_use', () => issuer.access({ token_use: 'refresh' })],
      'with a list of uses': ['wrong_use', () => issuer.access({ token_use: ['access'] })],
      'without a client': ['wrong_client', () => issuer.access({ client_id: undefined })],
      'with a list of clients': ['wrong_client', () => issuer.access({ client_id: [publicClient] })],
      'with the client as audience': ['wrong_client', () => issuer.access({ client_id: 'another', aud: publicClient })],
      'without an issuer': ['wrong_issuer', () => issuer.access({ iss: undefined })],
      'with another issuer': ['wrong_issuer', () => issuer.access({ iss: `${issuer.endpoint}/${otherPoolId}` })],
      'with a longer issuer': ['wrong_issuer', () => issuer.access({ iss: `${issuer.endpoint}/${issuer.poolId}x` })],
      'with a list of issuers': ['malformed', () => issuer.access({ iss: [`${issuer.endpoint}/${issuer.poolId}`] })],
      'without an end': ['malformed', () => issuer.access({ exp: undefined })],
      'with words for an end': ['malformed', () => issuer.access({ exp: 'never' })],
      'that has expired': ['expired', () => issuer.access({ exp: now() - 2 })],
      'that has expired in ms': ['malformed', () => issuer.access({ exp: `${Date.now() * 1000}` })],
      'that is not valid yet': ['not_yet_valid', () => issuer.access({ nbf: now() + 60 })],
      'that was issued in the future': ['not_yet_valid', () => issuer.access({ iat: now() + 60 })],
    };
    for (const [name, [reason, claims]] of Object.entries(badClaims)) {
      it(`rejects one ${name}`, async () => {
        await rejected(await verifying(), bearer(issuer.key.sign(claims(issuer))), reason);
      });
    }

    it('rejects an ID token with a list of audiences, or with a client in place of one', async () => {
      const flow = await verifying({ tokenUse: 'id' });
      await accepted(flow, bearer(issuer.key.sign(issuer.id())));
      await rejected(flow, bearer(issuer.key.sign(issuer.id({ aud: [publicClient, 'another'] }))), 'wrong_client');
      await rejected(flow, bearer(issuer.key.sign(issuer.id({ aud: 'x', client_id: publicClient }))), 'wrong_client');
    });

    it('takes what was issued this very moment', async () => {
      const flow = await verifying();
      await accepted(flow, bearer(issuer.key.sign(issuer.access({ iat: now() + 3 }))));
      await accepted(flow, bearer(issuer.key.sign(issuer.access({ exp: now() + 2, nbf: now() - 1 }))));
    });

    it('knows the tokens of machines, which have no user', async () => {
      const claims = issuer.access({ username: undefined, scope: 'hello/read' });
      const cognito = await accepted(await verifying({ scopes: 'hello/read' }), bearer(issuer.key.sign(claims)));
      should(cognito).not.have.property('username');
      const asking = await verifying({ askCognito: true });
      const { headers } = await rejected(asking, bearer(issuer.key.sign(claims)), 'scope_missing');
      should(headers['WWW-Authenticate']).endWith(', scope="aws.cognito.signin.user.admin"');
    });

    it('looks for scopes and groups by their whole names, and only in lists', async () => {
      const flow = await verifying({ scopes: 'read', groups: 'admins' });
      const good = { scope: 'write read', 'cognito:groups': ['people', 'admins'] };
      await accepted(flow, bearer(issuer.key.sign(issuer.access(good))));
      const bad: [Reason, Settings][] = [
        ['scope_missing', { scope: 'reader' }],
        ['scope_missing', { scope: 'READ' }],
        ['scope_missing', { scope: undefined }],
        ['malformed', { scope: ['read'] }],
        ['group_missing', { 'cognito:groups': ['administrators'] }],
        ['group_missing', { 'cognito:groups': 'people admins' }],
        ['group_missing', { 'cognito:groups': { admins: true } }],
        ['group_missing', { 'cognito:groups': [['admins']] }],
        ['group_missing', { 'cognito:groups': undefined, groups: ['admins'] }],
      ];
      for (const [reason, change] of bad) {
        await rejected(flow, bearer(issuer.key.sign(issuer.access({ ...good, ...change }))), reason);
      }
    });

    it('rejects unsigned ones', async () => {
      const flow = await verifying();
      const { kid } = issuer.key;
      for (const alg of ['none', 'None', 'NONE', '', undefined]) {
        const unsigned = `${encoded({ alg, kid })}.${encoded(issuer.access())}`;
        await rejected(flow, bearer(`${unsigned}.`), 'malformed');
        await rejected(flow, bearer(`${unsigned}.AAAA`), 'wrong_algorithm');
      }
    });

    it('rejects those signed with the public key as a secret', async () => {
      const flow = await verifying();
      const { key } = issuer;
      const secrets = [
        key.publicKey.export({ type: 'spki', format: 'pem' }),
        key.publicKey.export({ type: 'spki', format: 'der' }),
        key.publicKey.export({ type: 'pkcs1', format: 'pem' }),
        JSON.stringify(key.published),
        key.jwk.n ?? '',
      ];
      for (const secret of secrets) {
        await rejected(flow, bearer(key.signWithPublic(issuer.access(), secret)), 'wrong_algorithm');
        await rejected(flow, bearer(key.signWithPublic(issuer.access(), secret, 'RS256')), 'wrong_signature');
      }
    });

    it('rejects those of a foreign key under a name that is known', async () => {
      const foreign = new TestKey(issuer.key.kid);
      await rejected(await verifying(), bearer(foreign.sign(issuer.access())), 'wrong_signature');
    });

    it('rejects those whose algorithm is not the key’s', async () => {
      const flow = await verifying();
      for (const alg of ['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'HS256', 'rs256']) {
        await rejected(flow, bearer(issuer.key.sign(issuer.access(), { alg })), 'wrong_algorithm');
      }
    });

    it('looks at no key that a token brings itself', async () => {
      const flow = await verifying();
      const foreign = new TestKey(issuer.key.kid);
      const url = `${issuer.endpoint}/foreign.json`;
      const jwk = foreign.published;
      const headers = [{ jku: url }, { x5u: url }, { jwk }, { x5c: ['AAAA'] }, { jku: url, kid: url }];
      for (const header of headers) {
        should((await flow.send(bearer(foreign.sign(issuer.access(), header)))).by).equal('port 2');
      }
      await accepted(flow, bearer(issuer.key.sign(issuer.access(), { jku: url, jwk })));
      should(new Set(issuer.paths)).deepEqual(new Set([`/${issuer.poolId}/.well-known/jwks.json`]));
    });

    it('rejects those that demand to be understood', async () => {
      const flow = await verifying();
      for (const crit of [['exp'], ['b64'], [], 'x']) {
        await rejected(flow, bearer(issuer.key.sign(issuer.access(), { crit, b64: false })), 'malformed');
      }
    });

    it('takes a path or a URL as a key’s name for nothing but a name', async () => {
      const flow = await verifying();
      const kids = ['../../../dev/null', 'http://127.0.0.1/keys', '__proto__', 'constructor', 'keys', "' or 1=1 --"];
      const arrivals = await Promise.all(
        kids.map((kid) => flow.send(bearer(new TestKey(kid).sign(issuer.access())))),
      );
      for (const { by, msg } of arrivals) {
        should(by).equal('port 2');
        should(msg.payload).match({ reason: 'unknown_key' });
      }
      should(new Set(issuer.paths)).deepEqual(new Set([`/${issuer.poolId}/.well-known/jwks.json`]));
    });

    it('rejects those without a key’s name', async () => {
      const flow = await verifying();
      for (const kid of [undefined, '', 5, ['x'], { x: 1 }]) {
        await rejected(flow, bearer(issuer.key.sign(issuer.access(), { kid })), 'malformed');
      }
    });

    it('keeps no claims that came with the message', async () => {
      const flow = await verifying();
      const cognito = { version: 1, username: 'mallory', claims: { 'cognito:groups': ['admins'] } };
      should(await flow.leaves('port 2', request('Bearer x', { cognito }))).not.have.property('cognito');
      const good = request(`Bearer ${issuer.key.sign(issuer.access())}`, { cognito });
      should(JSON.stringify(await accepted(flow, good))).not.match(/mallory|admins/);
    });

    it('keeps no claims on a message that fails, either', async () => {
      const token = issuer.key.sign(issuer.access());
      issuer.keys = [];
      const msg = request(`Bearer ${token}`, { cognito: { claims: {} } });
      should(await (await verifying()).caught(msg, 'SigningKeysUnavailable')).not.have.property('cognito');
    });

    it('replaces the headers of the message, and its payload', async () => {
      const given = request('Bearer x', { headers: { 'x-secret': 'of an earlier answer' }, statusCode: 200 });
      const { headers, payload, statusCode } = await rejected(await verifying(), given, 'malformed');
      should(Object.keys(headers)).deepEqual(['WWW-Authenticate']);
      should(Object.keys(payload).sort()).deepEqual(['error', 'error_description', 'reason']);
      should(statusCode).equal(401);
    });

    it('leaves no gap for scopes in the header of the answer', async () => {
      const scopes = 'a"b\r\nX-Injected:1 c\\d é';
      const { headers } = await rejected(
        await verifying({ scopes }),
        bearer(issuer.key.sign(issuer.access())),
        'scope_missing',
      );
      should(headers['WWW-Authenticate']).endWith('scope="ab X-Injected:1 cd "');
    });

    it('shows that a token was valid, or why it was not', async () => {
      const flow = await verifying();
      await flow.leaves('port 1', bearer(issuer.key.sign(issuer.access())));
      await flow.nextStatus();
      should(flow.statuses.at(-1)).match({ fill: 'green', text: 'valid' });
      await flow.leaves('port 2', bearer('x'));
      await flow.nextStatus();
      should(flow.statuses.at(-1)).match({ fill: 'yellow', text: 'malformed' });
    });

    describe('the keys', () => {
      it('are read once for a thousand messages at once', async () => {
        const flow = await verifying();
        const token = issuer.key.sign(issuer.access());
        const arrivals = await Promise.all(Array.from({ length: 1_000 }, () => flow.send(bearer(token))));
        should(arrivals.filter(({ by }: Arrival) => by === 'port 1')).have.length(1_000);
        should(issuer.reads).equal(1);
      });

      it('are read before the first message', async () => {
        await verifying();
        while (issuer.reads === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        should(issuer.reads).equal(1);
      });

      it('are not missed where they can’t be read before the first message', async () => {
        issuer.answer = (response) => response.writeHead(500).end();
        const flow = await verifying();
        while (issuer.reads === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        should(flow.logged.filter((entry) => (entry as { level?: number }).level === 20)).be.empty();
      });

      it('that can’t be read send messages to Catch, until they can', async () => {
        const token = issuer.key.sign(issuer.access());
        await issuer.close();
        const flow = await verifying();
        const { error } = await flow.caught(bearer(token), 'NetworkError');
        should(error.message).containEql('ECONNREFUSED');
        await issuer.listen();
        let arrival: Arrival;
        do arrival = await flow.send(bearer(token));
        while (arrival.by === 'Catch');
        should(arrival.by).equal('port 1');
      });

      const noKeys: Record<string, (issuer: TokenIssuer) => void> = {
        'an error': (it) => (it.answer = (response) => response.writeHead(400).end('{"message":"no such pool"}')),
        'a redirect': (it) => (it.answer = (response) => response.writeHead(302, { location: '/' }).end()),
        'a page': (it) => (it.answer = (response) => response.end('<html>login please</html>')),
        'no key': (it) => (it.keys = []),
        'another shape': (it) => (it.answer = (response) => response.end('{"keys":{}}')),
      };
      for (const [name, change] of Object.entries(noKeys)) {
        it(`make ${name} in their place no fault of the token’s`, async () => {
          const token = issuer.key.sign(issuer.access());
          change(issuer);
          const { error } = await (await verifying()).caught(bearer(token), 'SigningKeysUnavailable');
          should(JSON.stringify(error)).not.match(/login please|no such pool/);
        });
      }

      it('are not read to the end where there is none', async () => {
        const token = issuer.key.sign(issuer.access());
        issuer.answer = (response) => {
          const more = (): void => {
            if (!response.destroyed) response.write(' '.repeat(10_000), more);
          };
          more();
        };
        await (await verifying()).caught(bearer(token), 'AnswerUnexpected');
      });

      it('are not waited for longer than for any call', async () => {
        const token = issuer.key.sign(issuer.access());
        issuer.answer = () => undefined;
        const flow = await verifier({ pool: { ...issuer.pool, timeout: '0.2' } });
        await flow.caught(bearer(token), 'TimeoutError');
        issuer.answer = (response) => response.write('{"keys":');
        await new Promise((resolve) => setTimeout(resolve, 600));
        await flow.caught(bearer(token), 'TimeoutError');
      });

      it('are not taken from elsewhere without TLS', async () => {
        const token = issuer.key.sign(issuer.access());
        const pools = ['http://cognito.example', 'http://127.0.0.1.example:80', 'http://10.0.0.1'];
        for (const endpoint of pools) {
          const flow = await verifier({ pool: { ...issuer.pool, endpoint } });
          const { error } = await flow.caught(bearer(token), 'InputInvalid');
          should(error.cause).match({ field: 'endpoint' });
        }
        for (const address of [...pools, 'ftp://127.0.0.1', 'not a URL', 'https://a.example/?x=1']) {
          const { error } = await (await verifying({ issuer: address })).caught(bearer(token), 'InputInvalid');
          should(error.cause).match({ field: 'issuer' });
        }
      });
    });

    it('takes settings that it does not understand for an error, never for nothing', async () => {
      const token = issuer.key.sign(issuer.access());
      const wrong: Settings[] = [
        { tokenUse: '' },
        { tokenUse: 'refresh' },
        { groups: ',' },
        { groups: ['admins'] },
        { scopes: ' , ' },
        { clientIds: 5 },
        { askCognito: 'yes' },
        { clockTolerance: 'a while' },
        { clockTolerance: -1 },
        { clockTolerance: 86_400 },
        { clockTolerance: '' },
      ];
      for (const settings of wrong) {
        const { error } = await (await verifying(settings)).caught(bearer(token), 'InputInvalid');
        should(error.cause).match({ field: Object.keys(settings)[0] });
      }
      for (const name of ['groups', 'scopes', 'clientIds', 'issuer', 'clockTolerance']) {
        const flow = await verifying({ [name]: '${COGNITO_TEST_UNSET}' });
        await flow.caught(bearer(token), 'EnvironmentVariableUnset');
      }
    });

    it('needs a user pool', async () => {
      const flow = await verifying({ userPool: '' });
      await flow.caught(bearer('x'), 'UserPoolMissing');
    });

    it('reads the same claims as aws-jwt-verify alone', async () => {
      const verify = JwtVerifier.create({
        issuer: `${issuer.endpoint}/${issuer.poolId}`,
        audience: null,
        jwksUri: `${issuer.endpoint}/${issuer.poolId}/.well-known/jwks.json`,
      });
      verify.cacheJwks({ keys: [issuer.key.published] });
      const token = issuer.key.sign(issuer.access());
      const { claims } = await accepted(await verifying(), bearer(token));
      should(claims).deepEqual(await verify.verify(token));
    });
  });
});
