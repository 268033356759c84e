import type * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { authFlows } from './auth-flows';

/** A span of time in Cognito's own words. */
export interface Span {
  readonly value: number;
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days';
}

/** What an app client allows, as far as it is known. What is undefined could not be learnt. */
export interface PoolFacts {
  readonly poolName?: string;
  readonly clientName?: string;
  /** The AuthFlows that the client has enabled. */
  readonly enabledFlows?: readonly string[];
  /** Those that it has not; where the client may not be described, those that Cognito refused when asked. */
  readonly disabledFlows?: readonly string[];
  /** OFF, OPTIONAL or ON */
  readonly mfa?: string;
  /** The kinds that the user pool has on, by the names of their challenges. */
  readonly mfaTypes?: readonly string[];
  /** What USER_AUTH may offer. */
  readonly firstFactors?: readonly string[];
  readonly accessToken?: Span;
  readonly idToken?: Span;
  readonly refreshToken?: Span;
  /** How long a challenge can be answered. */
  readonly session?: Span;
  /** A refresh gives a new refresh token, and the old one is good for this long. */
  readonly rotation?: Span;
  /** Unknown users look like wrong passwords. */
  readonly hidesUsers?: boolean;
  readonly tracksDevices?: boolean;
}

/** What enables a flow: a name in ExplicitAuthFlows. Those without ALLOW_ are of before 2019. */
const settings: Readonly<Record<string, string>> = {
  ADMIN_USER_PASSWORD_AUTH: 'ADMIN_USER_PASSWORD_AUTH',
  ADMIN_NO_SRP_AUTH: 'ADMIN_USER_PASSWORD_AUTH',
  REFRESH_TOKEN: 'REFRESH_TOKEN_AUTH',
};

/**
 * Whether ExplicitAuthFlows has a flow in it. Without any it is SRP, custom and refresh; with the older names these three
 * need none of their own, and CUSTOM_AUTH_FLOW_ONLY turns SRP off.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
 */
function isEnabled(flow: string, explicit: readonly string[]): boolean {
  const setting = settings[flow] ?? flow;
  if (explicit.some((name) => name.startsWith('ALLOW_'))) return explicit.includes(`ALLOW_${setting}`);
  switch (setting) {
    case 'REFRESH_TOKEN_AUTH':
    case 'CUSTOM_AUTH':
      return true;
    case 'USER_SRP_AUTH':
      return !explicit.includes('CUSTOM_AUTH_FLOW_ONLY');
    case 'ADMIN_USER_PASSWORD_AUTH':
      return explicit.includes('ADMIN_NO_SRP_AUTH');
    default:
      return explicit.includes(setting);
  }
}

/** Cognito's defaults: an hour, an hour, thirty days; the units are hours, hours and days (UserPoolClientType). */
function span(value: number | undefined, unit: Span['unit'] | undefined, byDefault: Span): Span {
  return value ? { value, unit: unit ?? byDefault.unit } : byDefault;
}

/** What DescribeUserPoolClient tells, without the secret. */
export function factsOfClient(client: sdk.UserPoolClientType): PoolFacts {
  const { ExplicitAuthFlows: explicit = [], TokenValidityUnits: units, RefreshTokenRotation: rotation } = client;
  const isRotating = rotation?.Feature === 'ENABLED';
  const enabled = (flow: string): boolean =>
    // Rotation leaves GetTokensFromRefreshToken alone, which the nodes then use.
    isEnabled(flow, explicit) || (isRotating && authFlows[flow]?.refresh === true);
  const flows = Object.keys(authFlows);
  return {
    ...(client.ClientName !== undefined && { clientName: client.ClientName }),
    enabledFlows: flows.filter(enabled),
    disabledFlows: flows.filter((flow) => !enabled(flow)),
    accessToken: span(client.AccessTokenValidity, units?.AccessToken, { value: 1, unit: 'hours' }),
    idToken: span(client.IdTokenValidity, units?.IdToken, { value: 1, unit: 'hours' }),
    refreshToken: span(client.RefreshTokenValidity, units?.RefreshToken, { value: 30, unit: 'days' }),
    session: span(client.AuthSessionValidity, 'minutes', { value: 3, unit: 'minutes' }),
    ...(isRotating && { rotation: { value: rotation.RetryGracePeriodSeconds ?? 0, unit: 'seconds' } }),
    hidesUsers: client.PreventUserExistenceErrors === 'ENABLED',
  };
}

/** What DescribeUserPool tells. */
export function factsOfPool(pool: sdk.UserPoolType): PoolFacts {
  return {
    ...(pool.Name !== undefined && { poolName: pool.Name }),
    mfa: pool.MfaConfiguration ?? 'OFF',
    firstFactors: pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'],
    tracksDevices: pool.DeviceConfiguration !== undefined,
  };
}

/** What GetUserPoolMfaConfig tells. */
export function factsOfMfa(config: sdk.GetUserPoolMfaConfigResponse): PoolFacts {
  const isOn = {
    SOFTWARE_TOKEN_MFA: config.SoftwareTokenMfaConfiguration?.Enabled === true,
    SMS_MFA: config.SmsMfaConfiguration !== undefined,
    EMAIL_OTP: config.EmailMfaConfiguration !== undefined,
  };
  return { mfaTypes: Object.entries(isOn).flatMap(([type, on]) => (on ? [type] : [])) };
}
