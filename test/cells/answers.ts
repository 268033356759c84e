import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { newPasskey, type Payload, type Person } from '../support/person';

/** A challenge as it left a node. */
export interface Met {
  readonly ChallengeName: string;
  readonly ChallengeParameters: Readonly<Record<string, string>>;
}

/** How a challenge is answered through the nodes, in whichever sign-in it arises. */
export interface Answer {
  readonly right: (person: Person, met: Met) => Payload;
  readonly wrong: (person: Person, met: Met) => Payload;
  /** What a wrong answer is refused by. Not there: Cognito asks anew. */
  readonly refusal?: string;
  /** Whether a wrong answer ends the sign-in; otherwise the right one can follow. */
  readonly ends?: true;
}

const otherThan = (code: string): string => code.replace(/./g, (digit) => String(9 - Number(digit)));

function code(codeFor: (person: Person) => string): Answer {
  return {
    right: (person) => ({ code: codeFor(person) }),
    wrong: (person) => ({ code: otherThan(codeFor(person)) }),
    refusal: 'CodeMismatchException',
  };
}

const sentCode = code(({ pool, username }) => pool.codeOf(username));

const totp = code(({ totpCode }) => totpCode);

/** Of a proof made outside of the nodes; the pool judges each secret block once. */
const spoilt = (proof: Payload): Payload => ({
  ...proof,
  passwordClaimSignature: Buffer.alloc(32, 'wrong').toString('base64'),
});

const proof: Answer = {
  right: ({ srp }, { ChallengeParameters }) => srp.prove(ChallengeParameters),
  wrong: (person, met) => spoilt(proof.right(person, met)),
  refusal: 'NotAuthorizedException',
  ends: true,
};

const deviceProof: Answer = {
  right: ({ srp, deviceInputs }, { ChallengeParameters }) =>
    srp.proveDevice(ChallengeParameters, deviceInputs.deviceGroupKey, deviceInputs.devicePassword),
  wrong: (person, met) => spoilt(deviceProof.right(person, met)),
  refusal: 'NotAuthorizedException',
  ends: true,
};

/** An SRP_A of zero would make every proof succeed (RFC 5054, 2.5.4). */
const zero = '0';

/** One row for each challenge. */
export const answers: Readonly<Record<ChallengeNameType, Answer>> = {
  PASSWORD_VERIFIER: proof,
  NEW_PASSWORD_REQUIRED: {
    right: () => ({ newPassword: 'New-Password-1', userAttributes: { name: 'Grace' } }),
    wrong: () => ({ newPassword: 'short', userAttributes: { name: 'Grace' } }),
    refusal: 'InvalidPasswordException',
  },
  SOFTWARE_TOKEN_MFA: totp,
  SMS_MFA: sentCode,
  EMAIL_OTP: sentCode,
  SMS_OTP: sentCode,
  SELECT_MFA_TYPE: {
    right: () => ({ choice: 'SMS_MFA' }),
    wrong: () => ({ choice: 'CARRIER_PIGEON' }),
    refusal: 'InvalidParameterException',
  },
  ADMIN_NO_SRP_AUTH: {
    right: ({ password }) => ({ password }),
    wrong: () => ({ password: 'Wrong-Password-1' }),
    refusal: 'NotAuthorizedException',
  },
  /** After the QR code was scanned. */
  MFA_SETUP: { ...totp, refusal: 'EnableSoftwareTokenMFAException' },
  SELECT_CHALLENGE: {
    right: () => ({ choice: 'EMAIL_OTP' }),
    wrong: () => ({ choice: 'WEB_AUTHN' }),
    refusal: 'InvalidParameterException',
  },
  PASSWORD: {
    right: ({ password }) => ({ password }),
    wrong: () => ({ password: 'Wrong-Password-1' }),
    refusal: 'NotAuthorizedException',
    ends: true,
  },
  PASSWORD_SRP: {
    right: ({ password }) => ({ password }),
    wrong: () => ({ srpA: zero }),
    refusal: 'InvalidParameterException',
  },
  WEB_AUTHN: {
    right: ({ passkey }, { ChallengeParameters }) => ({
      credential: passkey.get(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS ?? ''),
    }),
    wrong: (_person, { ChallengeParameters }) => ({
      credential: newPasskey().get(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS ?? ''),
    }),
    refusal: 'NotAuthorizedException',
    ends: true,
  },
  /** The trigger asks “Say N”. */
  CUSTOM_CHALLENGE: {
    right: (_person, { ChallengeParameters }) => ({ answer: ChallengeParameters.question?.replace('Say ', '') }),
    wrong: () => ({ answer: 'nothing' }),
  },
  DEVICE_SRP_AUTH: {
    right: ({ deviceInputs }) => deviceInputs,
    wrong: () => ({ srpA: zero }),
    refusal: 'InvalidParameterException',
  },
  DEVICE_PASSWORD_VERIFIER: deviceProof,
};
