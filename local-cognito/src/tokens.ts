import { randomBytes, randomUUID } from 'node:crypto';
import { sign, TokenExpiredError, verify } from 'jsonwebtoken';
import { acrClaims } from './acr-levels';
import type { Clock } from './clock';
import { deviceGroupKey, deviceOf, newDeviceKey } from './device';
import { refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';
import type { Pool, Pools } from './pool';
import type { Api, SignIn } from './sign-in';
import type { SigningKey, SigningKeys } from './signing-keys';
import { clientSeconds } from './token-validity';
import type { User } from './user';

/** Cognito's AuthenticationResultType. */
export interface AuthenticationResult {
  AccessToken: string;
  ExpiresIn: number;
  TokenType: 'Bearer';
  RefreshToken?: string;
  IdToken: string;
  NewDeviceMetadata?: { DeviceKey: string; DeviceGroupKey: string };
}

/** What a refresh token stands for. */
interface Grant {
  readonly signIn: SignIn;
  /** s since 1970; survives every refresh. */
  readonly authTime: number;
  readonly originJti: string;
  readonly expiresAt: number;
  /** The device that the tokens belong to, where devices are tracked; it need not be confirmed yet. */
  readonly deviceKey: string | undefined;
}

/** Who wants to use a refresh token. */
interface Caller {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: SignIn['client'];
  readonly deviceKey: string | undefined;
}

const GRANT_LIMIT = 10_000;
/** An expired refresh token is remembered that long, to be refused by the right message. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** Issues and checks tokens. Claims as in a real pool's (developer guide, "Understanding user pool JSON web tokens"). */
export class Tokens {
  readonly #grants: ExpiringMap<Grant>;

  /** @param issuer the `iss` of a pool; a real one is https://cognito-idp.<region>.amazonaws.com/<pool id> */
  constructor(
    private readonly clock: Clock,
    private readonly pools: Pools,
    private readonly keys: () => SigningKeys,
    private readonly issuer: (poolId: string) => string,
  ) {
    this.#grants = new ExpiringMap(clock, GRANT_LIMIT);
  }

  /**
   * All three tokens, after a complete sign-in, and a key for the device where it has none yet ("the response to any
   * sign-in that doesn't already include device information", developer guide, "Working with user devices").
   */
  issue(signIn: SignIn): AuthenticationResult {
    const { api, pool } = signIn;
    const now = this.clock.now();
    const device = deviceOf(signIn);
    if (device) device.lastAuthenticatedAt = now;
    const newKey = pool.config.deviceConfiguration && !device ? newDeviceKey(pool) : undefined;
    const expiresAt = now + clientSeconds(signIn.client).refreshToken * 1000;
    const grant = {
      signIn,
      authTime: Math.floor(now / 1000),
      originJti: randomUUID(),
      expiresAt,
      // Assumption: the tokens of a server-side sign-in belong to no device, so that none can be confirmed with them.
      deviceKey: device?.key ?? (api === 'client' ? newKey : undefined),
    };
    const refreshToken = randomBytes(768).toString('base64url');
    this.#grants.set(refreshToken, grant, expiresAt + REMEMBERED_MS);
    return {
      ...this.#sign(grant),
      RefreshToken: refreshToken,
      ...(newKey ? { NewDeviceMetadata: { DeviceKey: newKey, DeviceGroupKey: deviceGroupKey(pool) } } : {}),
    };
  }

  /**
   * The grant of a refresh token. It may be used on either API, whichever issued it, unless devices are tracked.
   * @throws NotAuthorizedException for a token that is unknown, expired, or of another pool, client or device
   */
  grant(refreshToken: string, caller: Caller): Grant {
    const grant = this.#grants.get(refreshToken);
    if (!grant) throw refuse('refreshTokenInvalid');
    if (grant.signIn.pool !== caller.pool || grant.signIn.client !== caller.client) throw refuse('refreshTokenInvalid');
    if (!isFromItsDevice(grant, caller)) throw refuse('refreshTokenInvalid');
    if (grant.expiresAt <= this.clock.now()) throw refuse('refreshTokenExpired');
    return grant;
  }

  /** New access and ID tokens, and no refresh token: the old one stays in use. */
  refresh(grant: Grant): AuthenticationResult {
    return this.#sign(grant);
  }

  /** The user, and the device if any, whom an access token authorizes, and all it says. @throws NotAuthorizedException */
  authorize(accessToken: string): {
    pool: Pool;
    user: User;
    client: SignIn['client'];
    deviceKey: unknown;
    claims: Readonly<Record<string, unknown>>;
  } {
    const payload = this.#verify(accessToken);
    const pool = this.pools.all.find(({ id }) => this.issuer(id) === payload.iss);
    const user = pool?.users.find(({ sub }) => sub === payload.sub);
    const client = pool?.config.clients.find(({ clientId }) => clientId === payload.client_id);
    if (!pool || !user || !client || payload.token_use !== 'access') throw refuse('accessTokenInvalid');
    if (!user.enabled) throw refuse('userDisabled');
    return { pool, user, client, deviceKey: payload.device_key, claims: payload };
  }

  #verify(accessToken: string): Readonly<Record<string, unknown>> {
    const clockTimestamp = Math.floor(this.clock.now() / 1000);
    try {
      const payload = verify(accessToken, this.keys().access.publicKey, { algorithms: ['RS256'], clockTimestamp });
      return typeof payload === 'string' ? {} : payload;
    } catch (error) {
      throw refuse(error instanceof TokenExpiredError ? 'accessTokenExpired' : 'accessTokenInvalid');
    }
  }

  #sign(grant: Grant): AuthenticationResult {
    const { pool, client, user } = grant.signIn;
    const seconds = clientSeconds(client);
    const iat = Math.floor(this.clock.now() / 1000);
    const common = {
      sub: user.sub,
      iss: this.issuer(pool.id),
      event_id: randomUUID(),
      auth_time: grant.authTime,
      iat,
      jti: randomUUID(),
      ...(client.enableTokenRevocation === false ? {} : { origin_jti: grant.originJti }),
      ...acrClaims(grant.signIn),
      ...(user.groups.length > 0 ? { 'cognito:groups': user.groups } : {}),
    };
    const access = {
      ...common,
      client_id: client.clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      exp: iat + seconds.accessToken,
      username: user.username,
      ...(grant.deviceKey === undefined ? {} : { device_key: grant.deviceKey }),
    };
    const id = {
      ...attributeClaims(user, client.readAttributes),
      ...common,
      aud: client.clientId,
      token_use: 'id',
      exp: iat + seconds.idToken,
      jti: randomUUID(),
      'cognito:username': user.username,
    };
    const { access: accessKey, id: idKey } = this.keys();
    return {
      AccessToken: signWith(accessKey, access),
      ExpiresIn: seconds.accessToken,
      TokenType: 'Bearer',
      IdToken: signWith(idKey, id),
    };
  }
}

/**
 * With device tracking on, tokens are linked to one device, and no other refreshes them, nor does a forgotten one
 * (aws.amazon.com/blogs/mobile, "Tracking and Remembering Devices"), an unconfirmed one, or a request without DEVICE_KEY
 * (repost.aws/knowledge-center/cognito-invalid-refresh-token-error). Server-side calls never do (aws/aws-sdk-java#2841).
 */
function isFromItsDevice({ signIn, deviceKey }: Grant, caller: Caller): boolean {
  if (!caller.pool.config.deviceConfiguration) return true;
  const isConfirmed = signIn.user.devices.some(({ key }) => key === deviceKey);
  return caller.api === 'client' && caller.deviceKey === deviceKey && isConfirmed;
}

/** Cognito's header holds `kid` and `alg` and nothing else. */
function signWith({ kid, privateKey }: SigningKey, payload: object): string {
  return sign(payload, privateKey, { algorithm: 'RS256', header: { alg: 'RS256', kid, typ: undefined } });
}

/** The verified marks are booleans in a token; all other attributes, custom ones too, are strings. */
function attributeClaims(user: User, readable: readonly string[] | undefined): Record<string, string | boolean> {
  const claims = Object.entries(user.attributes)
    .filter(([name]) => readable?.includes(name) ?? true)
    .map(([name, value]) => [name, name.endsWith('_verified') ? value === 'true' : value] as const);
  return Object.fromEntries(claims);
}
