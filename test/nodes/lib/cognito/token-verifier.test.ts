import { CognitoJwtVerifier } from 'aws-jwt-verify';
import should from 'should';
import { TokenRejected, type Reason } from '../../../../nodes/lib/cognito/token-rejections';
import { verifyToken, type TokenRules } from '../../../../nodes/lib/cognito/token-verifier';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';
import { encoded, TestKey } from '../../../support/token-issuer';

type Claims = Record<string, unknown>;

const never = new AbortController().signal;
const clientId = '1example23456789';
const key = new TestKey();
const foreign = new TestKey(key.kid);
let pools = 0;

/** A user pool at AWS whose documents come from here; each has keys of its own to read. */
function poolAt(answer: (url: string) => { status: number; text: string }): UserPool {
  pools += 1;
  const pool = new UserPool({
    userPoolId: `eu-west-1_Pool${pools}`,
    clientId,
    api: 'client-side',
    credentials: { source: 'default' },
    timeout: 1_000,
  });
  return Object.assign(pool, { read: (url: string) => Promise.resolve({ ...answer(url), serverTime: undefined }) });
}

const published = { status: 200, text: JSON.stringify({ keys: [key.published] }) };

const rules: TokenRules = {
  use: 'access',
  clientIds: [clientId],
  groups: [],
  scopes: [],
  clockTolerance: 0,
  asksCognito: false,
};

async function reasonOf(pool: UserPool, token: string, change: Partial<TokenRules> = {}): Promise<Reason | undefined> {
  try {
    await verifyToken(pool, token, { ...rules, ...change }, never);
    return undefined;
  } catch (error) {
    if (error instanceof TokenRejected) return error.reason;
    throw error;
  }
}

describe('a token of AWS’s', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const issuerOf = ({ userPoolId }: UserPool) => `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`;
  const updatedIssuerOf = (pool: UserPool) => issuerOf(pool).replace('//', '//issuer-');

  function access(pool: UserPool, change: Claims = {}): Claims {
    const common = { sub: 'sub', iss: issuerOf(pool), iat: now(), exp: now() + 60, auth_time: now(), jti: 'jti' };
    return { ...common, token_use: 'access', client_id: clientId, scope: 'openid a/b', username: 'ada', ...change };
  }

  function id(pool: UserPool, change: Claims = {}): Claims {
    const { client_id: aud, ...common } = access(pool, { token_use: 'id', 'cognito:username': 'ada' });
    return { ...common, aud, ...change };
  }

  describe('is judged as CognitoJwtVerifier does', () => {
    const groups = ['admins', 'people'];
    /** What is signed, with which key and which header, and what is asked of it. */
    const cases: Record<string, (pool: UserPool) => [token: string, rules?: Partial<TokenRules>]> = {
      'an access token': (pool) => [key.sign(access(pool))],
      'an ID token': (pool) => [key.sign(id(pool)), { use: 'id' }],
      'an ID token, either accepted': (pool) => [key.sign(id(pool)), { use: 'either' }],
      'an ID token, access asked': (pool) => [key.sign(id(pool))],
      'an access token, ID asked': (pool) => [key.sign(access(pool)), { use: 'id' }],
      'no use, either accepted': (pool) => [key.sign(access(pool, { token_use: undefined })), { use: 'either' }],
      'the updated issuer': (pool) => [key.sign(access(pool, { iss: updatedIssuerOf(pool) }))],
      'another region': (pool) => [key.sign(access(pool, { iss: issuerOf(pool).replace('west', 'north') }))],
      'an issuer with a slash': (pool) => [key.sign(access(pool, { iss: `${issuerOf(pool)}/` }))],
      'an expired one': (pool) => [key.sign(access(pool, { exp: now() - 5 }))],
      'an expired one, tolerated': (pool) => [key.sign(access(pool, { exp: now() - 5 })), { clockTolerance: 10_000 }],
      'an early one': (pool) => [key.sign(access(pool, { nbf: now() + 20 }))],
      'an early one, tolerated': (pool) => [key.sign(access(pool, { nbf: now() + 5 })), { clockTolerance: 10_000 }],
      'another client': (pool) => [key.sign(access(pool, { client_id: 'x' }))],
      'one of two clients': (pool) => [key.sign(access(pool)), { clientIds: ['x', clientId] }],
      'a list of audiences': (pool) => [key.sign(id(pool, { aud: [clientId] })), { use: 'id' }],
      'one of the groups': (pool) => [key.sign(access(pool, { 'cognito:groups': groups })), { groups: ['people'] }],
      'none of the groups': (pool) => [key.sign(access(pool, { 'cognito:groups': groups })), { groups: ['x'] }],
      'no groups': (pool) => [key.sign(access(pool)), { groups: ['x'] }],
      'a group as text': (pool) => [key.sign(access(pool, { 'cognito:groups': 'admins' })), { groups: ['admins'] }],
      'one of the scopes': (pool) => [key.sign(access(pool)), { scopes: ['x', 'a/b'] }],
      'none of the scopes': (pool) => [key.sign(access(pool)), { scopes: ['a'] }],
      'a foreign key': (pool) => [foreign.sign(access(pool))],
      'an unknown key': (pool) => [new TestKey().sign(access(pool))],
      'no key': (pool) => [key.sign(access(pool), { kid: undefined })],
      'another algorithm': (pool) => [key.sign(access(pool), { alg: 'RS512' })],
      'no algorithm': (pool) => [`${encoded({ alg: 'none', kid: key.kid })}.${encoded(access(pool))}.AAAA`],
      'the public key as a secret': (pool) => [key.signWithPublic(access(pool), key.jwk.n ?? '')],
      'no token': () => ['a.b.c'],
    };
    for (const [name, make] of Object.entries(cases)) {
      it(name, async () => {
        const pool = poolAt(() => published);
        const [token, change = {}] = make(pool);
        const asked = { ...rules, ...change };
        const witness = CognitoJwtVerifier.create({
          userPoolId: pool.userPoolId,
          tokenUse: asked.use === 'either' ? null : asked.use,
          clientId: [...asked.clientIds],
          graceSeconds: asked.clockTolerance / 1000,
          ...(asked.groups.length > 0 && { groups: [...asked.groups] }),
          ...(asked.scopes.length > 0 && { scope: [...asked.scopes] }),
        });
        witness.cacheJwks({ keys: [key.published] });
        const isGood = await Promise.resolve()
          .then(() => witness.verifySync(token))
          .then(
            () => true,
            () => false,
          );
        should((await reasonOf(pool, token, change)) === undefined).equal(isGood);
      });
    }
  });

  it('is judged more strictly where the specifications are', async () => {
    const pool = poolAt(() => published);
    should(await reasonOf(pool, key.sign(access(pool), { crit: ['x'] }))).equal('malformed');
    should(await reasonOf(pool, key.sign(access(pool, { exp: undefined })))).equal('malformed');
    should(await reasonOf(pool, key.sign(access(pool, { iat: now() + 60 })))).equal('not_yet_valid');
    should(await reasonOf(pool, `${key.sign(access(pool))}==`)).equal('malformed');
  });

  it('is of the wrong issuer where the pool is not set to the updated one', async () => {
    const unknown = { status: 403, text: '{"message":"Forbidden"}' };
    const pool = poolAt((url) => (url.includes('//issuer-') ? unknown : published));
    should(await reasonOf(pool, key.sign(access(pool, { iss: updatedIssuerOf(pool) })))).equal('wrong_issuer');
    should(await reasonOf(pool, key.sign(access(pool)))).be.undefined();
  });

  it('is not judged where the updated issuer is out of order', async () => {
    const pool = poolAt((url) => (url.includes('//issuer-') ? { status: 503, text: '' } : published));
    const token = key.sign(access(pool, { iss: updatedIssuerOf(pool) }));
    await reasonOf(pool, token).should.be.rejectedWith({ code: 'SigningKeysUnavailable' });
  });

  it('is not judged by a key that is for something else', async () => {
    for (const change of [{ use: 'enc' }, { kty: 'oct' }, { n: '' }]) {
      const text = JSON.stringify({ keys: [{ ...key.published, ...change }] });
      const pool = poolAt(() => ({ status: 200, text }));
      await reasonOf(pool, key.sign(access(pool))).should.be.rejectedWith({ code: 'SigningKeysUnavailable' });
    }
  });
});
