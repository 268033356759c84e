import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import { refuse } from '../exceptions';
import { ExpiringMap } from '../expiring-map';
import { sameBytes } from '../protocol/same-bytes';
import { expectedSignature, makeServerKeys, type ServerKeys } from '../protocol/srp';
import { canonicalTimestamp } from '../protocol/srp-timestamp';
import type { SignIn } from '../sign-in';
import { type Challenge, isOwn } from './challenge';

/** A sign-in started with SRP_A. */
interface SrpStart {
  readonly signIn: SignIn;
  readonly A: bigint;
  readonly keys: ServerKeys;
}

const LIMIT = 10_000;
/** Documented as "seconds" without a number; this one is an assumption that slow boards can meet. */
const ANSWER_WITHIN_MS = 60_000;

/** The started SRP sign-ins, each found again by its SECRET_BLOCK until it is spent. */
export class SrpStarts {
  readonly #starts: ExpiringMap<SrpStart>;

  constructor(private readonly clock: Clock) {
    this.#starts = new ExpiringMap(clock, LIMIT);
  }

  /** The ChallengeParameters of PASSWORD_VERIFIER. SALT and SRP_B are plain hex without leading zeros. */
  start(signIn: SignIn, A: bigint): Record<string, string> {
    const { username, verifier } = signIn.user;
    const keys = makeServerKeys(verifier);
    const secretBlock = randomBytes(768).toString('base64');
    this.#starts.set(secretBlock, { signIn, A, keys }, this.clock.now() + ANSWER_WITHIN_MS);
    return {
      SALT: verifier.salt.toString(16),
      SECRET_BLOCK: secretBlock,
      SRP_B: keys.B.toString(16),
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    };
  }

  /** Looking a start up does not end it, {@link spend} does: what is refused unjudged may be sent again, changed. */
  find(secretBlock: string): SrpStart | undefined {
    return this.#starts.get(secretBlock);
  }

  /** Ends a start whose proof is being judged. */
  spend(secretBlock: string): void {
    this.#starts.delete(secretBlock);
  }
}

/**
 * The proof of a password; USER_SRP_AUTH begins it. There is no Session: the SECRET_BLOCK ties the answer to its start,
 * and a repeated SRP_A in the answer is tolerated, as in a real pool.
 */
export const passwordVerifier: Challenge = {
  needs: ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP'],
  answer: ({ srpStarts, clock }, request) => {
    const { responses } = request;
    const timestamp = responses.need('TIMESTAMP');
    const canonical = canonicalTimestamp(timestamp);
    if (canonical === undefined) throw refuse('timestampUnreadable');
    const secretBlock = responses.need('PASSWORD_CLAIM_SECRET_BLOCK');
    const start = srpStarts.find(secretBlock);
    if (!start || !isOwn(start.signIn, request)) throw refuse('wrongPassword');
    const { pool, user } = start.signIn;
    if (!user.enabled) throw refuse('userDisabled');
    const isRight = () => {
      srpStarts.spend(secretBlock);
      const proof = {
        ...start,
        poolId: pool.id,
        userId: user.username,
        // Of the password as it is now: one that was replaced meanwhile proves nothing.
        verifier: user.verifier,
        secretBlock: Buffer.from(secretBlock, 'base64'),
        timestamp,
      };
      const signature = Buffer.from(responses.need('PASSWORD_CLAIM_SIGNATURE'), 'base64');
      return sameBytes(expectedSignature(proof), signature) && timestamp === canonical;
    };
    user.provePassword(isRight, clock.now(), pool.passwordPolicy.temporaryPasswordValidityDays);
    return { signIn: start.signIn, progress: 'password' };
  },
};
