import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import { eraseFromMessage, propertyOf } from './message-properties';

/** A node's settings as the editor saves them: for each typed input `name` and `nameType`. */
export type Settings = Readonly<Record<string, unknown>>;

/** What it takes to read a node's typed inputs for one message. */
export interface Source {
  readonly RED: NodeAPI;
  readonly node: Node;
  readonly settings: Settings;
  readonly msg: NodeMessageInFlow;
}

/** Settings that read each input from the property of `msg.payload` that has its name. */
export function fromPayload(names: readonly string[]): Settings {
  return Object.fromEntries(
    names.flatMap((name) => [
      [name, `payload.${name}`],
      [`${name}Type`, 'msg'],
    ]),
  );
}

/** `${NAME}` as a whole value, which Node-RED replaces at deploy time where the variable is set, and leaves otherwise. */
const unresolvedVariable = /^\$\{([^}]+)\}$/;

/**
 * Refuses a value that is still a reference to an environment variable.
 * @throws CognitoAuthError EnvironmentVariableUnset
 */
export function assertResolved(field: string, value: unknown): void {
  const variable = typeof value === 'string' ? unresolvedVariable.exec(value)?.[1] : undefined;
  if (variable !== undefined) throw new CognitoAuthError('EnvironmentVariableUnset', { field, expected: variable });
}

/** A setting as text; empty is the same as not set. */
export function textSetting(settings: Settings, name: string): string {
  const value = settings[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A typed input as it is set: where a value is, and of which type. */
interface TypedInput {
  readonly value: string;
  readonly type: string;
}

/** Each node's typed inputs, which stay the same for all of its messages. */
const typedInputs = new WeakMap<Settings, Map<string, TypedInput>>();

function typedInput(settings: Settings, name: string): TypedInput {
  let known = typedInputs.get(settings);
  if (!known) {
    known = new Map<string, TypedInput>();
    typedInputs.set(settings, known);
  }
  let input = known.get(name);
  if (!input) {
    input = { value: textSetting(settings, name), type: textSetting(settings, `${name}Type`) };
    known.set(name, input);
  }
  return input;
}

/** Where an input is read from, as authors write it, `msg.payload.username` for one; undefined for no place to name. */
export function placeOf(settings: Settings, name: string): string | undefined {
  const { value, type } = typedInput(settings, name);
  return value === '' ? undefined : `${type}.${value}`;
}

/** What a value of a type has to be written in, where that can go wrong. */
const formats: Readonly<Record<string, string>> = { json: 'JSON', jsonata: 'JSONata' };

/** A value in a box: a promise would wait for a value that is a promise, or only looks like one, maybe for ever. */
interface Boxed {
  readonly value: unknown;
}

function evaluateProperty({ RED, node, msg }: Source, name: string, value: string, type: string): Promise<Boxed> {
  return new Promise((resolve, reject) => {
    const invalid = (): void => {
      reject(new CognitoAuthError('InputInvalid', { field: name, expected: formats[type] ?? type }));
    };
    try {
      RED.util.evaluateNodeProperty(value, type, node, msg, (error, result: unknown) => {
        if (error) invalid();
        else resolve({ value: result });
      });
    } catch {
      invalid(); // the words of the error could hold a part of the value
    }
  });
}

/**
 * Reads what is there already: what is not set, or not there, is undefined, in its box too.
 * @returns no box for what has to be evaluated
 * @throws CognitoAuthError EnvironmentVariableUnset
 */
function readNow(source: Source, name: string): Boxed | undefined {
  const { value, type } = typedInput(source.settings, name);
  if (type === 'cred') {
    const secret = (source.node.credentials as Record<string, unknown> | undefined)?.[name];
    assertResolved(name, secret);
    return { value: secret };
  }
  if (value === '') return { value: undefined };
  if (type === 'msg') return { value: propertyOf(source.RED, source.msg, value) };
  assertResolved(name, value);
  return undefined;
}

/** @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset */
async function evaluate(source: Source, name: string): Promise<Boxed> {
  const { value, type } = typedInput(source.settings, name);
  const result = await evaluateProperty(source, name, value, type);
  if (type === 'env' && result.value === '') {
    throw new CognitoAuthError('EnvironmentVariableUnset', { field: name, expected: value });
  }
  return result;
}

/**
 * Reads one typed input as text; empty is the same as not set.
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset
 */
export async function readText(source: Source, name: string): Promise<string | undefined> {
  const { value } = readNow(source, name) ?? (await evaluate(source, name));
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
  return value;
}

/** The secrets among some inputs that are read from the message, with their paths. */
function* messageSecrets({ settings }: Source, names: readonly string[]): Iterable<[name: string, path: string]> {
  for (const name of names) {
    const { value: path, type } = typedInput(settings, name);
    if (path !== '' && type === 'msg') yield [name, path];
  }
}

/** Erases from the message every one of the secrets that the node would read from it. */
export function eraseSecrets(source: Source, names: readonly string[]): void {
  for (const [, path] of messageSecrets(source, names)) eraseFromMessage(source.RED, source.msg, path);
}

/**
 * Reads typed inputs. Secrets that come from the message are erased from it before anything can fail.
 * @param isSecret tells the secret ones
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset, naming the input
 */
export async function readInputs<Name extends string>(
  source: Source,
  names: readonly Name[],
  isSecret: (name: Name) => boolean,
): Promise<Partial<Record<Name, unknown>>> {
  const secrets = names.filter(isSecret);
  const taken = new Map<string, Boxed>();
  for (const [name, path] of messageSecrets(source, secrets)) {
    taken.set(name, { value: propertyOf(source.RED, source.msg, path) });
  }
  eraseSecrets(source, secrets);

  const values: Partial<Record<Name, unknown>> = {};
  for (const name of names) {
    const { value } = taken.get(name) ?? readNow(source, name) ?? (await evaluate(source, name));
    if (value !== undefined) values[name] = value;
  }
  return values;
}
