import type { ClientConfig } from './config';

/** Must the client not learn who exists? (PreventUserExistenceErrors) */
export function hidesUsers({ preventUserExistenceErrors }: ClientConfig): boolean {
  return preventUserExistenceErrors === 'ENABLED';
}
