import { createSrpSession, signSrpSession, signSrpSessionWithDevice } from 'cognito-srp-helper';

/** A device that keeps its password to itself: it makes SRP_A and the proof, by cognito-srp-helper. */
export class SrpDevice {
  readonly #session;

  constructor(username: string, password: string, userPoolId: string) {
    this.#session = createSrpSession(username, password, userPoolId, false);
  }

  get srpA(): string {
    return this.#session.largeA;
  }

  /** The answer to PASSWORD_VERIFIER, under the names of a message's payload. */
  prove(challengeParameters: Record<string, string>) {
    return proofOf(signSrpSession(this.#session, { ChallengeParameters: challengeParameters }));
  }

  /** The answer to DEVICE_PASSWORD_VERIFIER, under the names of a message's payload. */
  proveDevice(challengeParameters: Record<string, string>, deviceGroupKey: string, devicePassword: string) {
    const challenge = { ChallengeParameters: challengeParameters };
    return proofOf(signSrpSessionWithDevice(this.#session, challenge, deviceGroupKey, devicePassword));
  }
}

function proofOf(signed: { passwordSignature: string; secret: string; timestamp: string }) {
  return {
    passwordClaimSignature: signed.passwordSignature,
    passwordClaimSecretBlock: signed.secret,
    timestamp: signed.timestamp,
  };
}
