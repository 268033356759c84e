import { randomBytes } from 'node:crypto';
import { checkDevice, type Device, deviceGroupKey, deviceOf } from '../device';
import { endingAttempt, refuse } from '../exceptions';
import { makeServerKeys, readSrpA } from '../protocol/srp';
import type { SignIn } from '../sign-in';
import { answerBySession, type Challenge, type Posed } from './challenge';
import { claimParameters, isProven, readClaim } from './claim';

/** A remembered device begins its proof. */
export const deviceSrpAuth: Challenge = {
  needs: ['DEVICE_KEY', 'SRP_A'],
  begin: (_service, signIn) => ({
    parameters: {},
    judge: (responses) => {
      const device = deviceOf(signIn);
      if (!device) throw refuse('deviceNotFound');
      checkDevice(signIn, device, responses);
      const A = readSrpA(responses.need('SRP_A'));
      if (A === undefined) throw refuse('srpAInvalid');
      return { ask: 'DEVICE_PASSWORD_VERIFIER', begin: () => verifierOf(signIn, device, A) };
    },
  }),
  answer: (service, request) => {
    if (!request.session) throw refuse('deviceBeforeSignIn');
    return answerBySession(service, request);
  },
};

/** The device's proof. {@link deviceSrpAuth} begins it. */
export const devicePasswordVerifier: Challenge = { needs: ['DEVICE_KEY', ...claimParameters] };

/**
 * As PASSWORD_VERIFIER, with the device group key for the pool's name and the device key for the user's id.
 * Assumption: it comes with a Session, and is judged once, as PASSWORD_VERIFIER is; a wrong proof counts for no lockout.
 */
function verifierOf(signIn: SignIn, device: Device, A: bigint): Posed {
  const { verifier, key } = device;
  const keys = makeServerKeys(verifier);
  const secretBlock = randomBytes(768).toString('base64');
  return {
    parameters: {
      SALT: verifier.salt.toString(16),
      SECRET_BLOCK: secretBlock,
      SRP_B: keys.B.toString(16),
      USERNAME: signIn.user.username,
      DEVICE_KEY: key,
    },
    judge: (responses) => {
      checkDevice(signIn, device, responses);
      const claim = readClaim(responses);
      if (claim.secretBlock !== secretBlock) throw refuse('wrongPassword');
      const group = deviceGroupKey(signIn.pool);
      return endingAttempt(() => {
        if (!isProven(claim, { group, userId: key, A, keys, verifier })) throw refuse('wrongPassword');
        return 'device';
      });
    },
  };
}
