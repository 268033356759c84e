import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import { sameBytes } from '../protocol/same-bytes';
import { expectedSignature, type ServerKeys, type Verifier } from '../protocol/srp';
import { canonicalTimestamp } from '../protocol/srp-timestamp';

/** The proof that an SRP answer claims. */
export interface Claim {
  readonly secretBlock: string;
  readonly timestamp: string;
  readonly canonicalTimestamp: string;
  readonly signature: Buffer;
}

/** The parameters of a claim. */
export const claimParameters = ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP'] as const;

/** @throws InvalidParameterException for a TIMESTAMP that is none */
export function readClaim(responses: Parameters): Claim {
  const timestamp = responses.need('TIMESTAMP');
  const canonical = canonicalTimestamp(timestamp);
  if (canonical === undefined) throw refuse('timestampUnreadable');
  return {
    secretBlock: responses.need('PASSWORD_CLAIM_SECRET_BLOCK'),
    timestamp,
    canonicalTimestamp: canonical,
    signature: Buffer.from(responses.need('PASSWORD_CLAIM_SIGNATURE'), 'base64'),
  };
}

/** Does the claim prove the password behind the verifier? */
export function isProven(
  { secretBlock, timestamp, canonicalTimestamp: canonical, signature }: Claim,
  against: {
    readonly group: string;
    readonly userId: string;
    readonly A: bigint;
    readonly keys: ServerKeys;
    readonly verifier: Verifier;
  },
): boolean {
  const expected = expectedSignature({ ...against, secretBlock: Buffer.from(secretBlock, 'base64'), timestamp });
  return sameBytes(expected, signature) && timestamp === canonical;
}
