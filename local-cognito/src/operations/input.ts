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

  /** A map of texts; entries that are null count as absent. */
  parameters(name: string): Parameters {
    const value = this.body[name];
    const entries = isObject(value) ? Object.entries(value) : [];
    return new Parameters(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }
}
