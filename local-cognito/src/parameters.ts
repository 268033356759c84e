import { refuse } from './exceptions';

/** AuthParameters or ChallengeResponses: names and texts. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Iterable<readonly [string, string]>) {
    this.#values = new Map(values);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws InvalidParameterException where the parameter is missing or empty */
  need(name: string): string {
    const value = this.#values.get(name);
    if (!value) throw refuse('parameterMissing', { name });
    return value;
  }

  /** The entries whose names begin with a prefix, the prefix cut off. */
  startingWith(prefix: string): [string, string][] {
    return [...this.#values]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]);
  }
}
