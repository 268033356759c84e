import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import { publicParameters } from './secret-parameters';
import type { UserPoolSettings } from './user-pool';

/** Shorter texts stand in sentences by chance. In characters: one-time codes have six. */
const shortest = 6;

/** What requests hold of secrets besides parameters. */
const secretMembers = ['AccessToken', 'RefreshToken', 'Token', 'UserCode', 'Credential', 'Session'];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The secrets that a call sends, or is signed with: every parameter, too, that is not known to be none. */
function secretsOf({ clientSecret, credentials }: UserPoolSettings, input: object): string[] {
  const members = Object.entries(input).filter(([name]) => secretMembers.includes(name));
  const parameters = Object.entries(input)
    .filter(([name]) => name === 'AuthParameters' || name === 'ChallengeResponses')
    .flatMap(([, value]) => (isRecord(value) ? Object.entries(value) : []))
    .filter(([name]) => !publicParameters.includes(name));
  const keys = 'keys' in credentials ? credentials.keys : undefined;
  return textsIn([clientSecret, keys, Object.fromEntries([...members, ...parameters])]);
}

/**
 * Keeps the words of whoever refused a call, unless they repeat a secret: a validation, or a gateway on the way, may quote
 * what it was sent.
 */
export function withoutQuotedSecrets(error: CognitoAuthError, settings: UserPoolSettings, input: object): CognitoAuthError {
  const { code, details, message } = error;
  const isQuoted = secretsOf(settings, input)
    .filter((secret) => secret.length >= shortest)
    .some((secret) => message.includes(secret) || message.includes(JSON.stringify(secret).slice(1, -1)));
  return isQuoted ? new CognitoAuthError(code, { ...details, message: code }) : error;
}
