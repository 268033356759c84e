import { CognitoAuthError } from './errors';

/**
 * A promise's outcome, unless a signal fires first, or has fired: not everything that is waited for listens to one.
 * @throws CognitoAuthError Aborted, or the reason the signal was given
 */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof CognitoAuthError ? signal.reason : new CognitoAuthError('Aborted'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
