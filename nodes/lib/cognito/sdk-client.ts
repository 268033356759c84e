import { Readable } from 'node:stream';
import type * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { apis, type Api } from './apis';
import { atMost } from './at-most';
import { credentialsProvider } from './aws-credentials';
import { proxyAgent } from './proxy-agent';
import { readAnswer } from './read-answer';
import { turn } from './turns';
import type { UserPoolSettings } from './user-pool';

/** What all four operations of sign-in answer. */
export type AuthAnswer = sdk.AdminInitiateAuthResponse;

interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/** AdminInitiateAuth, InitiateAuth and the two that answer challenges. The SDK's types know today's names only. */
type SignInOperations = Record<(typeof apis)[Api]['initiate' | 'respond'], Call<object, AuthAnswer>>;

/** The operations that are used, with what each takes and answers. Those of a signed-in user are never signed. */
export interface Operations extends SignInOperations {
  AssociateSoftwareToken: Call<sdk.AssociateSoftwareTokenRequest, sdk.AssociateSoftwareTokenResponse>;
  VerifySoftwareToken: Call<sdk.VerifySoftwareTokenRequest, sdk.VerifySoftwareTokenResponse>;
  SetUserMFAPreference: Call<sdk.SetUserMFAPreferenceRequest, sdk.SetUserMFAPreferenceResponse>;
  StartWebAuthnRegistration: Call<sdk.StartWebAuthnRegistrationRequest, sdk.StartWebAuthnRegistrationResponse>;
  CompleteWebAuthnRegistration: Call<sdk.CompleteWebAuthnRegistrationRequest, sdk.CompleteWebAuthnRegistrationResponse>;
  ConfirmDevice: Call<sdk.ConfirmDeviceRequest, sdk.ConfirmDeviceResponse>;
  UpdateDeviceStatus: Call<sdk.UpdateDeviceStatusRequest, sdk.UpdateDeviceStatusResponse>;
  GetTokensFromRefreshToken: Call<sdk.GetTokensFromRefreshTokenRequest, sdk.GetTokensFromRefreshTokenResponse>;
  RevokeToken: Call<sdk.RevokeTokenRequest, sdk.RevokeTokenResponse>;
  GlobalSignOut: Call<sdk.GlobalSignOutRequest, sdk.GlobalSignOutResponse>;
  AdminUserGlobalSignOut: Call<sdk.AdminUserGlobalSignOutRequest, sdk.AdminUserGlobalSignOutResponse>;
  GetUser: Call<sdk.GetUserRequest, sdk.GetUserResponse>;
  DescribeUserPool: Call<sdk.DescribeUserPoolRequest, sdk.DescribeUserPoolResponse>;
  DescribeUserPoolClient: Call<sdk.DescribeUserPoolClientRequest, sdk.DescribeUserPoolClientResponse>;
  GetUserPoolMfaConfig: Call<sdk.GetUserPoolMfaConfigRequest, sdk.GetUserPoolMfaConfigResponse>;
  ListUserPools: Call<sdk.ListUserPoolsRequest, sdk.ListUserPoolsResponse>;
  ListUserPoolClients: Call<sdk.ListUserPoolClientsRequest, sdk.ListUserPoolClientsResponse>;
}

export type Operation = keyof Operations;

/** The AWS SDK's client, as far as sign-in needs it. */
export interface SdkClient {
  /** Rejects with the SDK's own errors; a signal that fires ends the request on the wire. */
  send<Name extends Operation>(
    operation: Name,
    input: Operations[Name]['input'],
    signal: AbortSignal,
  ): Promise<Operations[Name]['output']>;
  /** Closes the sockets. */
  destroy(): void;
}

/** The SDK's types keep the commands apart; here one stands for all. */
type AnyCommand = new (input: object) => sdk.AdminInitiateAuthCommand;

/** The SDK's HTTP handler, whose types name neither the request nor the response. */
interface Wire {
  handle(
    request: unknown,
    options?: { abortSignal: AbortSignal },
  ): Promise<{ response: WireResponse; output: never }>;
}

interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string | undefined>;
  body: Readable | Uint8Array;
}

/** The longest answer that is read, in bytes. Tokens have some tens of thousands at most; the SDK would read on for ever. */
const longestAnswer = 1024 * 1024;

const answerRefusals = ['NotAuthorizedException', 'ExpiredCodeException'];

/** How Cognito refuses what it takes once, when it comes again: its session, its code or its challenge is used up. */
const refusedRepetitions: Partial<Record<Operation, readonly string[]>> = {
  AdminRespondToAuthChallenge: answerRefusals,
  RespondToAuthChallenge: answerRefusals,
  AssociateSoftwareToken: ['NotAuthorizedException'],
  VerifySoftwareToken: answerRefusals,
  CompleteWebAuthnRegistration: ['WebAuthnChallengeNotFoundException'],
};

/**
 * How Cognito refuses what it has done already, when it comes again: then there is nothing left to do. Assumption: the
 * access token had not been revoked before by RevokeToken, which would look the same and end one session alone.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
 */
const doneBefore: Partial<Record<Operation, RegExp>> = {
  GlobalSignOut: /^NotAuthorizedException: Access Token has been revoked/,
};

function isDoneBefore(operation: Operation, error: unknown): boolean {
  return doneBefore[operation]?.test(String(error)) ?? false;
}

function isRefusedRepetition(operation: Operation, error: unknown): boolean {
  return error instanceof Error && (refusedRepetitions[operation]?.includes(error.name) ?? false);
}

/** Reads an answer to its end, since the SDK takes one that breaks off for a strange one, and does not ask again. */
async function readWhole<Result extends { readonly response: WireResponse }>(result: Result): Promise<Result> {
  const { response } = result;
  if (response.body instanceof Readable) {
    response.body = await readAnswer(response.body, longestAnswer, response.statusCode);
    await turn();
  }
  return result;
}

/** How many calls a user pool has on the wire at most; what comes beyond waits. The SDK's own default, for proxies too. */
const maxSockets = 50;

const noop = (): void => undefined;
const silent = { trace: noop, debug: noop, info: noop, warn: noop, error: noop };

/**
 * Loads the SDK and makes a client of it.
 * @param onServerTime is told the time of every answer's `Date` header, refusals included, in ms since 1970
 */
export async function createSdkClient(
  settings: UserPoolSettings,
  region: string,
  onServerTime: (ms: number) => void,
): Promise<SdkClient> {
  const { credentials, endpoint, timeout } = settings;
  const sdk = await import('@aws-sdk/client-cognito-identity-provider');
  // The SDK goes through a proxy only if it is given an agent that does (aws/aws-sdk-js-v3#2228).
  const agent = await proxyAgent(settings, { keepAlive: true, maxSockets, maxFreeSockets: maxSockets });
  const requestHandler = { logger: silent, ...(agent && { httpAgent: agent, httpsAgent: agent }) };
  const client = new sdk.CognitoIdentityProviderClient({
    region,
    // All calls wait for the same credentials: where they never came, no call would get any again.
    credentials: credentialsProvider(credentials, endpoint, {
      region,
      requestHandler: { ...requestHandler, requestTimeout: timeout, throwOnRequestTimeout: true },
    }),
    requestHandler,
    // Without it the SDK sorts its list of middleware anew for every call. It works only as long as `send` is given no
    // options, so the signal goes to the wire in a middleware of ours.
    cacheMiddleware: true,
    ...(endpoint !== undefined && { endpoint }),
  });

  const wire = client.config.requestHandler as Wire;
  // An agent counts sockets that it has: not those that a proxy is still asked for.
  const onWire = agent ? atMost(maxSockets) : <T>(work: () => Promise<T>) => work();
  const signals = new WeakMap<object, AbortSignal>();
  const brokenOff = new WeakMap<object, unknown>();
  client.middlewareStack.add(
    () =>
      async ({ input, request }) => {
        const abortSignal = signals.get(input);
        const sent = onWire(() => wire.handle(request, abortSignal && { abortSignal }).then(readWhole));
        const result = await sent.catch((error: unknown) => {
          brokenOff.set(input, error);
          throw error;
        });
        const serverTime = Date.parse(result.response.headers.date ?? '');
        if (!Number.isNaN(serverTime)) onServerTime(serverTime);
        return result;
      },
    // The last one before the wire, in place of the SDK's own last step.
    { step: 'deserialize', priority: 'low', name: 'sendAndReadClock' },
  );

  return {
    async send(operation, input, signal) {
      await turn();
      signals.set(input, signal);
      return client.send(new (sdk[`${operation}Command`] as AnyCommand)(input)).catch((error: unknown) => {
        // The SDK sends a request again after a broken connection. If the first one had got through, the second is
        // refused as a repetition, which must not pass for a wrong password or code.
        if (!brokenOff.has(input)) throw error;
        if (isDoneBefore(operation, error)) return {};
        throw isRefusedRepetition(operation, error) ? brokenOff.get(input) : error;
      });
    },
    destroy() {
      client.destroy();
    },
  };
}
