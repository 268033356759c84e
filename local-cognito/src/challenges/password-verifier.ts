import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import { withDevice } from '../device';
import { refuse } from '../exceptions';
import { ExpiringMap } from '../expiring-map';
import { makeServerKeys, poolName, type ServerKeys } from '../protocol/srp';
import type { SignIn } from '../sign-in';
import { type Challenge, isOwn } from './challenge';
import { claimParameters, isProven, readClaim } from './claim';

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
  needs: claimParameters,
  answer: ({ srpStarts, clock }, request) => {
    const claim = readClaim(request.responses);
    const start = srpStarts.find(claim.secretBlock);
    if (!start || !isOwn(start.signIn, request)) throw refuse('wrongPassword');
    const { pool, user } = start.signIn;
    if (!user.enabled) throw refuse('userDisabled');
    const signIn = withDevice(start.signIn, request.responses);
    const isRight = () => {
      srpStarts.spend(claim.secretBlock);
      // Of the password as it is now: one that was replaced meanwhile proves nothing.
      const { username: userId, verifier } = user;
      return isProven(claim, { ...start, group: poolName(pool.id), userId, verifier });
    };
    user.provePassword(isRight, clock.now(), signIn);
    return { signIn, progress: 'password' };
  },
};
