import type { Api } from './apis';

interface Input {
  /** The only API that it means anything on. */
  readonly api?: Api;
  /** Known from the sign-in so far, so that an answer need not give it again. */
  readonly carried?: true;
  /** Erased from the message it was read from, and never kept in an exported flow. */
  readonly secret?: true;
  /**
   * `object`: its entries are sent one by one. `json`: an object is sent as JSON. `code`: white space is left out, since
   * authenticator apps show codes in two halves. Otherwise text.
   */
  readonly kind?: 'object' | 'json' | 'code';
}

/**
 * What can be put into a sign-in, one name for each kind of answer. In Node-RED each is a property of `msg.payload`
 * by default.
 */
const table = {
  username: {},
  password: { secret: true },
  refreshToken: { secret: true },
  srpA: {},
  passwordClaimSignature: {},
  passwordClaimSecretBlock: { carried: true },
  timestamp: {},
  preferredChallenge: {},
  targetAcrValues: {},
  maxAge: {},
  accessToken: { secret: true },
  // Server-side flows don't support remembered devices: with device tracking on, every refresh would fail.
  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
  deviceKey: { api: 'client-side', carried: true },
  deviceGroupKey: { api: 'client-side' },
  devicePassword: { api: 'client-side', secret: true },
  rememberDevice: { api: 'client-side' },
  code: { secret: true, kind: 'code' },
  totpSecret: { secret: true },
  newPassword: { secret: true },
  userAttributes: { kind: 'object' },
  choice: {},
  answer: { secret: true },
  email: {},
  issuer: {},
  accountName: {},
  friendlyDeviceName: {},
  credential: { secret: true, kind: 'json' },
  extraParameters: { secret: true, kind: 'object' },
  clientMetadata: { kind: 'object' },
  analyticsEndpointId: {},
  contextData: { kind: 'object' },
  session: {},
} as const satisfies Record<string, Input>;

export type InputName = keyof typeof table;

export const inputs: Readonly<Record<InputName, Input>> = table;

/** What says which device a sign-in comes from, and whether to remember it. */
export const deviceInputNames = [
  'deviceKey',
  'deviceGroupKey',
  'devicePassword',
  'rememberDevice',
] as const satisfies readonly InputName[];

/**
 * What every request can carry besides the inputs of its flow or challenge. Extra parameters may hold anything, so
 * they are handled as a secret.
 */
export const requestInputs: readonly InputName[] = [
  'extraParameters',
  'clientMetadata',
  'analyticsEndpointId',
  'contextData',
  'session',
  ...deviceInputNames,
];

/** The values given for one step. What is not there was not given. */
export type InputValues = Readonly<Partial<Record<InputName, unknown>>>;
