import type { Pool } from '../pool';
import type { User } from '../user';
import type { StoredPasskey } from './stored-passkey';

/** Whom a pool's passkeys are made for. */
export interface RelyingParty {
  readonly id: string;
  /** Cognito's default is `preferred` (developer guide, "Passwordless sign-in with WebAuthn passkeys"). */
  readonly userVerification: 'required' | 'preferred';
}

/** The pool's relying party; undefined where none is configured. */
export function relyingPartyOf({ config }: Pool): RelyingParty | undefined {
  const settings = config.webAuthnConfiguration;
  return settings && { id: settings.relyingPartyId, userVerification: settings.userVerification ?? 'preferred' };
}

/** The user's passkeys for today's relying party: when it changes, users register again (developer guide, as above). */
export function usablePasskeys(pool: Pool, user: User): StoredPasskey[] {
  const id = relyingPartyOf(pool)?.id;
  return user.passkeys.filter(({ relyingPartyId }) => relyingPartyId === id);
}

/** The user handle that authenticators keep beside a key; base64url. */
export function userHandleOf(user: User): string {
  return Buffer.from(user.sub).toString('base64url');
}

/**
 * Does a page's origin belong to the relying party? This pool's own rule, made of what browsers allow: HTTPS on its
 * domain or one below, any port; for `localhost` also HTTP, so that practice needs no certificate.
 */
export function isOwnOrigin(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  return isSecure && (hostname === rpId || hostname.endsWith(`.${rpId}`));
}
