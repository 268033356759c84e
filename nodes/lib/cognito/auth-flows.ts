import type { Api } from './apis';
import { firstFactors } from './challenges';
import { ownValue } from './guards';
import { optional, required, type Step } from './steps';

/** How a flow starts: its AuthParameters, to which SECRET_HASH is added where the client has a secret. */
export interface AuthFlow extends Step {
  /** The APIs that take it. */
  readonly apis: readonly Api[];
  /** Gets new tokens for a refresh token. Cognito then wants the canonical user name in SECRET_HASH. */
  readonly refresh?: true;
}

const both: readonly Api[] = ['server-side', 'client-side'];
const username = required('username', 'USERNAME');
const password = required('password', 'PASSWORD');
const deviceKey = optional('deviceKey', 'DEVICE_KEY');
const refreshToken = required('refreshToken', 'REFRESH_TOKEN');

/**
 * The eight flows of the SDK's AuthFlowType. USER_PASSWORD_AUTH belongs to InitiateAuth and ADMIN_USER_PASSWORD_AUTH,
 * with its older name ADMIN_NO_SRP_AUTH, to AdminInitiateAuth; Cognito refuses them on the other API.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
 */
export const authFlows: Readonly<Record<string, AuthFlow>> = {
  ADMIN_USER_PASSWORD_AUTH: { apis: ['server-side'], fields: [username, password] },
  ADMIN_NO_SRP_AUTH: { apis: ['server-side'], fields: [username, password] },
  USER_PASSWORD_AUTH: { apis: ['client-side'], fields: [username, password, deviceKey] },
  USER_SRP_AUTH: { apis: both, fields: [username, deviceKey], srp: { required: true, proves: 'password' } },
  USER_AUTH: {
    apis: both,
    fields: [
      username,
      optional('preferredChallenge', 'PREFERRED_CHALLENGE'),
      optional('targetAcrValues', 'TARGET_ACR_VALUES'),
      optional('maxAge', 'MAX_AGE'),
      optional('accessToken', 'ACCESS_TOKEN'),
      deviceKey,
    ],
    methods: { choice: 'preferredChallenge', table: firstFactors },
  },
  CUSTOM_AUTH: {
    apis: both,
    fields: [username, deviceKey],
    // The API reference writes ChallengeName; AWS's own clients send CHALLENGE_NAME.
    srp: { required: false, proves: 'password', announcedBy: { CHALLENGE_NAME: 'SRP_A' } },
  },
  REFRESH_TOKEN_AUTH: { apis: both, fields: [refreshToken, deviceKey], refresh: true },
  REFRESH_TOKEN: { apis: both, fields: [refreshToken, deviceKey], refresh: true },
};

/** The flow to use where the author chose none. */
export const defaultAuthFlow: Readonly<Record<Api, string>> = {
  'server-side': 'ADMIN_USER_PASSWORD_AUTH',
  'client-side': 'USER_SRP_AUTH',
};

/** A flow that Cognito adds tomorrow: what is given is sent, the rest goes through extra parameters. */
export const unknownFlow: AuthFlow = {
  apis: both,
  fields: [
    optional('username', 'USERNAME'),
    optional('password', 'PASSWORD'),
    optional('refreshToken', 'REFRESH_TOKEN'),
    optional('srpA', 'SRP_A'),
    deviceKey,
  ],
};

/** The table's row for a flow; a name that is not in the table gets a row that hands everything on. */
export function authFlow(name: string): AuthFlow {
  return ownValue(authFlows, name) ?? unknownFlow;
}
