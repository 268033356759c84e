import { CognitoAuthError } from './errors';

const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Has one listener of its own on a signal stand for many: a signal goes through all that it has for each new one. */
function listenersOf(signal: AbortSignal): Set<() => void> {
  const known = listeners.get(signal);
  if (known) return known;
  const all = new Set<() => void>();
  listeners.set(signal, all);
  signal.addEventListener(
    'abort',
    () => {
      for (const listener of all) listener();
    },
    { once: true },
  );
  return all;
}

/**
 * Calls back when a signal fires, not if it has fired. Takes the same time however many wait for that signal.
 * @returns takes it back
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const all = listenersOf(signal);
  all.add(listener);
  return () => all.delete(listener);
}

/** Does one thing, and then another with what is given. */
function after<T>(first: () => void, next: (value: T) => void): (value: T) => void {
  return (value) => {
    first();
    next(value);
  };
}

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
    const forget = onAbort(signal, abort);
    promise.then(after(forget, resolve), after(forget, reject));
  });
}

/**
 * Does work that is aborted when a signal fires, or its time is up; then it is not waited for any longer. It is not begun
 * once the signal has fired.
 * @param timeout in ms
 * @param tooLate what it fails with when its time is up
 * @param work given the signal that ends it
 * @throws CognitoAuthError Aborted, `tooLate`, or what the work fails with
 */
export function withDeadline<T>(
  signal: AbortSignal,
  timeout: number,
  tooLate: () => CognitoAuthError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted) return Promise.reject(new CognitoAuthError('Aborted'));
  // One controller for both reasons: AbortSignal.any with AbortSignal.timeout costs several times as much.
  const ending = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (reason: CognitoAuthError): void => {
      release();
      ending.abort(reason);
      reject(reason);
    };
    const deadline = setTimeout(() => {
      end(tooLate());
    }, timeout);
    const forget = onAbort(signal, () => {
      end(new CognitoAuthError('Aborted'));
    });
    const release = (): void => {
      clearTimeout(deadline);
      forget();
    };
    work(ending.signal).then(after(release, resolve), after(release, reject));
  });
}
