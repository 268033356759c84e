import type { FirstAuthFactor, MfaType } from './challenges/names';
import type { ExplicitAuthFlow } from './flows/names';

/** The content of the file given with `--pools`: plain JSON of this shape. */
export interface PoolsFile {
  pools: PoolConfig[];
  /** The IAM keys that may sign Admin and Describe operations; the practice credentials unless given. */
  iamUsers?: IamUser[];
}

export interface IamUser {
  accessKeyId: string;
  secretAccessKey: string;
  /** The operations that these keys may not call, as an IAM policy would have it; none unless given. */
  denied?: string[];
}

/** A user pool. Names are Cognito's own, in camelCase. */
export interface PoolConfig {
  /** `<region>_<name>`, as in `us-east-1_Practice1`. */
  id: string;
  clients: ClientConfig[];
  users: UserConfig[];
  passwordPolicy?: PasswordPolicy;
  /** Attributes that every user must have in the end; a missing one is asked for with NEW_PASSWORD_REQUIRED. */
  requiredAttributes?: string[];
  /** Default OPTIONAL: each user's own `mfa` decides. OFF: nobody's does. ON: a user without MFA meets MFA_SETUP. */
  mfaConfiguration?: 'OFF' | 'ON' | 'OPTIONAL';
  /** The kinds of MFA this pool offers; all unless given. */
  enabledMfas?: MfaType[];
  /** The first factors that USER_AUTH offers; PASSWORD alone unless given. WEB_AUTHN needs another one beside it. */
  signInPolicy?: { allowedFirstAuthFactors: FirstAuthFactor[] };
  /** Needed for passkeys. Verification of the user by the authenticator is `preferred` unless given. */
  webAuthnConfiguration?: { relyingPartyId: string; userVerification?: 'required' | 'preferred' };
  /**
   * Users sign in with these attributes *instead of* a username; the canonical username is then the `sub`.
   * Excludes aliasAttributes.
   */
  usernameAttributes?: ('email' | 'phone_number')[];
  /** Users sign in with these attributes *beside* their username. E-mail and phone number must be verified. */
  aliasAttributes?: ('email' | 'phone_number' | 'preferred_username')[];
  /** Attributes that SignUp sends a code to; a phone number goes before an e-mail address. None unless given. */
  autoVerifiedAttributes?: ('email' | 'phone_number')[];
  /** Devices are tracked where this is given, be it empty (API reference, DeviceConfigurationType). */
  deviceConfiguration?: DeviceConfiguration;
  /** Cognito's default is not to tell `Ada` from `ada`. */
  usernameConfiguration?: { caseSensitive: boolean };
}

/** How a pool remembers the devices of its users; both default to false. */
export interface DeviceConfiguration {
  /** A remembered device signs in without MFA. */
  challengeRequiredOnNewDevice?: boolean;
  /** A confirmed device is remembered only once UpdateDeviceStatus says so. */
  deviceOnlyRememberedOnUserPrompt?: boolean;
}

/** Cognito's password policy; its defaults are those of a new pool. */
export interface PasswordPolicy {
  /** 6-99, default 8. */
  minimumLength?: number;
  requireUppercase?: boolean;
  requireLowercase?: boolean;
  requireNumbers?: boolean;
  requireSymbols?: boolean;
  /** 0-365, default 7. */
  temporaryPasswordValidityDays?: number;
}

export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days';

/** An app client. */
export interface ClientConfig {
  clientId: string;
  clientName?: string;
  /** Makes SECRET_HASH compulsory. */
  clientSecret?: string;
  /** Default: ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH, ALLOW_CUSTOM_AUTH, as Cognito. */
  explicitAuthFlows?: ExplicitAuthFlow[];
  /** Default LEGACY. */
  preventUserExistenceErrors?: 'ENABLED' | 'LEGACY';
  /** 5 minutes to 1 day and no longer than refresh tokens, default 1 hour; the unit is hours unless tokenValidityUnits says otherwise. */
  accessTokenValidity?: number;
  idTokenValidity?: number;
  /** 60 minutes to 10 years, default 30 days; the unit is days unless tokenValidityUnits says otherwise. */
  refreshTokenValidity?: number;
  tokenValidityUnits?: { accessToken?: TimeUnit; idToken?: TimeUnit; refreshToken?: TimeUnit };
  /** Minutes that a challenge's session lives: 3-15, default 3. */
  authSessionValidity?: number;
  /** Attributes that the ID token and GetUser show; all unless given. */
  readAttributes?: string[];
  /** Attributes that SignUp and a NEW_PASSWORD_REQUIRED answer may set; all unless given. */
  writeAttributes?: string[];
  /** Default true. Allows RevokeToken, and adds origin_jti to the tokens. */
  enableTokenRevocation?: boolean;
  /**
   * ENABLED: each refresh gives a new refresh token, by GetTokensFromRefreshToken alone, and the old one can be used for
   * the grace period more: 0-60 seconds, default 0. Excludes ALLOW_REFRESH_TOKEN_AUTH.
   */
  refreshTokenRotation?: { feature: 'ENABLED' | 'DISABLED'; retryGracePeriodSeconds?: number };
}

/** Cognito's UserStatusType, of those that a local user can be in. */
export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED';

/** A user. Either `password` or `temporaryPassword`; neither where the pool allows one-time codes as the first factor. */
export interface UserConfig {
  /** In a pool with usernameAttributes: the e-mail address or phone number that the user signs in with. */
  username: string;
  password?: string;
  temporaryPassword?: string;
  /** ISO 8601; the start of the pool unless given. */
  temporaryPasswordSetAt?: string;
  /** Default CONFIRMED, or FORCE_CHANGE_PASSWORD with a temporary password. */
  status?: UserStatus;
  /** Default true. */
  enabled?: boolean;
  /** All values are strings, `email_verified` too. Without `sub` one is derived from pool and username. */
  attributes?: Record<string, string>;
  groups?: string[];
  /** Added to the scope of access tokens, as a pre token generation trigger adds them. */
  scopes?: string[];
  /** base32; needed for SOFTWARE_TOKEN_MFA. */
  totpSecret?: string;
  /** The name given to the authenticator app when it was registered. */
  totpDeviceName?: string;
  /** The MFA that sign-in asks for. Without a preferred one, several enabled ones mean SELECT_MFA_TYPE. */
  mfa?: { enabled: MfaType[]; preferred?: MfaType };
}
