import type { WebAuthnCredential } from '@simplewebauthn/server';

/** A registered passkey. */
export interface StoredPasskey {
  /** base64url */
  readonly id: string;
  /** COSE */
  readonly publicKey: WebAuthnCredential['publicKey'];
  /** The signature counter that the authenticator told last; 0 where it does not count. */
  counter: number;
  readonly relyingPartyId: string;
  readonly friendlyName: string;
  /** `platform` or `cross-platform`, as the browser told. */
  readonly attachment: string | undefined;
  readonly transports: string[];
  /** ms since 1970 */
  readonly createdAt: number;
}
