import type { ClientConfig } from '../config';
import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import type { Pool } from '../pool';
import type { Service } from '../service';
import type { Memory } from '../sessions';
import type { Api, Progress, SignIn } from '../sign-in';
import type { ChallengeName } from './names';

/** An answer as it arrives. SECRET_HASH has been checked over its USERNAME. */
export interface AnswerRequest {
  readonly api: Api;
  readonly pool: Pool;
  readonly client: ClientConfig;
  readonly name: ChallengeName;
  readonly username: string;
  readonly session: string | undefined;
  readonly responses: Parameters;
}

/** One row of the table of challenges. */
export interface Challenge {
  /** What an answer must hold beside USERNAME and SECRET_HASH. */
  readonly needs: readonly string[];
  /** What the client is told when the challenge is posed, and what the pool remembers. Missing where a flow begins it. */
  readonly begin?: (service: Service, signIn: SignIn) => { parameters: Record<string, string>; memory?: Memory };
  /** Judges an answer. @throws the refusal of a wrong one */
  readonly answer: (service: Service, request: AnswerRequest) => { signIn: SignIn; progress: Progress };
}

/** What a challenge with a session judges. */
export interface SessionAnswer {
  readonly service: Service;
  readonly signIn: SignIn;
  readonly memory: Memory;
  readonly responses: Parameters;
}

/** The `answer` of a challenge with a session: the session is spent when `judge` accepts, and stays usable when it throws. */
export function bySession(judge: (answer: SessionAnswer) => Progress): Challenge['answer'] {
  return (service, request) => {
    if (!request.session) throw refuse('parameterMissing', { name: 'Session' });
    const { signIn, memory } = service.sessions.recall(request.session, request.name);
    refuseStranger(signIn, request);
    const progress = judge({ service, signIn, memory, responses: request.responses });
    service.sessions.spend(request.session);
    return { signIn, progress };
  };
}

/**
 * A session belongs to one sign-in, by one API, and its answer names the canonical username (API reference:
 * "You must use the username and not an alias in the ChallengeResponses").
 * Assumptions: the message, and that one API does not answer the other's challenge.
 */
function refuseStranger(signIn: SignIn, request: AnswerRequest): void {
  const own =
    signIn.pool === request.pool &&
    signIn.client === request.client &&
    signIn.api === request.api &&
    signIn.user.username === request.username;
  if (!own) throw refuse('sessionBogus');
  if (!signIn.user.enabled) throw refuse('userDisabled');
}
