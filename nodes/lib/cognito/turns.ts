import { CognitoAuthError } from './errors';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs pieces of work one after the other, each in a turn of the event loop of its own, so that many sign-ins at once
 * never hold up the process for longer than one piece takes.
 * @param signal work whose turn comes after it has fired is not done
 * @throws CognitoAuthError Aborted
 */
export function inTurn<T>(work: () => T, signal: AbortSignal): Promise<T> {
  const result = last.then(
    () =>
      new Promise<T>((resolve, reject) => {
        setImmediate(() => {
          try {
            if (signal.aborted) throw new CognitoAuthError('Aborted');
            resolve(work());
          } catch (error) {
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- handed on as it is
            reject(error);
          }
        });
      }),
  );
  last = result.catch(() => undefined);
  return result;
}
