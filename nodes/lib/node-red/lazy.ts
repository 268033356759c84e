/**
 * Loads a module when it is first asked for, and keeps it. Node-RED loads every installed node when it starts, used or
 * not; what is only needed to sign in can wait.
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
