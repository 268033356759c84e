import { createHash, randomBytes } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import type { Clock } from '../clock';
import type { ClientConfig } from '../config';
import { refuse } from '../exceptions';
import { ExpiringMap } from '../expiring-map';
import type { Pool } from '../pool';
import { sameBytes } from '../protocol/same-bytes';
import type { User } from '../user';
import { type CredentialJson, readCredential } from './credential-json';
import { isOwnOrigin, relyingPartyOf, type RelyingParty, usablePasskeys, userHandleOf } from './relying-party';

/** Whose access token it is. */
export interface TokenOwner {
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly user: User;
}

interface Registration extends TokenOwner {
  readonly party: RelyingParty;
  readonly expiresAt: number;
}

const LIMIT = 10_000;
/** How long a user may take. Assumption: AWS says that the challenge expires, and not when. */
const COMPLETE_WITHIN_MS = 3 * 60_000;
/** Developer guide, "Passwordless sign-in with WebAuthn passkeys". */
const MOST_PASSKEYS = 20;
/** ES256 and RS256, by their COSE numbers; Cognito takes no others (developer guide, as above). */
const algorithms = [-7, -257];

/** Passkeys being registered, each found again by its challenge. */
export class Registrations {
  readonly #registrations: ExpiringMap<Registration>;

  constructor(private readonly clock: Clock) {
    this.#registrations = new ExpiringMap(clock, LIMIT);
  }

  /** @returns WebAuthn's PublicKeyCredentialCreationOptionsJSON */
  start(owner: TokenOwner): object {
    const { pool, user } = owner;
    const party = relyingPartyFor(pool);
    if (user.passkeys.length >= MOST_PASSKEYS) throw refuse('passkeysTooMany');
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = this.clock.now() + COMPLETE_WITHIN_MS;
    this.#registrations.set(challenge, { ...owner, party, expiresAt }, expiresAt);
    return {
      rp: { id: party.id, name: party.id },
      user: { id: userHandleOf(user), name: user.username, displayName: user.username },
      challenge,
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      timeout: COMPLETE_WITHIN_MS,
      excludeCredentials: usablePasskeys(pool, user).map(({ id, transports }) => ({
        type: 'public-key',
        id,
        transports,
      })),
      // Cognito's passkeys are discoverable (developer guide, as above).
      authenticatorSelection: {
        requireResidentKey: true,
        residentKey: 'required',
        userVerification: party.userVerification,
      },
    };
  }

  /**
   * Registers what the browser made of the options. A challenge is judged once, whatever comes of it (assumption; an
   * access token of another app client leaves it usable).
   * @throws the WebAuthn exceptions of the API reference
   */
  async complete(owner: TokenOwner, document: unknown): Promise<void> {
    const { pool, user, client } = owner;
    relyingPartyFor(pool);
    const given = readCredential(document, 'Credential');
    const registration = this.#registrations.get(given.challenge);
    if (registration?.user !== user) throw refuse('passkeyChallengeNotFound');
    if (registration.client !== client) throw refuse('passkeyOfOtherClient');
    this.#registrations.delete(given.challenge);
    const { party } = registration;
    if (!isOwnOrigin(given.origin, party.id)) {
      throw refuse('passkeyOriginNotAllowed', { origin: given.origin, rpId: party.id });
    }
    checkRelyingParty(given, party);
    const credential = await verified(given, party);
    if (pool.users.some(({ passkeys }) => passkeys.some(({ id }) => id === credential.id))) {
      throw refuse('passkeyNotSupported');
    }
    if (user.passkeys.length >= MOST_PASSKEYS) throw refuse('passkeysTooMany');
    user.passkeys.push({
      id: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      relyingPartyId: party.id,
      // Cognito makes names of its own; what they look like is an assumption.
      friendlyName: `Passkey ${user.passkeys.length + 1}`,
      attachment: given.attachment,
      transports: given.transports,
      createdAt: this.clock.now(),
    });
  }
}

function relyingPartyFor(pool: Pool): RelyingParty {
  if (!pool.firstAuthFactors.includes('WEB_AUTHN')) throw refuse('passkeysOff');
  const party = relyingPartyOf(pool);
  if (!party) throw refuse('passkeysUnconfigured');
  return party;
}

function checkRelyingParty(given: CredentialJson, { id }: RelyingParty): void {
  const rpIdHash = hashOfRelyingParty(given.need('attestationObject'));
  if (!rpIdHash) throw refuse('passkeyUnreadable', { name: 'Credential' });
  const own = createHash('sha256').update(id).digest();
  if (!sameBytes(own, Buffer.from(rpIdHash))) throw refuse('passkeyOfOtherParty', { rpId: id });
}

/** @param attestationObject base64url; CBOR inside */
function hashOfRelyingParty(attestationObject: string): Uint8Array | undefined {
  try {
    const decoded = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
    return parseAuthenticatorData(decoded.get('authData')).rpIdHash;
  } catch {
    return undefined;
  }
}

/** Attestation is not asked for, as by Cognito (developer guide, as above). */
async function verified(given: CredentialJson, party: RelyingParty) {
  const response = {
    id: given.id,
    rawId: given.rawId,
    type: 'public-key' as const,
    response: {
      clientDataJSON: given.need('clientDataJSON'),
      attestationObject: given.need('attestationObject'),
    },
    clientExtensionResults: {},
  };
  const verification = await verifyRegistrationResponse({
    response,
    expectedChallenge: given.challenge,
    expectedOrigin: given.origin,
    expectedRPID: party.id,
    requireUserVerification: party.userVerification === 'required',
    supportedAlgorithmIDs: algorithms,
  }).catch(() => undefined);
  if (!verification?.verified) throw refuse('passkeyNotSupported');
  return verification.registrationInfo.credential;
}
