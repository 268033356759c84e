import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import AuthenticationHelper from 'amazon-cognito-identity-js/lib/AuthenticationHelper';
import BigInteger from 'amazon-cognito-identity-js/lib/BigInteger';
import { createSrpSession, signSrpSession } from 'cognito-srp-helper';
import should from 'should';
import { modularPower, N, toBigInt } from '../../../../nodes/lib/cognito/modular-power';
import {
  createEphemeral,
  passwordVerifier,
  provePassword,
  sessionKey,
  signedHex,
  type SrpChallenge,
  type SrpEphemeral,
  type SrpIdentity,
} from '../../../../nodes/lib/cognito/srp';

const realm = 'AbCdEfGhI';
const noon = Date.UTC(2026, 0, 4, 12, 0, 0);

function randomChallenge(): SrpChallenge {
  return {
    salt: toBigInt(randomBytes(16)).toString(16),
    srpB: (toBigInt(randomBytes(400)) % N).toString(16),
    secretBlock: randomBytes(700).toString('base64'),
  };
}

function randomIdentity(): SrpIdentity {
  return { realm, userId: randomUUID(), password: randomBytes(12).toString('base64') };
}

/** What AWS's own browser library derives from the same numbers. */
function keyOfIdentityJs(ephemeral: SrpEphemeral, challenge: SrpChallenge, identity: SrpIdentity): Promise<Buffer> {
  const helper = new AuthenticationHelper(identity.realm);
  helper.smallAValue = new BigInteger(ephemeral.a.toString(16), 16);
  helper.largeAValue = new BigInteger(ephemeral.srpA, 16);
  return new Promise((resolve, reject) => {
    helper.getPasswordAuthenticationKey(
      identity.userId,
      identity.password,
      new BigInteger(challenge.srpB, 16),
      new BigInteger(challenge.salt, 16),
      (error, key) => {
        if (error) reject(error);
        else resolve(Buffer.from(key));
      },
    );
  });
}

/** What cognito-srp-helper signs with the same numbers and the same time. */
function signatureOfSrpHelper(
  ephemeral: SrpEphemeral,
  challenge: SrpChallenge,
  identity: SrpIdentity,
  timestamp: string,
): string {
  const session = {
    ...createSrpSession('alias@example.com', identity.password, `eu-west-1_${identity.realm}`, false),
    smallA: ephemeral.a.toString(16),
    largeA: ephemeral.srpA,
    timestamp,
  };
  return signSrpSession(session, {
    ChallengeParameters: {
      SALT: challenge.salt,
      SRP_B: challenge.srpB,
      SECRET_BLOCK: challenge.secretBlock,
      USER_ID_FOR_SRP: identity.userId,
    },
  }).passwordSignature;
}

async function agreesWithIdentityJs(
  challenge: SrpChallenge,
  identity = randomIdentity(),
  ephemeral = createEphemeral(),
): Promise<void> {
  const theirs = await keyOfIdentityJs(ephemeral, challenge, identity);
  should(sessionKey(ephemeral, challenge, identity).toString('hex')).equal(theirs.toString('hex'));
}

function agreesWithSrpHelper(
  challenge: SrpChallenge,
  identity = randomIdentity(),
  ephemeral = createEphemeral(),
): void {
  const proof = provePassword(ephemeral, challenge, identity, noon);
  const theirs = signatureOfSrpHelper(ephemeral, challenge, identity, proof.TIMESTAMP);
  should(proof.PASSWORD_CLAIM_SIGNATURE).equal(theirs);
}

/** An exchange whose SRP_A looks as wanted. */
function ephemeralWhere(accepts: (srpA: string) => boolean): SrpEphemeral {
  for (;;) {
    const ephemeral = createEphemeral();
    if (accepts(ephemeral.srpA)) return ephemeral;
  }
}

/** The exponents for which 2^a has so few digits that they can be chosen. */
const ephemeralOf = (a: bigint): SrpEphemeral => createEphemeral(a);

describe('the proof of a password', () => {
  it('is what amazon-cognito-identity-js computes for random numbers', async () => {
    for (let round = 0; round < 3; round += 1) await agreesWithIdentityJs(randomChallenge());
  });

  it('is what cognito-srp-helper signs for random numbers', () => {
    for (let round = 0; round < 3; round += 1) agreesWithSrpHelper(randomChallenge());
  });

  it('sends SRP_A as both of them do: plain hexadecimal of 2^a, without padding', () => {
    const short = ephemeralOf(11n);
    should(short.srpA).equal('800');
    should(createEphemeral().srpA).match(/^[1-9a-f][0-9a-f]*$/);
    const theirs = createSrpSession('someone', 'password', `eu-west-1_${realm}`, false);
    should(ephemeralOf(BigInt(`0x${theirs.smallA}`)).srpA).equal(theirs.largeA);
  });

  it('uses a new 256-bit secret for every exchange', () => {
    const exponents = new Set(Array.from({ length: 20 }, () => createEphemeral().a));
    should(exponents.size).equal(20);
    should([...exponents].some((a) => a.toString(2).length > 250)).be.true();
    should([...exponents].every((a) => a < 2n ** 256n)).be.true();
  });

  const padding: [description: string, change: Partial<SrpChallenge>][] = [
    ['a salt whose top bit is set', { salt: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' }],
    ['a salt whose top bit is clear', { salt: '70e1d2c3b4a5968778695a4b3c2d1e0f' }],
    ['a salt of an odd number of digits', { salt: 'abcdef0123456789abcdef012345678' }],
    ['a salt of an odd number of digits that starts low', { salt: '1bcdef0123456789abcdef012345678' }],
    ['a salt with leading zeros', { salt: '0000e1d2c3b4a5968778695a4b3c2d1e' }],
    ['a salt in capitals', { salt: 'F0E1D2C3B4A5968778695A4B3C2D1E0F' }],
    ['a salt of one digit', { salt: '7' }],
    ['an SRP_B of an odd number of digits', { srpB: `9${'ab'.repeat(380)}` }],
    ['an SRP_B with leading zeros', { srpB: `0000${'1c'.repeat(381)}` }],
    ['a short SRP_B whose top bit is set', { srpB: '9c'.repeat(40) }],
    ['an SRP_B of N - 1', { srpB: (N - 1n).toString(16) }],
    ['an SRP_B beyond N', { srpB: (N + 5n).toString(16) }],
    ['an SRP_B of one', { srpB: '1' }],
  ];
  for (const [description, change] of padding) {
    it(`takes ${description}`, async () => {
      await agreesWithIdentityJs({ ...randomChallenge(), ...change });
    });
  }

  it('takes an SRP_A of an odd number of digits', async () => {
    await agreesWithIdentityJs(randomChallenge(), randomIdentity(), ephemeralOf(3064n));
    should(ephemeralOf(3064n).srpA.length % 2).equal(1);
  });

  it('takes an SRP_A whose top bit is set, and one whose top bit is clear', async () => {
    await agreesWithIdentityJs(
      randomChallenge(),
      randomIdentity(),
      ephemeralWhere((srpA) => /^[89a-f]/.test(srpA)),
    );
    await agreesWithIdentityJs(
      randomChallenge(),
      randomIdentity(),
      ephemeralWhere((srpA) => /^[1-7]/.test(srpA)),
    );
  });

  const people: [description: string, userId: string, password: string][] = [
    ['emoji', '🙂👩‍👩‍👧‍👦', '🔑🗝️🔐'],
    ['combining characters', 'Zoe\u0308', 'pa\u0301ss-W0rd'],
    ['the same characters composed', 'Zo\u00eb', 'p\u00e1ss-W0rd'],
    ['Chinese, Japanese and Korean', '山田太郎', '密码パスワード비밀번호1!'],
    ['right-to-left scripts', 'مستخدم', 'סיסמה-1A!'],
    ['one blank', ' ', ' '],
    ['colons and quotes', 'a:b"c', "d:e'f\\"],
    ['a very long password', 'someone', 'Aa1!'.repeat(512)],
  ];
  for (const [description, userId, password] of people) {
    it(`takes names and passwords of ${description}`, () => {
      agreesWithSrpHelper(randomChallenge(), { realm, userId, password });
    });
  }

  it('does not take composed and combining characters for the same', () => {
    const [ephemeral, challenge] = [createEphemeral(), randomChallenge()];
    const keyOf = (password: string) =>
      sessionKey(ephemeral, challenge, { realm, userId: 'zoe', password }).toString('hex');
    should(keyOf('p\u00e1ss')).not.equal(keyOf('pa\u0301ss'));
  });

  it('signs realm, user, secret block and time with the session key', () => {
    const [ephemeral, challenge, identity] = [createEphemeral(), randomChallenge(), randomIdentity()];
    const proof = provePassword(ephemeral, challenge, identity, noon);
    should(proof.TIMESTAMP).equal('Sun Jan 4 12:00:00 UTC 2026');
    should(proof.PASSWORD_CLAIM_SECRET_BLOCK).equal(challenge.secretBlock);
    const signature = createHmac('sha256', sessionKey(ephemeral, challenge, identity))
      .update(`${realm}${identity.userId}`)
      .update(Buffer.from(challenge.secretBlock, 'base64'))
      .update('Sun Jan 4 12:00:00 UTC 2026')
      .digest('base64');
    should(proof.PASSWORD_CLAIM_SIGNATURE).equal(signature);
  });

  for (const [description, srpB] of [
    ['zero', '0'],
    ['N', N.toString(16)],
    ['twice N', (2n * N).toString(16)],
  ] as const) {
    it(`is refused for an SRP_B of ${description}, which would give the key away`, () => {
      const challenge = { ...randomChallenge(), srpB };
      should(() => sessionKey(createEphemeral(), challenge, randomIdentity())).throw({
        code: 'SrpChallengeInvalid',
        details: { field: 'SRP_B' },
      });
    });
  }

  for (const [field, change] of [
    ['SRP_B', { srpB: '' }],
    ['SRP_B', { srpB: 'xyz' }],
    ['SRP_B', { srpB: '-5' }],
    ['SALT', { salt: '' }],
    ['SALT', { salt: '0x12' }],
  ] as const) {
    it(`is refused for ${field} that is no number: ${JSON.stringify(change)}`, () => {
      const challenge = { ...randomChallenge(), ...change };
      should(() => sessionKey(createEphemeral(), challenge, randomIdentity())).throw({
        code: 'SrpChallengeInvalid',
        details: { field },
      });
    });
  }

  it('is the same on a Node whose own powers can’t be borrowed', () => {
    const [ephemeral, challenge, identity] = [createEphemeral(), randomChallenge(), randomIdentity()];
    const script = `
      require('node:crypto').DiffieHellman.prototype.setPrivateKey = () => { throw new Error('not here'); };
      const { createEphemeral, sessionKey } = require(${JSON.stringify(require.resolve('../../../../nodes/lib/cognito/srp'))});
      const ephemeral = createEphemeral(${ephemeral.a}n);
      const key = sessionKey(ephemeral, ${JSON.stringify(challenge)}, ${JSON.stringify(identity)});
      console.log(JSON.stringify([ephemeral.srpA, key.toString('hex')]));`;
    const output = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
    should(output).deepEqual([ephemeral.srpA, sessionKey(ephemeral, challenge, identity).toString('hex')]);
  });

  it('pads numbers as amazon-cognito-identity-js does', () => {
    const helper = new AuthenticationHelper(realm);
    for (const digits of [
      '0',
      '7',
      '8',
      'f',
      '14',
      'c8',
      '7ff',
      '800',
      'fff',
      '1000',
      modularPower(2n, 3071n).toString(16),
    ]) {
      should(signedHex(BigInt(`0x${digits}`))).equal(helper.padHex(new BigInteger(digits, 16)));
    }
  });
});

describe('a password verifier', () => {
  it('is the one that amazon-cognito-identity-js makes for a device', async () => {
    for (let round = 0; round < 4; round += 1) {
      const device = { realm: `-${randomBytes(6).toString('base64url')}`, userId: `eu-west-1_${randomUUID()}` };
      const helper = new AuthenticationHelper(realm);
      await new Promise<void>((resolve, reject) => {
        helper.generateHashDevice(device.realm, device.userId, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      const salt = BigInt(`0x${helper.getSaltDevices()}`);
      const verifier = passwordVerifier(salt, { ...device, password: helper.getRandomPassword() });
      should(signedHex(verifier)).equal(helper.getVerifierDevices());
    }
  });
});
