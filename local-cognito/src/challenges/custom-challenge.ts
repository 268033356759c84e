import { isObject } from '../config-rules';
import { refuse } from '../exceptions';
import { commonEvent, commonRequest, runTrigger } from '../run-trigger';
import type { Service } from '../service';
import type { CustomAuth, SignIn } from '../sign-in';
import type { Challenge, Posed } from './challenge';

type Texts = Readonly<Record<string, string>>;

/** A question of the pool's own triggers; CUSTOM_AUTH poses it. */
export const customChallenge: Challenge = { needs: ['ANSWER'] };

/**
 * Has createAuthChallenge make a question up, and verifyAuthChallengeResponse judge its answer. A wrong one is accepted
 * as well: what comes of it is defineAuthChallenge's to say. The client gets the public parameters alone, and USERNAME,
 * which a public parameter of that name does not replace (assumption).
 */
export async function createCustomChallenge(
  { triggerTimeout }: Service,
  signIn: SignIn,
  { history }: CustomAuth,
  clientMetadata: Texts | undefined,
): Promise<Posed> {
  const { createAuthChallenge, verifyAuthChallengeResponse } = signIn.pool.triggers;
  const response = await runTrigger(
    createAuthChallenge,
    {
      ...commonEvent(signIn),
      triggerSource: 'CreateAuthChallenge_Authentication',
      request: {
        ...commonRequest(signIn, clientMetadata),
        challengeName: 'CUSTOM_CHALLENGE',
        session: [...history],
      },
      response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
    },
    triggerTimeout,
  );
  const privateChallengeParameters = readTexts(response.privateChallengeParameters);
  const challengeMetadata = readMetadata(response.challengeMetadata);
  return {
    parameters: { ...readTexts(response.publicChallengeParameters), USERNAME: signIn.user.username },
    judge: async (responses, metadata) => {
      const { answerCorrect } = await runTrigger(
        verifyAuthChallengeResponse,
        {
          ...commonEvent(signIn),
          triggerSource: 'VerifyAuthChallengeResponse_Authentication',
          request: {
            ...commonRequest(signIn, metadata),
            privateChallengeParameters: { ...privateChallengeParameters },
            challengeAnswer: responses.need('ANSWER'),
          },
          response: { answerCorrect: null },
        },
        triggerTimeout,
      );
      if (typeof answerCorrect !== 'boolean') throw refuse('triggerAnswerMalformed');
      return {
        result: { challengeName: 'CUSTOM_CHALLENGE', challengeResult: answerCorrect, challengeMetadata },
      };
    },
  };
}

/** Assumption: a parameter that is not a text is malformed, and no parameters at all are not. */
function readTexts(value: unknown): Texts {
  const entries = Object.entries(isObject(value) ? value : {});
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (texts.length < entries.length || !(isObject(value) || value === null || value === undefined)) {
    throw refuse('triggerAnswerMalformed');
  }
  return Object.fromEntries(texts);
}

function readMetadata(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') throw refuse('triggerAnswerMalformed');
  return value;
}
