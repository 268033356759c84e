import { createSrpSession, signSrpSession } from 'cognito-srp-helper';

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
    const signed = signSrpSession(this.#session, { ChallengeParameters: challengeParameters });
    return {
      passwordClaimSignature: signed.passwordSignature,
      passwordClaimSecretBlock: signed.secret,
      timestamp: signed.timestamp,
    };
  }
}
