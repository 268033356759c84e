import { CognitoAuthError } from './errors';
import { isRecord } from './guards';
import { inputs, type InputName, type InputValues } from './inputs';

function jsonOf(value: unknown, name: InputName): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new CognitoAuthError('InputInvalid', { field: name, expected: 'JSON' }); // cyclic, or a BigInt
  }
}

/**
 * The value of an input as the text that is sent: numbers are written out, objects become JSON where Cognito wants
 * that. Empty is the same as not given.
 * @throws CognitoAuthError InputInvalid for anything that is no text
 */
export function textOf(values: InputValues, name: InputName): string | undefined {
  const value = values[name];
  const { kind } = inputs[name];
  if (typeof value === 'string') return (kind === 'code' ? value.replace(/\s/g, '') : value) || undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return String(value);
  if (kind === 'json' && isRecord(value)) return jsonOf(value, name);
  throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
}

/**
 * The value of an input that has to be there, as text.
 * @throws CognitoAuthError InputMissing, InputInvalid
 */
export function requiredText(values: InputValues, name: InputName): string {
  const text = textOf(values, name);
  if (text === undefined) throw new CognitoAuthError('InputMissing', { field: name });
  return text;
}

/** What a form's checkbox sends when it is ticked, and what other programs say for yes. */
const yes = ['true', 'on', '1', 'yes'];

/**
 * Whether an input says yes: a boolean, or what a form sends for one. Any other text is no.
 * @throws CognitoAuthError InputInvalid for an object
 */
export function isYes(values: InputValues, name: InputName): boolean {
  const value = values[name];
  return typeof value === 'boolean' ? value : yes.includes(textOf(values, name)?.toLowerCase() ?? '');
}

/** JSON where there is some: a credential and an environment variable hold text only. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/**
 * The entries of an input that is an object, or JSON text of one, each value as text.
 * @throws CognitoAuthError InputInvalid for anything else
 */
export function textEntriesOf(values: InputValues, name: InputName): Record<string, string> {
  const value = parsed(values[name]);
  if (value === undefined || value === null || value === '') return {};
  if (!isRecord(value)) throw new CognitoAuthError('InputInvalid', { field: name, expected: '{"name": "value"}' });
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined && entry !== null)
      .map(([key, entry]) => [key, typeof entry === 'string' ? entry : jsonOf(entry, name)]),
  );
}
