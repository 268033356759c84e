import type { NodeAPI } from 'node-red';

/** The catalogue that holds every text that nodes share. */
const sharedCatalogue = '@cognito-flows/node-red-cognito-auth/cognito-user-pool';

/**
 * A text that nodes share, in the server's language.
 * @returns undefined when the catalogue has no such text
 */
export function translate(RED: NodeAPI, key: string, values: Record<string, string | number> = {}): string | undefined {
  const text = RED._(`${sharedCatalogue}:${key}`, values);
  // Node-RED answers with the key, with or without its catalogue, where there is no text.
  return text.endsWith(key) ? undefined : text;
}
