import type { NodeAPI } from 'node-red';
import { adviceFor } from '../cognito/error-advice';
import { toCognitoAuthError, type ErrorDetails } from '../cognito/errors';
import { translate } from './translate';
import { placeOf, type Settings } from './typed-inputs';

/** What Catch nodes get as `msg.error`: `code` and `cause` are handed on because they are the error's own properties. */
interface CatchableError extends Error {
  readonly code: string;
  readonly cause: ErrorDetails & { readonly advice: string };
}

/** Some of Cognito's and Node's messages end without a full stop. */
function asSentence(message = ''): string {
  return message.trim().replace(/[^.!?:]$/, '$&.');
}

/**
 * Puts an error into words: Cognito's own message, then what to do about it. `cause.message` and `cause.advice` hold
 * the two apart, for flows that show them to different people.
 * @param settings the node's, to say where it looked for what is missing
 */
export function catchableError(RED: NodeAPI, settings: Settings, thrown: unknown): CatchableError {
  const error = toCognitoAuthError(thrown);
  const { field = '', expected = '', systemCode = '', httpStatusCode = '' } = error.details;
  const { clockOffset = 0, notAskedUntil = 0 } = error.details;
  const values = {
    field,
    expected,
    systemCode,
    httpStatusCode,
    seconds: Math.round(clockOffset / 1000),
    until: new Date(notAskedUntil).toISOString(),
    source: placeOf(settings, field) ?? translate(RED, 'source.credentials') ?? '',
  };
  const advice = adviceFor(error)
    .map((key) => translate(RED, `errors.${key}`, values))
    .filter((sentence) => sentence !== undefined)
    .join(' ');
  const words = [asSentence(error.details.message), advice].filter(Boolean).join(' ') || field;
  const catchable = new Error(words);
  catchable.name = error.code;
  return Object.assign(catchable, { code: error.code, cause: { ...error.details, advice } });
}
