import type { ClientConfig } from '../config';
import { withDevice } from '../device';
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
  readonly clientMetadata: Readonly<Record<string, string>> | undefined;
}

/** A challenge as it is posed. */
export interface Posed {
  /** What the client is told. */
  readonly parameters: Record<string, string>;
  /** Judges the answer, and remembers what there is to compare with, such as a code. None: there is no Session. */
  readonly judge?: Judge;
}

/** Poses a challenge. */
export type Begin = (service: Service, signIn: SignIn) => Posed | Promise<Posed>;

/** An accepted answer. */
export interface Answered {
  readonly signIn: SignIn;
  readonly progress: Progress;
}

/** One row of the table of challenges. */
export interface Challenge {
  /** What an answer must hold beside USERNAME and SECRET_HASH. */
  readonly needs: readonly string[];
  /** Missing where a flow or another challenge begins it. */
  readonly begin?: Begin;
  /** Judges an answer; {@link answerBySession} unless given. @throws the refusal of a wrong one */
  readonly answer?: (service: Service, request: AnswerRequest) => Answered | Promise<Answered>;
}

/** Has the session's judge decide. The session is spent when it accepts, and stays usable when it throws. */
export async function answerBySession({ sessions }: Service, request: AnswerRequest): Promise<Answered> {
  if (!request.session) throw refuse('parameterMissing', { name: 'Session' });
  const { judge, ...recalled } = sessions.recall(request.session, request.name);
  // Assumption: the message.
  if (!isOwn(recalled.signIn, request)) throw refuse('sessionBogus');
  if (!recalled.signIn.user.enabled) throw refuse('userDisabled');
  const signIn = withDevice(recalled.signIn, request.responses);
  const progress = await sessions.use(request.session, () => judge(request.responses, request.clientMetadata));
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
