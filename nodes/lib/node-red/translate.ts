import type { NodeAPI } from 'node-red';

/** The catalogue that holds every text that nodes share. */
const sharedCatalogue = '@cognito-flows/node-red-cognito-auth/cognito-user-pool';

/**
 * A text that nodes share, in the server's language.
 * @returns undefined when the catalogue has no such text
 */
export function translate(RED: NodeAPI, key: string, values: Record<string, string | number> = {}): string | undefined {
  const text: unknown = RED._(`${sharedCatalogue}:${key}`, values);
  // Node-RED answers with the key, with or without its catalogue, where there is no text. A key may also name what every
  // object inherits: an exception's name comes from a server.
  return typeof text !== 'string' || text.endsWith(key) ? undefined : text;
}
