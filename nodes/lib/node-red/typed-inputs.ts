import { isDeepStrictEqual } from 'node:util';
import type { Node, NodeAPI, NodeMessage, NodeMessageInFlow } from 'node-red';
import { CognitoAuthError } from '../cognito/errors';
import { isRecord } from '../cognito/guards';

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
  return Object.fromEntries(names.flatMap((name) => [[name, `payload.${name}`], [`${name}Type`, 'msg']]));
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

function textSetting(settings: Settings, name: string): string {
  const value = settings[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Where an input is read from, as authors write it: `msg.payload.username`, `env.NAME`, `cred`. */
export function sourceOf(settings: Settings, name: string): string {
  return [textSetting(settings, `${name}Type`), textSetting(settings, name)].filter(Boolean).join('.');
}

/**
 * Reads a secret off the message and erases it where it stood.
 *
 * The payload of an `http in` node is the request's body or query itself, so erasing it in place erases it there too.
 * A message that was copied on its way (by a second wire, for one) has a payload of its own: then the same entry of
 * the request is erased as well.
 */
function takeFromMessage({ RED, msg }: Source, path: string): unknown {
  const value = propertyOf(RED, msg, path);
  if (value === undefined) return undefined;
  RED.util.setMessageProperty(msg, path, undefined);

  const request = (msg as { req?: unknown }).req;
  if (isRecord(request)) {
    for (const part of ['body', 'query']) {
      const twin: NodeMessage = { payload: request[part] };
      if (!isDeepStrictEqual(propertyOf(RED, twin, path), value)) continue;
      RED.util.setMessageProperty(twin, path, undefined);
      if (!('payload' in twin)) request[part] = undefined;
    }
  }
  return value;
}

function propertyOf(RED: NodeAPI, msg: NodeMessage, path: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, path) as unknown;
  } catch {
    return undefined; // something on the way to the property is missing
  }
}

/** What a value of a type has to be written in, where that can go wrong. */
const formats: Readonly<Record<string, string>> = { json: 'JSON', jsonata: 'JSONata' };

function evaluate({ RED, node, msg }: Source, name: string, value: string, type: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const invalid = (): void => {
      reject(new CognitoAuthError('InputInvalid', { field: name, expected: formats[type] ?? type }));
    };
    try {
      RED.util.evaluateNodeProperty(value, type, node, msg, (error, result: unknown) => {
        if (error) invalid();
        else resolve(result);
      });
    } catch {
      invalid(); // the words of the error could hold a part of the value
    }
  });
}

/**
 * Reads one typed input. What is not set, or not there, is undefined.
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset
 */
async function readInput(source: Source, name: string): Promise<unknown> {
  const value = textSetting(source.settings, name);
  const type = textSetting(source.settings, `${name}Type`);
  if (type === 'cred') {
    const secret = (source.node.credentials as Record<string, unknown> | undefined)?.[name];
    assertResolved(name, secret);
    return secret;
  }
  if (value === '') return undefined;
  if (type === 'msg') return propertyOf(source.RED, source.msg, value);
  assertResolved(name, value);
  const result = await evaluate(source, name, value, type);
  if (type === 'env' && result === '') {
    throw new CognitoAuthError('EnvironmentVariableUnset', { field: name, expected: value });
  }
  return result;
}

/**
 * Reads one typed input as text; empty is the same as not set.
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset
 */
export async function readText(source: Source, name: string): Promise<string | undefined> {
  const value = await readInput(source, name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
  return value;
}

/** Erases from the message every one of the secrets that the node would read from it. */
export function eraseSecrets(source: Source, names: readonly string[]): Map<string, unknown> {
  const taken = new Map<string, unknown>();
  for (const name of names) {
    if (textSetting(source.settings, `${name}Type`) !== 'msg') continue;
    const path = textSetting(source.settings, name);
    if (path !== '') taken.set(name, takeFromMessage(source, path));
  }
  return taken;
}

/**
 * Reads typed inputs. Secrets that come from the message are erased from it first, before anything can fail.
 * @param isSecret tells the secret ones
 * @throws CognitoAuthError InputInvalid, EnvironmentVariableUnset, naming the input
 */
export async function readInputs<Name extends string>(
  source: Source,
  names: readonly Name[],
  isSecret: (name: Name) => boolean,
): Promise<Partial<Record<Name, unknown>>> {
  const taken = eraseSecrets(source, names.filter(isSecret));
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of names) {
    const value = taken.has(name) ? taken.get(name) : await readInput(source, name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
