import type { ClientConfig } from '../config';
import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import type { Pool } from '../pool';
import type { Service } from '../service';
import type { Api, Judge, Progress, SignIn } from '../sign-in';
import type { ChallengeName } from './names';

/** An answer as it arrives. SECRET_HASH has been checked over its USERNAME. */
interface AnswerRequest {
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
  /**
   * What the client is told when the challenge is posed, and the judge of its answer, which remembers what there is to
   * compare with, such as a code. Missing where a flow begins it.
   */
  readonly begin?: (service: Service, signIn: SignIn) => { parameters: Record<string, string>; judge: Judge };
  /** Judges an answer; {@link answerBySession} unless given. @throws the refusal of a wrong one */
  readonly answer?: typeof answerBySession;
}

/** Has the session's judge decide. The session is spent when it accepts, and stays usable when it throws. */
export function answerBySession(service: Service, request: AnswerRequest): { signIn: SignIn; progress: Progress } {
  if (!request.session) throw refuse('parameterMissing', { name: 'Session' });
  const { signIn, judge } = service.sessions.recall(request.session, request.name);
  // Assumption: the message.
  if (!isOwn(signIn, request)) throw refuse('sessionBogus');
  if (!signIn.user.enabled) throw refuse('userDisabled');
  const progress = judge(request.responses);
  service.sessions.spend(request.session);
  return { signIn, progress };
}

/**
 * Does the answer come by the API and client of the sign-in's start, and name its user by the canonical username? (API
 * reference: "You must use the username and not an alias in the ChallengeResponses".)
 * Assumption: one API does not answer the other's challenge.
 */
export function isOwn({ api, pool, client, user }: SignIn, request: AnswerRequest): boolean {
  return (
    pool === request.pool && client === request.client && api === request.api && user.username === request.username
  );
}
