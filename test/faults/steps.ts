import { currentTotpCode, type PoolConfig } from '@cognito-flows/local-cognito';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { newPasskey, Person } from '../support/person';
import { password, temporaryPassword } from '../support/pools';
import { type Arrival, type Message, type Setup, SignInFlow, type TestPool, typed } from '../support/sign-in-flow';
import type { TokenIssuer } from '../support/token-issuer';

/** User pools that allow all flows and first factors, by what they are like besides. */
export const kinds = {
  'leaves MFA to its users': {},
  'demands MFA': { mfaConfiguration: 'ON' },
  'remembers devices': {
    deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
  },
} satisfies Record<string, Partial<PoolConfig>>;

type Kind = keyof typeof kinds;

/** What a step is prepared with. */
export interface Bench {
  readonly pool: TestPool;
  readonly issuer: TokenIssuer;
  /** Where the node under test sends its calls. */
  readonly endpoint: string;
}

/** A message on its way through one node, as far as a call to Cognito that can fail. */
export interface Step {
  readonly type: NonNullable<Setup['type']>;
  /** What fails: an operation, or `GET` for the signing keys. */
  readonly operation: string;
  /** How many calls of the operation the same message makes before. */
  readonly after?: number;
  /** Calls another operation before, which does its work once alone for what was prepared. */
  readonly isOnce?: true;
  /** What the pool has to be like; the first kind unless given. */
  readonly kind?: Kind;
  /** Where the message leaves when nothing fails; port 1 unless given. */
  readonly leaves?: Arrival['by'];
  readonly access: 'serverSide' | 'clientSide';
  readonly settings?: Setup['settings'];
  readonly credentials?: Setup['credentials'];
  /** Goes as far as the step. @returns the message's properties */
  readonly prepare: (bench: Bench, access: Access) => Promise<object> | object;
}

export type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

interface Tokens {
  readonly AccessToken: string;
  readonly RefreshToken: string;
}

const ada = () => ({ payload: { username: 'ada', password } });

/** Signs ada in. @returns what is left of the message */
async function signIn(access: Access): Promise<{ payload: Tokens; cognito: unknown }> {
  const flow = await SignInFlow.start(access);
  const { payload, cognito } = await flow.signedIn(ada());
  return { payload: payload as Tokens, cognito };
}

/** Signs in, for nodes that take the access token. */
async function accessToken(access: Access): Promise<string> {
  return (await signIn(access)).payload.AccessToken;
}

/** The answer to a challenge that a user meets. */
async function meet(access: Access, username: string, challenge: string, word = password): Promise<unknown> {
  const flow = await SignInFlow.start(access);
  return (await flow.challenged({ payload: { username, password: word } }, challenge)).cognito;
}

/** The same for MFA_SETUP, as far as the QR code. */
async function showQr(access: Access, msg: object): Promise<{ code: string; cognito: unknown }> {
  const flow = await SignInFlow.start({ type: 'cognito-mfa-setup', ...access });
  const { payload, cognito } = await flow.leaves('port 3', msg);
  return { code: currentTotpCode((payload as { SecretCode: string }).SecretCode), cognito };
}

async function passkeyOptions(access: Access, AccessToken: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const flow = await SignInFlow.start({ type: 'cognito-passkey-setup', ...access });
  const { payload }: Message = await flow.leaves('port 2', { payload: { AccessToken } });
  return payload as PublicKeyCredentialCreationOptionsJSON;
}

function knownDevice(calls: number): Step {
  return {
    type: 'cognito-initiate-auth',
    kind: 'remembers devices',
    access: 'clientSide',
    operation: 'RespondToAuthChallenge',
    after: calls,
    prepare: async ({ pool }, access) => {
      const person = new Person(pool, access, 'ada', password);
      await person.rememberDevice();
      return { payload: { username: 'ada', password, ...person.deviceInputs } };
    },
  };
}

/** All that nodes call Cognito for, by what a person would call it. */
export const steps: Readonly<Record<string, Step>> = {
  'initiate auth: a password, server-side': {
    type: 'cognito-initiate-auth',
    access: 'serverSide',
    operation: 'AdminInitiateAuth',
    prepare: ada,
  },
  'initiate auth: the start of SRP': {
    type: 'cognito-initiate-auth',
    access: 'clientSide',
    operation: 'InitiateAuth',
    prepare: ada,
  },
  'initiate auth: the proof of SRP': {
    type: 'cognito-initiate-auth',
    access: 'clientSide',
    operation: 'RespondToAuthChallenge',
    prepare: ada,
  },
  'initiate auth: the start of a device’s SRP': knownDevice(1),
  'initiate auth: the proof of a device’s SRP': knownDevice(2),
  'initiate auth: a refresh token': {
    type: 'cognito-initiate-auth',
    access: 'serverSide',
    operation: 'AdminInitiateAuth',
    settings: typed('authFlow', 'str', 'REFRESH_TOKEN_AUTH'),
    prepare: async (_bench, access) => {
      const { payload, cognito } = await signIn(access);
      return { payload: { refreshToken: payload.RefreshToken }, cognito };
    },
  },
  'respond to challenge: a code by SMS': {
    type: 'cognito-respond-to-challenge',
    access: 'clientSide',
    operation: 'RespondToAuthChallenge',
    prepare: async ({ pool }, access) => {
      const cognito = await meet(access, 'sam', 'SMS_MFA');
      return { payload: { code: pool.codeOf('sam') }, cognito };
    },
  },
  'respond to challenge: a code of an app, server-side': {
    type: 'cognito-respond-to-challenge',
    access: 'serverSide',
    operation: 'AdminRespondToAuthChallenge',
    prepare: async ({ pool }, access) => {
      const cognito = await meet(access, 'tom', 'SOFTWARE_TOKEN_MFA');
      return { payload: { code: currentTotpCode(pool.user('tom').totpSecret ?? '') }, cognito };
    },
  },
  'respond to challenge: a new password': {
    type: 'cognito-respond-to-challenge',
    access: 'clientSide',
    operation: 'RespondToAuthChallenge',
    prepare: async (_bench, access) => {
      const cognito = await meet(access, 'grace', 'NEW_PASSWORD_REQUIRED', temporaryPassword);
      return { payload: { newPassword: 'New-Password-1', userAttributes: { name: 'Grace' } }, cognito };
    },
  },
  'mfa setup: the QR code': {
    type: 'cognito-mfa-setup',
    access: 'clientSide',
    operation: 'AssociateSoftwareToken',
    kind: 'demands MFA',
    leaves: 'port 3',
    prepare: async (_bench, access) => ({ payload: {}, cognito: await meet(access, 'ada', 'MFA_SETUP') }),
  },
  'mfa setup: the first code': {
    type: 'cognito-mfa-setup',
    access: 'serverSide',
    operation: 'VerifySoftwareToken',
    kind: 'demands MFA',
    prepare: async (_bench, access) => {
      const { code, cognito } = await showQr(access, { payload: {}, cognito: await meet(access, 'ada', 'MFA_SETUP') });
      return { payload: { code }, cognito };
    },
  },
  'mfa setup: codes by e-mail, for a signed-in user': {
    type: 'cognito-mfa-setup',
    access: 'clientSide',
    operation: 'SetUserMFAPreference',
    prepare: async (_bench, access) => {
      return { payload: { AccessToken: await accessToken(access), choice: 'EMAIL_OTP' } };
    },
  },
  'passkey setup: the options': {
    type: 'cognito-passkey-setup',
    access: 'clientSide',
    operation: 'StartWebAuthnRegistration',
    leaves: 'port 2',
    prepare: async (_bench, access) => {
      return { payload: { AccessToken: await accessToken(access) } };
    },
  },
  'passkey setup: the new passkey': {
    type: 'cognito-passkey-setup',
    access: 'clientSide',
    operation: 'CompleteWebAuthnRegistration',
    prepare: async (_bench, access) => {
      const AccessToken = await accessToken(access);
      const credential = newPasskey().create(await passkeyOptions(access, AccessToken));
      return { payload: { AccessToken, credential } };
    },
  },
  'token: the first sign-in': {
    type: 'cognito-token',
    access: 'clientSide',
    operation: 'InitiateAuth',
    settings: { ...typed('username', 'str', 'ada'), ...typed('password', 'cred'), maxWait: 3 },
    credentials: { password },
    prepare: () => ({}),
  },
  'verify token: the signing keys': {
    type: 'cognito-verify-token',
    access: 'clientSide',
    operation: 'GET',
    prepare: ({ issuer, endpoint }) => bearer(issuer, endpoint),
  },
  'verify token: whether it was revoked': {
    type: 'cognito-verify-token',
    access: 'clientSide',
    operation: 'GetUser',
    leaves: 'port 2', // since the pool knows nothing of the issuer's users
    settings: { askCognito: true },
    prepare: ({ issuer, endpoint }) => bearer(issuer, endpoint),
  },
  'sign out: everywhere, by the access token': {
    type: 'cognito-sign-out',
    access: 'clientSide',
    operation: 'GlobalSignOut',
    prepare: (_bench, access) => signIn(access),
  },
  'sign out: everywhere, by name': {
    type: 'cognito-sign-out',
    access: 'serverSide',
    operation: 'AdminUserGlobalSignOut',
    prepare: () => ({ payload: { username: 'ada' } }),
  },
  'sign out: one refresh token': {
    type: 'cognito-sign-out',
    access: 'serverSide',
    operation: 'RevokeToken',
    settings: { signOut: 'refreshToken' },
    prepare: (_bench, access) => signIn(access),
  },
};

/** Calls whose failures are told otherwise, or by the same code as those above. */
const furtherSteps: Readonly<Record<string, Step>> = {
  'initiate auth: the new device’s confirmation': {
    type: 'cognito-initiate-auth',
    access: 'clientSide',
    operation: 'ConfirmDevice',
    kind: 'remembers devices',
    prepare: () => ({ payload: { username: 'ada', password, rememberDevice: true } }),
  },
  'respond to challenge: a passkey': {
    type: 'cognito-respond-to-challenge',
    access: 'clientSide',
    operation: 'RespondToAuthChallenge',
    prepare: async ({ pool }, access) => {
      const person = new Person(pool, access, 'ada', password);
      await person.registerPasskey();
      const flow = await SignInFlow.start({ ...access, settings: typed('authFlow', 'str', 'USER_AUTH') });
      const asked = { payload: { username: 'ada', preferredChallenge: 'WEB_AUTHN' } };
      const { payload, cognito } = await flow.challenged(asked, 'WEB_AUTHN');
      const { ChallengeParameters } = payload as { ChallengeParameters: Record<string, string> };
      const credential = person.passkey.get(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS ?? '');
      return { payload: { credential }, cognito };
    },
  },
  'mfa setup: the answer after the first code': {
    type: 'cognito-mfa-setup',
    access: 'serverSide',
    operation: 'AdminRespondToAuthChallenge',
    isOnce: true,
    kind: 'demands MFA',
    prepare: async ({ pool }, access) => {
      Object.assign(pool.user('ada'), { totpSecret: undefined, mfa: { enabled: [] } });
      const { code, cognito } = await showQr(access, { payload: {}, cognito: await meet(access, 'ada', 'MFA_SETUP') });
      return { payload: { code }, cognito };
    },
  },
  'token: a renewal': {
    type: 'cognito-token',
    access: 'clientSide',
    operation: 'GetTokensFromRefreshToken',
    settings: typed('refreshToken', 'msg', 'refreshToken'),
    prepare: async (_bench, access) => ({ refreshToken: (await signIn(access)).payload.RefreshToken }),
  },
};

/** A request with a token of the issuer's, which names the endpoint. */
function bearer(issuer: TokenIssuer, endpoint: string): object {
  const [key] = issuer.keys;
  const { iss, ...claims } = issuer.access();
  const token = key?.sign({ ...claims, iss: String(iss).replace(issuer.endpoint, endpoint) }) ?? '';
  return { req: { headers: { authorization: `Bearer ${token}` } } };
}

type NamedStep = readonly [name: string, step: Step];

function ofKind(kind: string, some: Readonly<Record<string, Step>>): NamedStep[] {
  return Object.entries(some).filter(([, step]) => (step.kind ?? Object.keys(kinds)[0]) === kind);
}

/** The steps that such a pool lets nodes take, each with a fault of its own. */
export const stepsOf = (kind: string): NamedStep[] => ofKind(kind, steps);

/** All that can be interrupted at such a pool. */
export const allStepsOf = (kind: string): NamedStep[] => ofKind(kind, { ...steps, ...furtherSteps });
