import fc from 'fast-check';
import should from 'should';
import { refusals } from '../../nodes/lib/cognito/token-rejections';
import { encoded, TestKey, TokenIssuer } from '../support/token-issuer';
import { assertUnpolluted, LooseNodes } from '../support/loose-nodes';
import { anything, anyJson, real } from './odd-values';
import { holds, seeded } from './seed';

/** How many tokens are checked at once. */
const together = 25;

describe(seeded('any token'), function () {
  this.timeout(120_000);

  const issuer = new TokenIssuer();
  const stranger = new TestKey();
  const nodes = new LooseNodes();
  let sound = '';

  before(async () => {
    await issuer.listen();
    sound = issuer.key.sign(issuer.access());
    nodes.add('pool', 'cognito-user-pool', issuer.pool);
    nodes.add('verify', 'cognito-verify-token', { userPool: 'pool', token: 'token', tokenType: 'msg' });
    await passes(sound);
  });
  after(async () => {
    await nodes.closeAll();
    await issuer.close();
  });

  const passes = async (token: string): Promise<void> => {
    const msg: Record<string, unknown> = { _msgid: 'sound', token };
    should(await nodes.send('verify', msg)).deepEqual({ port: 0 });
    should(msg.cognito).have.property('username', 'ada');
  };

  const names = fc.constantFrom('none', 'None', 'HS256', 'HS512', 'RS512', 'ES256', 'PS256', '', '__proto__');
  const kids = fc.constantFrom(
    ...['../../../dev/null', "' OR 1=1 --", 'http://127.0.0.1:1/', '__proto__', 'constructor', ''],
  );
  const header = fc.record(
    {
      alg: fc.oneof(names, anyJson),
      kid: fc.oneof(kids, anyJson),
      typ: anyJson,
      crit: fc.constant(['exp']),
      jwk: fc.constant(stranger.published),
      jku: fc.constant('http://127.0.0.1:1/jwks.json'),
      x5u: fc.constant('http://127.0.0.1:1/cert'),
    },
    { requiredKeys: [] },
  );
  const claims = fc.dictionary(
    fc.constantFrom(
      'iss',
      'exp',
      'nbf',
      'iat',
      'token_use',
      'client_id',
      'scope',
      'cognito:groups',
      'sub',
      '__proto__',
    ),
    anyJson,
    { minKeys: 1, maxKeys: 4 },
  );

  /** Tokens that are not signed by the pool's key as they stand: none of them may ever pass. */
  const forged: fc.Arbitrary<() => unknown> = fc.oneof(
    header.map((change) => () => stranger.sign(issuer.access(), { kid: issuer.key.kid, ...change })),
    header.map(
      (change) => () => `${encoded({ kid: issuer.key.kid, ...change, alg: 'none' })}.${encoded(issuer.access())}.`,
    ),
    claims.map(
      (change) => () =>
        [sound.split('.')[0], encoded(issuer.access({ ...change, jti: 'other' })), sound.split('.')[2]].join('.'),
    ),
    fc.constantFrom('HS256', 'HS384', 'HS512').map((alg) => () => {
      const { publicKey } = issuer.key;
      return issuer.key.signWithPublic(issuer.access(), publicKey.export({ type: 'spki', format: 'pem' }), alg);
    }),
    fc.tuple(fc.nat(), fc.string({ minLength: 1, maxLength: 3 })).map(([at, put]) => () => {
      const place = at % sound.length;
      return `${sound.slice(0, place)}${put}${sound.slice(place)}`;
    }),
    fc.nat().map((at) => () => sound.slice(0, at % sound.length)),
    fc.constantFrom<() => unknown>(
      () => `${sound}.`,
      () => `${sound}=`,
      () => sound.replaceAll('.', '..'),
      () => [sound],
      () => ({ toString: () => sound }),
      () => '.'.repeat(20_000),
      () => `${encoded('['.repeat(9_000))}.${encoded('{}')}.AAAA`,
      () => `Bearer ${'a'.repeat(1024 * 1024)}`,
      () => Buffer.from(sound),
    ),
    anything.map((value) => () => real(value)),
  );

  it('that is not signed as it stands is rejected for a reason, and the next sound one passes', async () => {
    const reasons = new Set<unknown>();
    await holds(fc.array(forged, { minLength: together, maxLength: together }), 160, async (batch) => {
      const checks = batch.map(async (make) => {
        const msg: Record<string, unknown> = {
          _msgid: 'forged',
          token: make(),
          cognito: { claims: 'of somebody else' },
        };
        const { port, error } = await nodes.send('verify', msg);
        should(error).be.undefined();
        should(port).equal(1);
        should(msg).not.have.property('cognito');
        const { reason } = msg.payload as { reason: string };
        should(refusals).have.property(reason);
        should(JSON.stringify(msg.headers)).not.match(/[\r\n]/);
        reasons.add(reason);
      });
      await Promise.all([...checks, passes(sound)]);
      assertUnpolluted();
    });
    should(reasons.size).be.above(4);
    should(issuer.paths.every((path) => path.endsWith('/.well-known/jwks.json'))).be.true();
  });

  it('that the pool’s key has signed passes only if what it says is sound', async () => {
    await holds(fc.array(fc.tuple(claims, header), { minLength: together, maxLength: together }), 60, async (batch) => {
      const checks = batch.map(async ([change, { typ }]) => {
        const token = issuer.key.sign(issuer.access(change), typ === undefined ? {} : { typ });
        const msg: Record<string, unknown> = { _msgid: 'odd', token };
        const { port, error } = await nodes.send('verify', msg);
        should(error).be.undefined();
        if (port === 1) return;
        const { exp, token_use: use, client_id: clientId } = issuer.access(change);
        should(Number(exp) * 1000).be.above(Date.now() - 1000);
        should([use, clientId]).deepEqual(['access', issuer.access().client_id]);
      });
      await Promise.all([...checks, passes(sound)]);
      assertUnpolluted();
    });
  });
});
