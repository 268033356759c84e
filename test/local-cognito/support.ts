import { createHmac } from 'node:crypto';
import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
  AdminRespondToAuthChallengeCommand,
  CognitoIdentityProviderClient,
  type AuthFlowType,
  type ChallengeNameType,
  GetTokensFromRefreshTokenCommand,
  type GetTokensFromRefreshTokenCommandInput,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  LocalCognito,
  type LocalCognitoOptions,
  type PoolConfig,
  practiceCredentials,
  samplePools,
} from '@cognito-flows/local-cognito';
import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper';
import should from 'should';

export const POOL = 'us-east-1_Practice1';
export const SERVER = 'practiceserverclient';
export const SERVER_SECRET = 'practice-client-secret';
export const GATEWAY = 'practicegatewayclient';
export const ROTATING = 'practicerotationclient';
export const PASSWORD = 'Practice-1234';
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export const apiType = { 'Content-Type': 'application/x-amz-json-1.1' };

type Names = Record<string, string>;
type Claims = Record<string, unknown>;
export type Answer = Pick<
  AdminInitiateAuthCommandOutput,
  'ChallengeName' | 'ChallengeParameters' | 'AvailableChallenges' | 'Session' | 'AuthenticationResult'
>;

/** A pool for each test of the suite that calls this, and an SDK client for it. */
export class Practice {
  #local: LocalCognito | undefined;
  #sdk: CognitoIdentityProviderClient | undefined;

  constructor(options: () => LocalCognitoOptions = () => ({})) {
    beforeEach(async () => {
      this.#local = new LocalCognito(options());
      const endpoint = await this.#local.listen(0);
      this.#sdk = new CognitoIdentityProviderClient({
        endpoint,
        region: 'us-east-1',
        credentials: practiceCredentials,
        maxAttempts: 1,
      });
    });
    afterEach(async () => {
      this.#sdk?.destroy();
      await this.#local?.close();
    });
  }

  get local(): LocalCognito {
    return this.#local!;
  }

  get sdk(): CognitoIdentityProviderClient {
    return this.#sdk!;
  }

  user(username: string) {
    return this.local.user(POOL, username);
  }

  /** The newest code sent to a user. */
  codeOf(username: string): string {
    return this.local.outbox.latest(username)!.code;
  }

  /** Starts with the client-side API. */
  start(AuthFlow: AuthFlowType, AuthParameters: Names, ClientId = GATEWAY): Promise<Answer> {
    return this.sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters }));
  }

  /** Answers with the client-side API. */
  answer(
    ChallengeName: ChallengeNameType,
    ChallengeResponses: Names,
    Session?: string,
    ClientId = GATEWAY,
  ): Promise<Answer> {
    return this.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        ChallengeResponses,
        ...(Session ? { Session } : {}),
      }),
    );
  }

  /** Starts with the server-side API. */
  adminStart(AuthFlow: AuthFlowType, AuthParameters: Names, ClientId = SERVER, UserPoolId = POOL): Promise<Answer> {
    return this.sdk.send(new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow, AuthParameters }));
  }

  /** Answers with the server-side API. */
  adminAnswer(
    ChallengeName: ChallengeNameType,
    ChallengeResponses: Names,
    Session?: string,
    ClientId = SERVER,
    UserPoolId = POOL,
  ): Promise<Answer> {
    return this.sdk.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId,
        ClientId,
        ChallengeName,
        ChallengeResponses,
        ...(Session ? { Session } : {}),
      }),
    );
  }

  /** Signs in by USER_PASSWORD_AUTH, at the client without a secret unless another one is named. */
  password(USERNAME: string, PASSWORD_ = PASSWORD, clientId?: string): Promise<Answer> {
    return this.start('USER_PASSWORD_AUTH', { USERNAME, PASSWORD: PASSWORD_ }, clientId);
  }

  /** Refreshes by GetTokensFromRefreshToken. */
  newTokens(RefreshToken: string, ClientId = GATEWAY, more: Partial<GetTokensFromRefreshTokenCommandInput> = {}) {
    return this.sdk.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId, ...more }));
  }

  revoke(Token: string, ClientId = GATEWAY, ClientSecret?: string) {
    return this.sdk.send(new RevokeTokenCommand({ Token, ClientId, ...(ClientSecret ? { ClientSecret } : {}) }));
  }

  getUser(AccessToken: string) {
    return this.sdk.send(new GetUserCommand({ AccessToken }));
  }

  /** Signs in by ADMIN_USER_PASSWORD_AUTH at the client with a secret. */
  adminPassword(USERNAME: string, PASSWORD_ = PASSWORD): Promise<Answer> {
    return this.adminStart('ADMIN_USER_PASSWORD_AUTH', {
      USERNAME,
      PASSWORD: PASSWORD_,
      SECRET_HASH: secretHash(USERNAME),
    });
  }

  /** Starts USER_SRP_AUTH; the answer to PASSWORD_VERIFIER, computed by cognito-srp-helper. */
  async srpProof(
    username: string,
    password = PASSWORD,
    start = (names: Names) => this.start('USER_SRP_AUTH', names),
  ): Promise<Names> {
    const session = createSrpSession(username, password, POOL, false);
    const request = { ClientId: GATEWAY, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: username } };
    const { ChallengeParameters } = await start(wrapInitiateAuth(session, request).AuthParameters);
    const USERNAME = ChallengeParameters!.USER_ID_FOR_SRP!;
    const challenge = { ClientId: GATEWAY, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { USERNAME } };
    const signed = signSrpSession(session, {
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: ChallengeParameters!,
    });
    return wrapAuthChallenge(signed, challenge).ChallengeResponses;
  }

  /** Signs in by USER_SRP_AUTH at the client without a secret. */
  async srp(username: string, password = PASSWORD): Promise<Answer> {
    return this.answer('PASSWORD_VERIFIER', await this.srpProof(username, password));
  }

  /** Signs in by USER_SRP_AUTH with the server-side API, at the client with a secret. */
  async adminSrp(username: string, password = PASSWORD): Promise<Answer> {
    const proof = await this.srpProof(username, password, (names) =>
      this.adminStart('USER_SRP_AUTH', { ...names, SECRET_HASH: secretHash(username) }),
    );
    return this.adminAnswer('PASSWORD_VERIFIER', { ...proof, SECRET_HASH: secretHash(proof.USERNAME!) });
  }

  /** Calls an operation by plain HTTP. */
  async call(
    operation: string,
    body: unknown,
    headers: Names = {},
  ): Promise<{ status: number; headers: Headers; body: unknown }> {
    const response = await fetch(this.local.endpoint, {
      method: 'POST',
      headers: {
        ...apiType,
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
}

/** The sample pool, changed. */
export function changedPool(change: (pool: PoolConfig) => void): { pools: PoolConfig[] } {
  const pools = samplePools();
  change(pools[0]!);
  return { pools };
}

/** The claims of a token whose signature, issuer and expiry the published keys confirm. */
export async function verified(local: LocalCognito, token: string, audience: string | null): Promise<Claims> {
  const issuer = `${local.endpoint}/${POOL}`;
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` });
  const response = await fetch(`${issuer}/.well-known/jwks.json`);
  verifier.cacheJwks((await response.json()) as Jwks);
  return { ...verifier.verifySync(token) };
}

/** The tokens of a sign-in, all three. */
export async function tokensOf(signIn: Promise<Answer>): Promise<Record<'access' | 'id' | 'refresh', string>> {
  const { AuthenticationResult } = await signIn;
  should(AuthenticationResult).have.properties('AccessToken', 'IdToken', 'RefreshToken');
  const { AccessToken, IdToken, RefreshToken } = AuthenticationResult!;
  return { access: AccessToken!, id: IdToken!, refresh: RefreshToken! };
}

/** The same names but one. */
export function without(name: string, names: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([key]) => key !== name));
}

export function secretHash(username: string, clientId = SERVER, secret = SERVER_SECRET): string {
  return createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');
}

/** Expects that one of several calls in flight at once is accepted, and all others are refused with this message. */
export async function oneWins(calls: Promise<Answer>[], message: string): Promise<void> {
  const outcomes = await Promise.allSettled(calls);
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  should(refusals.map((refusal) => refusal.message)).deepEqual(Array(calls.length - 1).fill(message));
}

/** Expects a refusal by exactly this exception and message. */
export async function refused(call: Promise<unknown>, name: string, message: string): Promise<void> {
  const outcome: unknown = await call.then(
    () => 'it was accepted',
    (error: unknown) => error,
  );
  should(outcome).be.an.Error();
  should({ name: (outcome as Error).name, message: (outcome as Error).message }).deepEqual({ name, message });
}
