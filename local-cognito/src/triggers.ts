import type { ChallengeName } from './challenges/names';
import { ConfigError } from './config-rules';

/** One challenge of a sign-in, as the triggers are told of it. */
export interface ChallengeResult {
  challengeName: ChallengeName | 'SRP_A';
  challengeResult: boolean;
  /** The name that createAuthChallenge gave a custom challenge. */
  challengeMetadata: string | null;
}

type Texts = Record<string, string>;

/** What all events share (developer guide, "User pool Lambda trigger common parameters"). */
interface TriggerEvent<Source extends string, Request, Response> {
  version: '1';
  region: string;
  userPoolId: string;
  userName: string;
  callerContext: { awsSdkVersion: string; clientId: string };
  triggerSource: Source;
  request: Request;
  /** To be filled in. All null, as Cognito sends it. */
  response: Response;
}

/** What all requests of the challenge triggers share. */
export interface CommonRequest {
  /** With `cognito:user_status` among them; empty for an unknown user. */
  userAttributes: Texts;
  /** Only where the client's PreventUserExistenceErrors is ENABLED. */
  userNotFound?: boolean;
  /** Only in answers that give ClientMetadata: InitiateAuth does not hand it on (API reference). */
  clientMetadata?: Texts;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html */
export type DefineAuthChallengeEvent = TriggerEvent<
  'DefineAuthChallenge_Authentication',
  CommonRequest & { session: ChallengeResult[] },
  { challengeName: string | null; issueTokens: boolean | null; failAuthentication: boolean | null }
>;

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html */
export type CreateAuthChallengeEvent = TriggerEvent<
  'CreateAuthChallenge_Authentication',
  CommonRequest & { challengeName: 'CUSTOM_CHALLENGE'; session: ChallengeResult[] },
  {
    publicChallengeParameters: Texts | null;
    privateChallengeParameters: Texts | null;
    challengeMetadata: string | null;
  }
>;

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html */
export type VerifyAuthChallengeResponseEvent = TriggerEvent<
  'VerifyAuthChallengeResponse_Authentication',
  CommonRequest & { privateChallengeParameters: Texts; challengeAnswer: string },
  { answerCorrect: boolean | null }
>;

/** Fills the event's response in, or returns an event with one; at once or later. */
export type Trigger<Event> = (event: Event) => unknown;

/** The functions of one pool, named as in Cognito's LambdaConfig with a small initial. */
export interface Triggers {
  defineAuthChallenge?: Trigger<DefineAuthChallengeEvent>;
  createAuthChallenge?: Trigger<CreateAuthChallengeEvent>;
  verifyAuthChallengeResponse?: Trigger<VerifyAuthChallengeResponseEvent>;
}

const known = ['defineAuthChallenge', 'createAuthChallenge', 'verifyAuthChallengeResponse'];

/** @throws ConfigError for triggers of a pool that is not there, and for what is no trigger */
export function checkTriggers(triggers: Readonly<Record<string, Triggers>>, poolIds: readonly string[]): void {
  for (const [id, functions] of Object.entries(triggers)) {
    if (!poolIds.includes(id)) throw new ConfigError(`triggers.${id}`, 'is for a pool that is not among the pools');
    for (const [name, trigger] of Object.entries(functions) as [string, unknown][]) {
      if (!known.includes(name)) {
        throw new ConfigError(`triggers.${id}.${name}`, `is unknown; known are ${known.join(', ')}`);
      }
      if (typeof trigger !== 'function') throw new ConfigError(`triggers.${id}.${name}`, 'must be a function');
    }
  }
}
