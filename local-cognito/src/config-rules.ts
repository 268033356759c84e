/** A mistake in a configuration; the message begins with the path of the field, as in `pools[0].clients[1].clientId`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** @param path empty for the whole configuration */
  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path} ${problem}`);
  }
}

/** Throws a ConfigError, which begins with the path, unless the value is acceptable. */
type Rule = (value: unknown, path: string) => void;

/** A rule that proves a type. */
export type Proof<T> = (value: unknown, path: string) => asserts value is T;

/** Is it what JSON calls an object? */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that matches; one that is not empty unless told otherwise. */
export function text(pattern = /[^]/, description = 'a text that is not empty'): Rule {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new ConfigError(path, `must be ${description}`);
  };
}

/** A whole number within limits, these included. */
export function integer(min: number, max: number): Rule {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw new ConfigError(path, `must be a whole number from ${min} to ${max}`);
    }
  };
}

/** True or false. */
export const flag: Rule = (value, path) => {
  if (typeof value !== 'boolean') throw new ConfigError(path, 'must be true or false');
};

/** One of these texts. */
export function oneOf(choices: readonly string[]): Rule {
  return (value, path) => {
    if (typeof value !== 'string' || !choices.includes(value)) {
      throw new ConfigError(path, `must be one of ${choices.join(', ')}`);
    }
  };
}

/** A list, each item of which keeps to a rule. */
export function list(item: Rule): Rule {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ConfigError(path, 'must be a list');
    value.forEach((entry, index) => {
      item(entry, `${path}[${index}]`);
    });
  };
}

/** An object with any keys. */
export function record(item: Rule): Rule {
  return (value, path) => {
    if (!isObject(value)) throw new ConfigError(path, 'must be an object');
    for (const [key, entry] of Object.entries(value)) item(entry, `${path}.${key}`);
  };
}

/** An object with exactly the fields of T: `required` ones must be there, unknown ones are refused. */
export function object<T>(
  required: readonly (keyof T & string)[],
  fields: Readonly<Record<keyof T & string, Rule>>,
): Proof<T> {
  const rules = new Map(Object.entries<Rule>(fields));
  return (value: unknown, path: string): asserts value is T => {
    if (!isObject(value)) throw new ConfigError(path, 'must be an object');
    const child = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const name of required) {
      if (value[name] === undefined) throw new ConfigError(child(name), 'is missing');
    }
    for (const [name, entry] of Object.entries(value)) {
      const rule = rules.get(name);
      if (!rule) throw new ConfigError(child(name), `is unknown; known are ${[...rules.keys()].join(', ')}`);
      if (entry !== undefined) rule(entry, child(name));
    }
  };
}
