import { password } from './pools';
import { type Message, type Setup, type Settings, typed } from './sign-in-flow';

/** The token in a message's Authorization header; empty where there is none. */
export function bearerOf({ headers }: Message): string {
  const { Authorization } = (headers ?? {}) as { Authorization?: unknown };
  return /^Bearer (.+)$/.exec(String(Authorization))?.[1] ?? '';
}

/** What a token says. */
export function claimsOf(token: unknown): Record<string, unknown> {
  const [, claims = ''] = String(token).split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
}

/** Whose token is in a message's Authorization header. */
export function userOf(msg: Message): unknown {
  return claimsOf(bearerOf(msg)).username;
}

/** A token node whose account stands in its settings. */
export function ownAccount(
  access: Pick<Setup, 'pool' | 'poolCredentials'>,
  username: string,
  settings: Settings = {},
): Setup {
  return {
    type: 'cognito-token',
    ...access,
    settings: { ...typed('username', 'str', username), ...typed('password', 'cred'), ...settings },
    credentials: { password },
  };
}

/** A token node that reads from each message whose token to put on it. */
export function accountOfMessage(access: Pick<Setup, 'pool' | 'poolCredentials'>, settings: Settings = {}): Setup {
  const inputs = { ...typed('username', 'msg', 'username'), ...typed('password', 'msg', 'password') };
  return { type: 'cognito-token', ...access, settings: { ...inputs, ...settings } };
}
