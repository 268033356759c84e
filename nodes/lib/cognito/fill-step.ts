import { CognitoAuthError } from './errors';
import { isRecord, ownValue } from './guards';
import { inputs, type InputName, type InputValues } from './inputs';
import { createEphemeral, type SrpEphemeral } from './srp';
import type { Field, Step } from './steps';
import { inTurn } from './turns';

/** A password whose SRP_A is on its way, to be proven when Cognito asks. */
export interface PendingProof {
  readonly ephemeral: SrpEphemeral;
  readonly password: string;
}

/** A request's parameters, and what is needed to go on by itself. */
export interface FilledStep {
  readonly parameters: Record<string, string>;
  readonly proof?: PendingProof;
}

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
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (inputs[name].kind === 'json' && isRecord(value)) return jsonOf(value, name);
  throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
}

/** JSON where there is some: a credential and an environment variable hold text only. */
function parsed(value: unknown): unknown {
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

function fillField({ input, parameter, required }: Field, values: InputValues): Record<string, string> {
  if (inputs[input].kind === 'object') {
    const entries = Object.entries(textEntriesOf(values, input));
    return Object.fromEntries(entries.map(([key, value]) => [`${parameter}.${key}`, value]));
  }
  const text = textOf(values, input);
  if (text !== undefined) return { [parameter]: text };
  if (required) throw new CognitoAuthError('InputMissing', { field: input });
  return {};
}

/**
 * Makes a request's parameters from what was given.
 * @throws CognitoAuthError InputMissing or InputInvalid, naming the input
 */
export async function fillStep(step: Step, values: InputValues, signal: AbortSignal): Promise<FilledStep> {
  const parameters = Object.fromEntries(step.fields.flatMap((field) => Object.entries(fillField(field, values))));

  if (step.methods) {
    const { choice, table } = step.methods;
    const method = ownValue(table, textOf(values, choice) ?? '');
    if (method) {
      const filled = await fillStep(method, values, signal);
      return { ...filled, parameters: { ...parameters, ...filled.parameters } };
    }
  }
  if (!step.srp) return { parameters };

  const relayed = textOf(values, 'srpA');
  const password = textOf(values, 'password');
  if (relayed !== undefined) return { parameters: { ...parameters, ...step.srp.announcedBy, SRP_A: relayed } };
  if (password !== undefined) {
    const ephemeral = await inTurn(() => createEphemeral(), signal);
    return {
      parameters: { ...parameters, ...step.srp.announcedBy, SRP_A: ephemeral.srpA },
      proof: { ephemeral, password },
    };
  }
  if (step.srp.required) throw new CognitoAuthError('InputMissing', { field: 'password' });
  return { parameters };
}
