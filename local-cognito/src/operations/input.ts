import { isObject } from '../config-rules';
import { Parameters } from '../parameters';

/** A request whose shape has been checked, read member by member. */
export class Input {
  constructor(private readonly body: Readonly<Record<string, unknown>>) {}

  /** A required text. */
  text(name: string): string {
    return this.optionalText(name) ?? '';
  }

  optionalText(name: string): string | undefined {
    const value = this.body[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** True or false; false where it is missing. */
  flag(name: string): boolean {
    return this.body[name] === true;
  }

  /** A list of AttributeType: names and values. */
  attributes(name: string): [string, string][] {
    const list: readonly unknown[] = Array.isArray(this.body[name]) ? this.body[name] : [];
    return list.filter(isObject).map(({ Name, Value }) => [String(Name), typeof Value === 'string' ? Value : '']);
  }

  /** A map of texts as such; undefined where it is absent. */
  optionalTexts(name: string): Record<string, string> | undefined {
    return isObject(this.body[name]) ? Object.fromEntries(this.#entries(name)) : undefined;
  }

  /** A member of any JSON type. */
  json(name: string): unknown {
    return this.body[name];
  }

  /** A required text of which the shape lets only these through. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    const choice = choices.find((candidate) => candidate === this.text(name));
    if (choice === undefined) throw new Error(`the shape lets any ${name} through`);
    return choice;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.body[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** A structure, to be read as an input is. */
  structure(name: string): Input | undefined {
    const value = this.body[name];
    return isObject(value) ? new Input(value) : undefined;
  }

  /** A map of texts; entries that are null count as absent. */
  parameters(name: string): Parameters {
    return new Parameters(this.#entries(name));
  }

  #entries(name: string): [string, string][] {
    const value = this.body[name];
    const entries = isObject(value) ? Object.entries(value) : [];
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  }
}
