import { isForgottenDevice } from './devices';
import type { CognitoAuthError } from './errors';
import { ownValue } from './guards';

/** Failures that pass by themselves: the network's, the clock of a code, Cognito's own. */
const passing = new Set([
  'HostNotFound',
  'NetworkError',
  'TimeoutError',
  'AnswerUnexpected',
  'Aborted',
  'TooManyRequestsException',
  'ThrottlingException',
  'LimitExceededException',
  'InternalErrorException',
  'ConcurrentModificationException',
  'ExpiredCodeException',
]);

/** Whether the same call may succeed a while later. */
export function isPassing({ code, details }: CognitoAuthError): boolean {
  return passing.has(code) || (details.httpStatusCode ?? 0) >= 500;
}

/**
 * The refusals that say that a refresh token is of no more use; all but the last two are those on which AWS Amplify
 * drops its tokens (aws-amplify/amplify-js, `handleFailure` of its TokenOrchestrator).
 */
const ends = new Set([
  'NotAuthorizedException',
  'RefreshTokenReuseException',
  'TokenRevokedException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
  'UserNotConfirmedException',
  'UnauthorizedException',
]);

/** Whether a refresh was refused for good. A wrong client secret is refused too, and can be mended. */
export function endsRefreshToken(error: CognitoAuthError): boolean {
  return (ends.has(error.code) && !/secret/i.test(error.message)) || isForgottenDevice(error);
}

const second = 1_000;
const minute = 60 * second;

/**
 * How long to leave the user alone after a refusal, in ms, where that is not a minute. Cognito counts wrong passwords, locks
 * the user after five for at most 15 minutes, and starts to count anew after as long without any.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
 */
const coolDowns: Readonly<Record<string, number>> = {
  NotAuthorizedException: 15 * minute,
  UserNotFoundException: 15 * minute,
  CodeMismatchException: 15 * minute,
  PasswordResetRequiredException: 15 * minute,
  UserNotConfirmedException: 15 * minute,
  ClockSkewed: 15 * minute,
  // Cognito was not asked, or a person has to be asked again.
  TokensMissing: 0,
  PersonNeeded: 0,
};

/** How long to leave the user alone after a refusal, in ms. */
export function coolDownAfter({ code }: CognitoAuthError): number {
  return ownValue(coolDowns, code) ?? minute;
}

/** How Cognito says that more is asked of it than an account's quota allows. */
const overload = new Set(['TooManyRequestsException', 'ThrottlingException', 'LimitExceededException']);

const shortestDelay = second;
const longestDelay = minute;

/**
 * Under overload the longest delay is longer: a fleet that asks too often takes the quota from everybody else's
 * sign-ins, and is served no sooner (`npm run bench:fleet`).
 */
const longestDelayUnderOverload = 2 * minute;

/**
 * How long to wait before the next try, in ms: a random part of a time that doubles, so that many gateways that lost
 * the network together do not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param attempt counted from 0
 * @param error what the last one failed with
 */
export function backOff(attempt: number, { code }: CognitoAuthError): number {
  const longest = overload.has(code) ? longestDelayUnderOverload : longestDelay;
  return Math.random() * Math.min(longest, shortestDelay * 2 ** attempt);
}
