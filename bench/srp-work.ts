import AuthenticationHelper from 'amazon-cognito-identity-js/lib/AuthenticationHelper';
import BigInteger from 'amazon-cognito-identity-js/lib/BigInteger';
import { createSrpSession, signSrpSession } from 'cognito-srp-helper';
import { createHash, randomBytes } from 'node:crypto';
import { g, modularPower, N, toBigInt } from '../nodes/lib/cognito/modular-power';
import { createEphemeral, provePassword, signedHex } from '../nodes/lib/cognito/srp';
import type { Figures } from './figures';
import { median, milliseconds, round } from './measurement';

const rounds = 9;
const poolId = 'eu-west-1_Bench1234';
const realm = 'Bench1234';
const userId = 'bench-user';
const password = 'Bench-1234';

function randomChallenge() {
  return {
    salt: randomBytes(16).toString('hex'),
    srpB: modularPower(g, toBigInt(randomBytes(32))).toString(16),
    secretBlock: randomBytes(1024).toString('base64'),
  };
}

type SrpChallenge = ReturnType<typeof randomChallenge>;

function ours(challenge: SrpChallenge, a: bigint): void {
  provePassword(createEphemeral(a), challenge, { realm, userId, password }, Date.now());
}

function identityJs({ salt, srpB }: SrpChallenge): Promise<unknown> {
  const helper = new AuthenticationHelper(realm);
  return new Promise((resolve) => {
    helper.getPasswordAuthenticationKey(
      userId,
      password,
      new BigInteger(srpB, 16),
      new BigInteger(salt, 16),
      (_, key) => {
        resolve(key);
      },
    );
  });
}

function srpHelper({ salt, srpB, secretBlock }: SrpChallenge): void {
  const session = createSrpSession(userId, password, poolId, false);
  signSrpSession(session, {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: { SALT: salt, SRP_B: srpB, SECRET_BLOCK: secretBlock, USER_ID_FOR_SRP: userId },
  });
}

function hash(hex: string): bigint {
  return BigInt(`0x${createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')}`);
}

/** The three powers that no client gets around, with the exponents of our own sign-in. */
function barePowers({ salt, srpB }: SrpChallenge, a: bigint): () => void {
  const { srpA } = createEphemeral(a);
  const B = BigInt(`0x${srpB}`);
  const u = hash(signedHex(BigInt(`0x${srpA}`)) + signedHex(B));
  const identity = createHash('sha256').update(`${realm}${userId}:${password}`).digest('hex');
  const x = hash(signedHex(BigInt(`0x${salt}`)) + identity);
  return () => {
    modularPower(g, a);
    modularPower(g, x);
    modularPower(B % N, a + u * x);
  };
}

/** The CPU work of one SRP sign-in, from the random exponent to the signature. */
export async function srpWork(): Promise<Figures['srp']> {
  const times = { ours: [], bare: [], identityJs: [], srpHelper: [] } as Record<string, number[]>;
  ours(randomChallenge(), 3n); // the first call checks that native powers work here
  for (let i = 0; i < rounds; i += 1) {
    const challenge = randomChallenge();
    const a = toBigInt(randomBytes(32));
    const bare = barePowers(challenge, a);
    // The short ones several times: a single one can be hit by whatever else the machine does.
    for (let repeat = 0; repeat < 10; repeat += 1) {
      times.bare?.push(await milliseconds(bare));
      times.ours?.push(
        await milliseconds(() => {
          ours(challenge, a);
        }),
      );
    }
    times.identityJs?.push(await milliseconds(() => identityJs(challenge)));
    times.srpHelper?.push(
      await milliseconds(() => {
        srpHelper(challenge);
      }),
    );
  }
  const of = (who: string): number => round(median(times[who] ?? []));
  return {
    oursMs: of('ours'),
    amazonCognitoIdentityJsMs: of('identityJs'),
    cognitoSrpHelperMs: of('srpHelper'),
    floorMs: of('bare'),
  };
}
