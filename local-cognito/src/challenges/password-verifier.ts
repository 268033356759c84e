import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import { refuse } from '../exceptions';
import { ExpiringMap } from '../expiring-map';
import { sameBytes } from '../protocol/same-bytes';
import { expectedSignature, makeServerKeys, type ServerKeys, type Verifier } from '../protocol/srp';
import { canonicalTimestamp } from '../protocol/srp-timestamp';
import type { SignIn } from '../sign-in';
import type { AnswerRequest, Challenge } from './challenge';

/** A sign-in started with SRP_A. The user is missing where it is simulated. */
interface SrpStart extends Omit<SignIn, 'user'> {
  readonly user: SignIn['user'] | undefined;
  readonly userId: string;
  readonly A: bigint;
  readonly keys: ServerKeys;
  readonly verifier: Verifier;
}

const LIMIT = 10_000;
/** Documented as "seconds" without a number; this one is an assumption that slow boards can meet. */
const ANSWER_WITHIN_MS = 60_000;

/** The started SRP sign-ins, each found again by its SECRET_BLOCK and judged once. */
export class SrpStarts {
  readonly #starts: ExpiringMap<SrpStart>;

  constructor(private readonly clock: Clock) {
    this.#starts = new ExpiringMap(clock, LIMIT);
  }

  /** The ChallengeParameters of PASSWORD_VERIFIER. SALT and SRP_B are plain hex without leading zeros. */
  start(start: Omit<SrpStart, 'keys'>): Record<string, string> {
    const keys = makeServerKeys(start.verifier);
    const secretBlock = randomBytes(768).toString('base64');
    this.#starts.set(secretBlock, { ...start, keys }, this.clock.now() + ANSWER_WITHIN_MS);
    return {
      SALT: start.verifier.salt.toString(16),
      SECRET_BLOCK: secretBlock,
      SRP_B: keys.B.toString(16),
      USERNAME: start.userId,
      USER_ID_FOR_SRP: start.userId,
    };
  }

  take(secretBlock: string): SrpStart | undefined {
    const start = this.#starts.get(secretBlock);
    this.#starts.delete(secretBlock);
    return start;
  }
}

/**
 * The proof of a password; USER_SRP_AUTH begins it. There is no Session: the SECRET_BLOCK ties the answer to its start, and a repeated SRP_A
 * in the answer is tolerated, as in a real pool.
 */
export const passwordVerifier: Challenge = {
  needs: ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP'],
  answer: (service, request) => {
    const { responses, api, pool, client } = request;
    const timestamp = responses.need('TIMESTAMP');
    const canonical = canonicalTimestamp(timestamp);
    if (canonical === undefined) throw refuse('timestampUnreadable');
    const secretBlock = responses.need('PASSWORD_CLAIM_SECRET_BLOCK');
    const start = service.srpStarts.take(secretBlock);
    if (!start || !isOwn(start, request) || !start.user) throw refuse('wrongPassword');
    const { user } = start;
    if (!user.enabled) throw refuse('userDisabled');
    const isRight = () => {
      const proof = { ...start, poolId: pool.id, secretBlock: Buffer.from(secretBlock, 'base64'), timestamp };
      const signature = Buffer.from(responses.need('PASSWORD_CLAIM_SIGNATURE'), 'base64');
      return sameBytes(expectedSignature(proof), signature) && timestamp === canonical;
    };
    user.provePassword(isRight, service.clock.now(), pool.passwordPolicy.temporaryPasswordValidityDays);
    return { signIn: { api, pool, client, user }, progress: 'password' };
  },
};

function isOwn(start: SrpStart, request: AnswerRequest): boolean {
  return (
    start.pool === request.pool &&
    start.client === request.client &&
    start.api === request.api &&
    start.userId === request.username
  );
}
