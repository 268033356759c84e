import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { type Answer, type Practice, secretHash } from './support';

type Names = Record<string, string>;

/** USER_AUTH by one of the two APIs. SECRET_HASH is added where the client has a secret. */
export interface ChoiceApi {
  start: (names: Names) => Promise<Answer>;
  answer: (challenge: ChallengeNameType, names: Names, session?: string) => Promise<Answer>;
}

const hashed = (names: Names) => ({ ...names, SECRET_HASH: secretHash(names.USERNAME!) });

/** Each API with one of the sample clients, by words for a test's name. */
export function choiceApis(practice: Practice): Record<string, ChoiceApi> {
  return {
    'by the client-side API': {
      start: (names) => practice.start('USER_AUTH', names),
      answer: (challenge, names, session) => practice.answer(challenge, names, session),
    },
    'by the server-side API with a client secret': {
      start: (names) => practice.adminStart('USER_AUTH', hashed(names)),
      answer: (challenge, names, session) => practice.adminAnswer(challenge, hashed(names), session),
    },
  };
}
