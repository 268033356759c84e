import { randomUUID } from 'node:crypto';
import { sign, TokenExpiredError, verify } from 'jsonwebtoken';
import { acrClaims } from './acr-levels';
import type { Clock } from './clock';
import { deviceGroupKey, deviceOf, newDeviceKey } from './device';
import { refuse } from './exceptions';
import { ExpiringMap } from './expiring-map';
import type { Pool, Pools } from './pool';
import { type Grant, isRevoked, RefreshTokens, rotates } from './refresh-tokens';
import type { SignIn } from './sign-in';
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

/** Access tokens that are remembered, to be refused once they are revoked. */
const LIMIT = 10_000;

/** Issues and checks tokens. Claims as in a real pool's (developer guide, "Understanding user pool JSON web tokens"). */
export class Tokens {
  readonly refreshTokens: RefreshTokens;
  /** The grants of access tokens, by `jti`. */
  readonly #grants: ExpiringMap<Grant>;

  /** @param issuer the `iss` of a pool; a real one is https://cognito-idp.<region>.amazonaws.com/<pool id> */
  constructor(
    private readonly clock: Clock,
    private readonly pools: Pools,
    private readonly keys: () => SigningKeys,
    private readonly issuer: (poolId: string) => string,
  ) {
    this.refreshTokens = new RefreshTokens(clock);
    this.#grants = new ExpiringMap(clock, LIMIT);
  }

  /**
   * All three tokens, after a complete sign-in, and a key for the device where it has none yet ("the response to any
   * sign-in that doesn't already include device information", developer guide, "Working with user devices").
   */
  issue(signIn: SignIn): AuthenticationResult {
    const { api, pool, user } = signIn;
    const now = this.clock.now();
    const device = deviceOf(signIn);
    if (device) device.lastAuthenticatedAt = now;
    const newKey = pool.config.deviceConfiguration && !device ? newDeviceKey(pool) : undefined;
    const grant = {
      signIn,
      authTime: Math.floor(now / 1000),
      originJti: randomUUID(),
      expiresAt: now + clientSeconds(signIn.client).refreshToken * 1000,
      // Assumption: the tokens of a server-side sign-in belong to no device, so that none can be confirmed with them.
      deviceKey: device?.key ?? (api === 'client' ? newKey : undefined),
      revocations: user.revocations,
      revoked: false,
    };
    return {
      ...this.#sign(grant),
      RefreshToken: this.refreshTokens.issue(grant),
      ...(newKey ? { NewDeviceMetadata: { DeviceKey: newKey, DeviceGroupKey: deviceGroupKey(pool) } } : {}),
    };
  }

  /** New access and ID tokens; where the client rotates refresh tokens a new one too, else the old one stays in use. */
  refresh(refreshToken: string, grant: Grant): AuthenticationResult {
    const result = this.#sign(grant);
    if (!rotates(grant.signIn.client)) return result;
    return { ...result, RefreshToken: this.refreshTokens.rotate(refreshToken, grant) };
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
    const grant = this.#grants.get(String(payload.jti));
    if (grant && isRevoked(grant)) throw refuse('accessTokenRevoked');
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
    const hasOrigin = rotates(client) || client.enableTokenRevocation !== false;
    const common = {
      sub: user.sub,
      iss: this.issuer(pool.id),
      event_id: randomUUID(),
      auth_time: grant.authTime,
      iat,
      jti: randomUUID(),
      // Either setting adds it (developer guide, "Refresh tokens" and "Ending user sessions with token revocation").
      ...(hasOrigin ? { origin_jti: grant.originJti } : {}),
      ...acrClaims(grant.signIn),
      ...(user.groups.length > 0 ? { 'cognito:groups': user.groups } : {}),
    };
    const access = {
      ...common,
      client_id: client.clientId,
      token_use: 'access',
      // The API's own sign-in gives the first alone; a trigger may add others (developer guide, "Pre token generation Lambda
      // trigger", scopesToAdd).
      scope: ['aws.cognito.signin.user.admin', ...user.scopes].join(' '),
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
    this.#grants.set(access.jti, grant, access.exp * 1000);
    return {
      AccessToken: signWith(accessKey, access),
      ExpiresIn: seconds.accessToken,
      TokenType: 'Bearer',
      IdToken: signWith(idKey, id),
    };
  }
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
