import { randomUUID } from 'node:crypto';
import { apis } from './apis';
import { authFlows, defaultAuthFlow } from './auth-flows';
import { adviceFor } from './error-advice';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import { ownValue } from './guards';
import { issuersOf } from './issuers';
import { factsOfClient, factsOfMfa, factsOfPool, type PoolFacts } from './pool-facts';
import type { AuthAnswer, Operations } from './sdk-client';
import { secretHash } from './secret-hash';
import type { UserPool } from './user-pool';

/** What a check can be about, in the order in which the outcomes are told. */
export const checks = [
  'settings',
  'region',
  'proxy',
  'clock',
  'credentials',
  'userPool',
  'client',
  'secret',
  'permission',
  'facts',
  'flows',
  'devices',
  'storage',
] as const;

/** What one check found. The sentences for people are the catalogue's `poolTest.<reason>` and `errors.<advice>`. */
export interface Finding {
  readonly check: (typeof checks)[number];
  /** `unknown`: it could not be told, most often because of what failed before. */
  readonly outcome: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly reason: string;
  /** What to do about it. */
  readonly advice?: readonly string[];
  /** What the sentences name. Never a secret, nor words of whoever answered. */
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface Report {
  readonly findings: readonly Finding[];
  readonly facts: PoolFacts;
}

/** A call's outcome, without throwing. */
type Answer<T> = { readonly value: T; readonly error?: undefined } | { readonly error: CognitoAuthError };

async function ask<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: toCognitoAuthError(error) };
  }
}

/** How far a call got: each stage is behind those above it. */
type Stage = 'network' | 'credentials' | 'permission' | 'busy' | 'userPool' | 'client' | 'judged';

const stages: Readonly<Record<string, Stage>> = {
  HostNotFound: 'network',
  NetworkError: 'network',
  CertificateError: 'network',
  TimeoutError: 'network',
  AnswerUnexpected: 'network',
  UnexpectedError: 'network',
  Aborted: 'network',
  CredentialsProviderError: 'credentials',
  PracticeCredentialsRefused: 'credentials',
  UnrecognizedClientException: 'credentials',
  InvalidSignatureException: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  ExpiredTokenException: 'credentials',
  RequestExpired: 'credentials',
  IncompleteSignatureException: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  AccessDeniedException: 'permission',
  TooManyRequestsException: 'busy',
  ThrottlingException: 'busy',
  LimitExceededException: 'busy',
  InternalErrorException: 'busy',
  ForbiddenException: 'busy',
};

/** Cognito's refusal of what was made up means that it got there: client and user pool are right, the call is allowed. */
function stageOf({ error }: Answer<unknown>): Stage {
  if (!error) return 'judged';
  if (error.code === 'ResourceNotFoundException') return /client/i.test(error.message) ? 'client' : 'userPool';
  return ownValue(stages, error.code) ?? 'judged';
}

/** Cognito's words about a secret; its exceptions do not tell these apart. */
const secretRefusals: readonly (readonly [words: RegExp, reason: string])[] = [
  [/configured (for|with) secret but secret(_| )?(hash)? ?was not received/i, 'secretMissing'],
  [/not configured for secret/i, 'secretSuperfluous'],
];
const secretWrong = /unable to verify secret|secret ?hash does not match/i;

function errorValues(error: CognitoAuthError): Readonly<Record<string, string | number>> {
  const { field, expected, systemCode, httpStatusCode, clockOffset } = error.details;
  return {
    ...(field !== undefined && { field }),
    ...(expected !== undefined && { expected }),
    ...(systemCode !== undefined && { systemCode }),
    ...(httpStatusCode !== undefined && { httpStatusCode }),
    ...(clockOffset !== undefined && { seconds: Math.round(clockOffset / 1000) }),
  };
}

type Values = Readonly<Record<string, string | number>>;

/** A finding about a failure, with what to do about it. */
export function failed(check: Finding['check'], reason: string, error: CognitoAuthError, values: Values = {}): Finding {
  return { check, outcome: 'failed', reason, advice: adviceFor(error), values: { ...errorValues(error), ...values } };
}

function found(check: Finding['check'], outcome: Finding['outcome'], reason: string, values?: Values): Finding {
  return { check, outcome, reason, ...(values && { values }) };
}

const unknown = (check: Finding['check'], values?: Values): Finding => found(check, 'unknown', 'notTested', values);

/** The outcome of a test that could not begin. */
export const notTested: readonly Finding[] = checks
  .slice(1, checks.indexOf('permission'))
  .map((check) => unknown(check));

/** Clocks that differ by more than this are worth a word, in ms. */
const notableClockOffset = 60_000;

/** What the calls of the test answered. */
interface Answers {
  readonly pool: UserPool;
  readonly proxy: string | undefined;
  readonly keys: Answer<number>;
  readonly initiate: Answer<AuthAnswer>;
  readonly respond?: Answer<AuthAnswer>;
  readonly signOut?: Answer<Operations['AdminUserGlobalSignOut']['output']>;
  readonly client?: Answer<Operations['DescribeUserPoolClient']['output']>;
  readonly userPool?: Answer<Operations['DescribeUserPool']['output']>;
  readonly mfa?: Answer<Operations['GetUserPoolMfaConfig']['output']>;
  readonly disabledFlows?: readonly string[];
}

/** All that was asked of Cognito itself and was answered. */
function stagesOf({ initiate, respond, signOut, client, userPool }: Answers): Stage[] {
  return [initiate, respond, signOut, client, userPool].flatMap((answer) => (answer ? [stageOf(answer)] : []));
}

// ---- The checks

/** With a proxy, the only host that is looked up and connected to is the proxy's. */
function isProxyOutOfReach({ proxy, initiate: { error } }: Answers): boolean {
  return proxy !== undefined && error !== undefined && ['HostNotFound', 'NetworkError'].includes(error.code);
}

function isRefusedByProxy({ proxy, initiate: { error } }: Answers): boolean {
  return proxy !== undefined && error?.details.httpStatusCode === 407;
}

/** Cognito is there and the call did not get to it: then it was STS or the like, which the credentials come from. */
function isCredentialsOutOfReach({ pool, keys, initiate }: Answers): boolean {
  const usesOthers = pool.api === 'server-side' && pool.credentialsSource !== 'keys';
  const isSilent = stageOf(initiate) === 'network' && initiate.error?.code !== 'AnswerUnexpected';
  return usesOthers && keys.error === undefined && isSilent;
}

/** The call never left this machine, which tells nothing about where it would have gone. */
function isRefusedHere({ initiate: { error } }: Answers): boolean {
  return error !== undefined && ['CredentialsProviderError', 'PracticeCredentialsRefused'].includes(error.code);
}

function isReached(answers: Answers): boolean {
  if (isRefusedHere(answers)) return answers.keys.error === undefined;
  return isCredentialsOutOfReach(answers) || stageOf(answers.initiate) !== 'network';
}

/** Somebody answers who is not Cognito, and whose word counts for nothing. */
function isStranger({ initiate: { error } }: Answers): boolean {
  return error?.code === 'AnswerUnexpected';
}

function checkRegion(answers: Answers): Finding {
  const { pool, initiate } = answers;
  const server = pool.endpoint === undefined ? pool.region : new URL(pool.endpoint).host;
  if (isReached(answers)) {
    // What takes a made-up refresh token for good is no Cognito.
    return initiate.error
      ? found('region', 'ok', 'reached', { server })
      : found('region', 'failed', 'notCognito', { server });
  }
  const isUntold = isProxyOutOfReach(answers) || isRefusedByProxy(answers) || isRefusedHere(answers);
  if (!initiate.error || isUntold) return unknown('region');
  return failed('region', 'notReached', initiate.error, { server });
}

function checkProxy(answers: Answers): Finding {
  const { proxy, initiate } = answers;
  if (proxy === undefined) return found('proxy', 'ok', 'noProxy');
  if (isReached(answers)) return found('proxy', 'ok', 'throughProxy', { proxy });
  if (isRefusedByProxy(answers)) return found('proxy', 'failed', 'proxyRefuses', { proxy });
  if (initiate.error && isProxyOutOfReach(answers)) return failed('proxy', 'proxyNotReached', initiate.error, { proxy });
  return found('proxy', 'unknown', 'proxyUnknown', { proxy });
}

function checkClock(answers: Answers): Finding {
  if (!isReached(answers) && (answers.keys.error !== undefined || isStranger(answers))) return unknown('clock');
  const offset = answers.pool.now() - Date.now();
  const values = { seconds: Math.round(Math.abs(offset) / 1000) };
  if (Math.abs(offset) <= notableClockOffset) return found('clock', 'ok', 'clockRight');
  return found('clock', 'warning', offset > 0 ? 'clockBehind' : 'clockAhead', values);
}

function checkCredentials(answers: Answers): Finding[] {
  const { pool, initiate } = answers;
  if (pool.api === 'client-side') return [];
  if (initiate.error && (isCredentialsOutOfReach(answers) || stageOf(initiate) === 'credentials')) {
    const isRole = pool.credentialsSource === 'role' && initiate.error.code === 'CredentialsProviderError';
    return [failed('credentials', isRole ? 'roleRefused' : 'credentialsRefused', initiate.error)];
  }
  return [isReached(answers) ? found('credentials', 'ok', 'credentialsAccepted') : unknown('credentials')];
}

function checkUserPool(answers: Answers): Finding {
  const { pool, initiate, keys } = answers;
  const reached = stagesOf(answers);
  if (reached.includes('userPool')) return found('userPool', 'failed', 'userPoolNotFound');
  // On the server-side API the calls name the user pool; on the client-side API nothing but its keys does.
  const isNamed = pool.api === 'server-side' && initiate.error;
  if (isNamed && (reached.includes('client') || reached.includes('judged'))) {
    return found('userPool', 'ok', 'userPoolFound');
  }
  if (keys.error || isStranger(answers)) return unknown('userPool');
  if (keys.value === 200) {
    return found('userPool', 'ok', pool.api === 'server-side' ? 'userPoolFound' : 'userPoolHasKeys');
  }
  return found('userPool', 'failed', 'userPoolNotFound');
}

function checkClient(answers: Answers): Finding {
  const { pool, initiate } = answers;
  const reached = stagesOf(answers);
  if (reached.includes('client')) return found('client', 'failed', 'clientNotFound');
  if (!initiate.error || !reached.includes('judged')) return unknown('client');
  return found('client', 'ok', pool.api === 'server-side' ? 'clientFound' : 'clientFoundSomewhere');
}

function checkSecret({ pool, initiate, respond, client }: Answers): Finding {
  const messages = [initiate, respond].flatMap((answer) => (answer?.error ? [answer.error.message] : []));
  const refusal = secretRefusals.find(([words]) => messages.some((message) => words.test(message)))?.[1];
  if (refusal !== undefined) return found('secret', 'failed', refusal);
  // A refresh wants the hash over its owner's name, and this one has no owner: what it says of a hash means nothing.
  if (secretWrong.test(respond?.error?.message ?? '')) return found('secret', 'failed', 'secretWrong');

  const described = client?.error ? undefined : client?.value.UserPoolClient;
  if (described) {
    const { ClientSecret: right } = described;
    if (right === pool.clientSecret) {
      return found('secret', 'ok', right === undefined ? 'secretNotNeeded' : 'secretRight');
    }
    if (pool.clientSecret === undefined) return found('secret', 'failed', 'secretMissing');
    return right === undefined
      ? found('secret', 'failed', 'secretSuperfluous')
      : found('secret', 'warning', 'secretDiffers');
  }
  if (!initiate.error || !respond?.error || stageOf(respond) !== 'judged') return unknown('secret');
  return found('secret', 'ok', pool.clientSecret === undefined ? 'secretNotNeeded' : 'secretNotRefused');
}

function checkPermissions({ pool, initiate, respond, signOut }: Answers): Finding[] {
  if (pool.api === 'client-side') return [];
  const calls = [
    [apis[pool.api].initiate, initiate, 'failed'],
    [apis[pool.api].respond, respond, 'failed'],
    // Needed only to sign users out by name.
    ['AdminUserGlobalSignOut', signOut, 'warning'],
  ] as const;
  return calls.map(([operation, answer, outcome]) => {
    const values = { permission: `cognito-idp:${operation}` };
    const stage = answer?.error && stageOf(answer);
    if (stage === 'permission') {
      return found('permission', outcome, outcome === 'failed' ? 'denied' : 'signOutDenied', values);
    }
    const isAllowed = stage !== undefined && ['userPool', 'client', 'judged'].includes(stage);
    return isAllowed ? found('permission', 'ok', 'allowed', values) : unknown('permission', values);
  });
}

/** Settings may be read only with permissions of their own, which sign-in does not need. */
function checkFacts({ pool, client, userPool, mfa }: Answers): Finding[] {
  if (pool.api === 'client-side') return [found('facts', 'unknown', 'factsNotAsked')];
  const denied = Object.entries({
    DescribeUserPoolClient: client,
    DescribeUserPool: userPool,
    GetUserPoolMfaConfig: mfa,
  }).flatMap(([operation, answer]) => (answer && stageOf(answer) === 'permission' ? [`cognito-idp:${operation}`] : []));
  return denied.length > 0 ? [found('facts', 'unknown', 'factsDenied', { permissions: denied.join(', ') })] : [];
}

function checkFlows({ pool }: Answers, { disabledFlows }: PoolFacts): Finding[] {
  const flow = defaultAuthFlow[pool.api];
  return disabledFlows?.includes(flow) ? [found('flows', 'warning', 'defaultFlowDisabled', { flow })] : [];
}

/**
 * "Server-side flows do not support device tracking": with it every refresh fails.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
 */
function checkDevices({ pool }: Answers, { tracksDevices }: PoolFacts): Finding[] {
  return pool.api === 'server-side' && tracksDevices ? [found('devices', 'warning', 'devicesTracked')] : [];
}

// ---- The calls

/** Cognito refuses it before it looks for its owner; a long text is one that it may have given out. */
const madeUp = (): string => `made-up-${randomUUID()}`;

function withSecretHash(pool: UserPool, username: string): Record<string, string> {
  const { clientSecret, clientId } = pool;
  return clientSecret === undefined ? {} : { SECRET_HASH: secretHash(clientSecret, clientId, username) };
}

/** A refresh with a token that was never given out: it signs nobody in, and counts against nobody. */
function probeInitiate(pool: UserPool, signal: AbortSignal): Promise<AuthAnswer> {
  const AuthParameters = { REFRESH_TOKEN: madeUp(), ...withSecretHash(pool, madeUp()) };
  return pool.initiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }, signal);
}

/** The answer to a challenge that nobody asked, by nobody: neither the session nor the user exists. */
function probeRespond(pool: UserPool, signal: AbortSignal): Promise<AuthAnswer> {
  const username = madeUp();
  const ChallengeResponses = { USERNAME: username, SMS_MFA_CODE: '000000', ...withSecretHash(pool, username) };
  return pool.respondToAuthChallenge({ ChallengeName: 'SMS_MFA', ChallengeResponses, Session: madeUp() }, signal);
}

/**
 * The flows that Cognito refuses as not enabled. Each is started without any parameter, even a name: nobody is looked
 * for, no trigger runs and no code is sent, whether the flow is judged first or what is missing.
 */
async function refusedFlows(pool: UserPool, signal: AbortSignal, initiate: Answer<AuthAnswer>): Promise<string[]> {
  const isRefused = ({ error }: Answer<unknown>): boolean =>
    error?.code === 'InvalidParameterException' && /not enabled/i.test(error.message);
  const flows = Object.entries(authFlows).filter(([, flow]) => flow.apis.includes(pool.api));
  const answers = await Promise.all(
    flows.map(async ([AuthFlow, { refresh }]) => {
      const answer = refresh ? initiate : await ask(() => pool.initiateAuth({ AuthFlow, AuthParameters: {} }, signal));
      return isRefused(answer) ? [AuthFlow] : [];
    }),
  );
  return answers.flat();
}

/** Where a user pool publishes its keys; it may have an endpoint whose keys could not be trusted. */
async function readKeys(pool: UserPool): Promise<number> {
  const [issuer] = issuersOf(pool);
  if (!issuer) throw new CognitoAuthError('SigningKeysUnavailable');
  return (await pool.read(issuer.keysUrl)).status;
}

async function callPool(pool: UserPool, signal: AbortSignal): Promise<Answers> {
  const [proxy, keys, initiate] = await Promise.all([
    pool.proxy(),
    ask(() => readKeys(pool)),
    ask(() => probeInitiate(pool, signal)),
  ]);
  const first: Answers = { pool, proxy, keys, initiate };
  // What failed so far fails every other call, too.
  if (['network', 'credentials'].includes(stageOf(initiate)) || !initiate.error) return first;

  const { userPoolId: UserPoolId, clientId: ClientId } = pool;
  const asked =
    pool.api === 'client-side'
      ? { respond: await ask(() => probeRespond(pool, signal)) }
      : await allOf({
          respond: ask(() => probeRespond(pool, signal)),
          signOut: ask(() => pool.call('AdminUserGlobalSignOut', { UserPoolId, Username: madeUp() }, signal)),
          client: ask(() => pool.call('DescribeUserPoolClient', { UserPoolId, ClientId }, signal)),
          userPool: ask(() => pool.call('DescribeUserPool', { UserPoolId }, signal)),
          mfa: ask(() => pool.call('GetUserPoolMfaConfig', { UserPoolId }, signal)),
        });
  const answers: Answers = { ...first, ...asked };
  if ((answers.client && !answers.client.error) || stageOf(initiate) !== 'judged') return answers;
  return { ...answers, disabledFlows: await refusedFlows(pool, signal, initiate) };
}

type AllOf<T> = { [Name in keyof T]: Awaited<T[Name]> };

/** `Promise.all` by name. */
async function allOf<T extends Record<string, Promise<unknown>>>(promises: T): Promise<AllOf<T>> {
  const entries = Object.entries(promises).map(async ([name, promise]) => [name, await promise] as const);
  return Object.fromEntries(await Promise.all(entries)) as AllOf<T>;
}

function factsOf({ client, userPool, mfa, disabledFlows }: Answers): PoolFacts {
  const described = client?.error ? undefined : client?.value.UserPoolClient;
  const pool = userPool?.error ? undefined : userPool?.value.UserPool;
  return {
    ...(disabledFlows && { disabledFlows }),
    ...(described && factsOfClient(described)),
    ...(pool && factsOfPool(pool)),
    ...(mfa && !mfa.error && factsOfMfa(mfa.value)),
  };
}

/**
 * Finds out whether a user pool's settings are right, and what its app client allows, by calls that sign nobody in, send
 * no code, and count as nobody's wrong password: every token, session and user in them is made up.
 * @param signal ends it; what was not told by then is unknown
 */
export async function checkPool(pool: UserPool, signal: AbortSignal): Promise<Report> {
  const answers = await callPool(pool, signal);
  const facts = factsOf(answers);
  return {
    findings: [
      checkRegion(answers),
      checkProxy(answers),
      checkClock(answers),
      ...checkCredentials(answers),
      checkUserPool(answers),
      checkClient(answers),
      checkSecret(answers),
      ...checkPermissions(answers),
      ...checkFacts(answers),
      ...checkFlows(answers, facts),
      ...checkDevices(answers, facts),
    ],
    facts,
  };
}
