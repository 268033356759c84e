import { randomBytes } from 'node:crypto';
import type { Clock } from './clock';
import type { ClientConfig } from './config';
import { refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';
import type { Pool } from './pool';
import type { Api, SignIn } from './sign-in';

/** What one sign-in grants: its access and ID tokens, and all refresh tokens that rotation makes of the first one. */
export interface Grant {
  readonly signIn: SignIn;
  /** s since 1970; survives every refresh. */
  readonly authTime: number;
  readonly originJti: string;
  /** ms since 1970; rotation does not move it. */
  readonly expiresAt: number;
  /** The device that the tokens belong to, where devices are tracked; it need not be confirmed yet. */
  readonly deviceKey: string | undefined;
  /** The user's {@link User.revocations} at sign-in. */
  readonly revocations: number;
  /** By RevokeToken. */
  revoked: boolean;
}

/** Who wants to use a refresh token. */
interface Caller {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly deviceKey: string | undefined;
}

interface Entry {
  readonly grant: Grant;
  /** When its grace period ends, ms since 1970; undefined until it has been rotated out. */
  replacedAt: number | undefined;
}

const LIMIT = 10_000;
/** An expired refresh token is remembered that long, to be refused by the right message. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** The refresh tokens given out. */
export class RefreshTokens {
  readonly #entries: ExpiringMap<Entry>;

  constructor(private readonly clock: Clock) {
    this.#entries = new ExpiringMap(clock, LIMIT);
  }

  /** A new refresh token of the grant. */
  issue(grant: Grant): string {
    const token = randomBytes(768).toString('base64url');
    this.#entries.set(token, { grant, replacedAt: undefined }, grant.expiresAt + REMEMBERED_MS);
    return token;
  }

  /** What a refresh token stands for, whatever has become of it; undefined for one that is not known. */
  find(token: string): Grant | undefined {
    return this.#entries.get(token)?.grant;
  }

  /**
   * The grant of a refresh token. It may be used on either API, whichever issued it, unless devices are tracked.
   * Assumption: the order of these refusals, and that the reuse of one token leaves those that came of it alone.
   * @throws NotAuthorizedException for a token that is unknown, revoked, expired, of a disabled user or of another pool,
   *   client or device; RefreshTokenReuseException for one that rotation has replaced
   */
  redeem(token: string, caller: Caller): Grant {
    const entry = this.#entries.get(token);
    if (!entry) throw refuse('refreshTokenInvalid');
    const { grant, replacedAt } = entry;
    const { pool, client, user } = grant.signIn;
    if (pool !== caller.pool || client !== caller.client) throw refuse('refreshTokenInvalid');
    if (!isFromItsDevice(grant, caller)) throw refuse('refreshTokenInvalid');
    if (!user.enabled) throw refuse('userDisabled');
    if (isRevoked(grant)) throw refuse('refreshTokenRevoked');
    const now = this.clock.now();
    if (grant.expiresAt <= now) throw refuse('refreshTokenExpired');
    if (replacedAt !== undefined && replacedAt <= now) throw refuse('refreshTokenReused');
    return grant;
  }

  /**
   * A new refresh token in place of a redeemed one, which can be used again until its grace period has passed, so that
   * a client may repeat a request. Every such request gets a refresh token too ("each successful request in all forms of
   * token refresh", developer guide, "Refresh tokens"). Assumption: the grace period counts from the first of them, and
   * each of the new tokens lives on its own.
   */
  rotate(token: string, grant: Grant): string {
    const entry = this.#entries.get(token);
    const grace = grant.signIn.client.refreshTokenRotation?.retryGracePeriodSeconds ?? 0;
    if (entry) entry.replacedAt ??= this.clock.now() + grace * 1000;
    return this.issue(grant);
  }
}

/** Have its tokens been revoked, by RevokeToken or with all of the user's? */
export function isRevoked({ revoked, revocations, signIn }: Grant): boolean {
  return revoked || revocations !== signIn.user.revocations;
}

export function rotates({ refreshTokenRotation }: ClientConfig): boolean {
  return refreshTokenRotation?.feature === 'ENABLED';
}

/**
 * With device tracking on, tokens are linked to one device, and no other refreshes them, nor does a forgotten one
 * (aws.amazon.com/blogs/mobile, "Tracking and Remembering Devices"), an unconfirmed one, or a request without its key
 * (repost.aws/knowledge-center/cognito-invalid-refresh-token-error; API reference, GetTokensFromRefreshToken). Tokens of
 * server-side sign-ins are never refreshed (aws/aws-sdk-java#2841, aws/aws-sdk-js-v3#7162).
 */
function isFromItsDevice({ signIn, deviceKey }: Grant, caller: Caller): boolean {
  if (!caller.pool.config.deviceConfiguration) return true;
  const isConfirmed = signIn.user.devices.some(({ key }) => key === deviceKey);
  return caller.api === 'client' && caller.deviceKey === deviceKey && isConfirmed;
}
