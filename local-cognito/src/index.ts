export type { ChallengeName, FirstAuthFactor, MfaType } from './challenges/names';
export type { Clock } from './clock';
export type {
  ClientConfig,
  DeviceConfiguration,
  IamUser,
  PasswordPolicy,
  PoolConfig,
  PoolsFile,
  TimeUnit,
  UserConfig,
  UserStatus,
} from './config';
export { assertPoolsFile } from './config-check';
export { ConfigError } from './config-rules';
export type { Device } from './device';
export type { Failure, Fault, Faults } from './faults';
export type { ExplicitAuthFlow } from './flows/names';
export { DEFAULT_PORT, LocalCognito, type LocalCognitoOptions } from './local-cognito';
export type { Message, Outbox } from './outbox';
export type { StoredPasskey } from './passkeys/stored-passkey';
export { currentTotpCode } from './protocol/totp';
export type { RecordedRequest } from './request-log';
export { practiceCredentials, samplePools } from './sample-pools';
export { sampleTriggers } from './sample-triggers';
export type {
  ChallengeResult,
  CreateAuthChallengeEvent,
  DefineAuthChallengeEvent,
  Trigger,
  Triggers,
  VerifyAuthChallengeResponseEvent,
} from './triggers';
export type { User } from './user';
