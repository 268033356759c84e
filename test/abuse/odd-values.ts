import fc from 'fast-check';

/** Names that mean something to JavaScript itself. */
export const pollutingKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
];

const hostile = (): never => {
  throw new Error('nobody may look here');
};

function cyclic(): object {
  const object: Record<string, unknown> = { name: 'ring', list: [] };
  object.self = object;
  (object.list as unknown[]).push(object);
  return object;
}

function deep(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
  return value;
}

function sparse(): unknown[] {
  const list: unknown[] = [];
  list[1_000_000] = 'far';
  return list;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Has its entries by getters that it inherits. */
class Inherited {
  readonly #username = 'ada';
  get username(): string {
    return this.#username;
  }
}

/** What is thrown need not be an error, nor let itself be looked at. */
function thrower(thrown: () => unknown): object {
  return {
    get username() {
      throw thrown();
    },
    get password() {
      throw thrown();
    },
    get code() {
      throw thrown();
    },
    get accessToken() {
      throw thrown();
    },
  };
}

const everyTrap: ProxyHandler<object> = {
  get: hostile,
  has: hostile,
  set: hostile,
  ownKeys: hostile,
  deleteProperty: hostile,
  defineProperty: hostile,
  getPrototypeOf: hostile,
  getOwnPropertyDescriptor: hostile,
};

const megabyte = 'x'.repeat(1024 * 1024);

/** Values that code is rarely tried with, each made anew. */
const oddities = {
  cyclic,
  revoked,
  halfCharacter: () => '\ud800',
  buffer: () => Buffer.from('buffer'),
  integers: () => new Uint16Array(3),
  floats: () => new Float64Array([Number.NaN]),
  dataView: () => new DataView(new ArrayBuffer(2)),
  symbol: () => Symbol('symbol'),
  bigInt: () => 10n ** 400n,
  noDate: () => new Date(Number.NaN),
  regExp: () => /(a+)+$/,
  function: () => hostile,
  class: () => Inherited,
  map: () => new Map([['username', 'ada']]),
  set: () => new Set(['ada']),
  weakMap: () => new WeakMap(),
  promise: () => Promise.resolve('ada'),
  promiseForEver: () => new Promise(() => undefined),
  hostileThenable: () => ({ then: hostile }),
  nothingAtAll: () => Object.create(null) as unknown,
  computed: () => new Inherited(),
  inherited: () => Object.create({ username: 'ada', password: 'Inherited-1234', toString: null }) as unknown,
  frozen: () => Object.freeze({ username: 'ada', password: 'Frozen-1234' }),
  sealed: () => Object.seal(['a']),
  hostileJson: () => ({ toJSON: hostile }),
  noJson: () => ({ toJSON: () => undefined }),
  hostileText: () => ({ toString: hostile, valueOf: hostile, [Symbol.toPrimitive]: hostile }),
  throwsError: () => thrower(() => new Error('a getter')),
  throwsNothing: () => thrower(() => undefined),
  throwsHostile: () => thrower(() => new Proxy({}, everyTrap)),
  throwsRevoked: () => thrower(revoked),
  hostileProxy: () => new Proxy({}, everyTrap),
  hostileList: () => new Proxy(['a'], everyTrap),
  stubbornProxy: () =>
    new Proxy({ username: 'ada', password: 'Proxy-1234' }, { deleteProperty: () => false, set: () => false }),
  everythingProxy: () => new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : name) }),
  polluting: () =>
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  boxedText: () => new String('ada'),
  boxedNumber: () => new Number(7),
  error: () => new Error('an error as a value'),
  global: () => globalThis,
} satisfies Record<string, () => unknown>;

/** The large ones among them, which take their time. */
const heavyOddities = {
  sparse,
  deep: () => deep(5_000),
  deeper: () => deep(50_000),
  megabyte: () => megabyte,
  blanks: () => ' \t'.repeat(100_000),
  dollars: () => `${'$'.repeat(100_000)}{X}`,
  largeBuffer: () => Buffer.alloc(100_000),
} satisfies Record<string, () => unknown>;

/** The ways in which the same entries can be an object. */
const bearers = {
  plain: (entries) => entries,
  frozen: (entries) => Object.freeze(entries),
  inherited: (entries) => Object.create(entries) as object,
  withoutPrototype: (entries) => Object.assign(Object.create(null) as object, entries),
  cyclic: (entries) => Object.assign(entries, { self: entries }),
  proxy: (entries) => new Proxy(entries, {}),
  refusesToDelete: (entries) => new Proxy(entries, { deleteProperty: hostile }),
  constant: (entries) => withProperties(entries, (value) => ({ value })),
  computed: (entries) => withProperties(entries, (value) => ({ get: () => value })),
  function: (entries) => Object.assign(() => undefined, { entries }),
  list: (entries) => Object.assign([], entries),
} satisfies Record<string, (entries: Record<string, unknown>) => object>;

function withProperties(entries: object, property: (value: unknown) => PropertyDescriptor): object {
  const properties = Object.entries(entries).map(([name, value]) => [name, { ...property(value), enumerable: true }]);
  return Object.defineProperties({}, Object.fromEntries(properties) as PropertyDescriptorMap);
}

/**
 * What stands for an odd value or object until a case is tried: fast-check looks into what it makes up, and prints it,
 * which such values don't bear.
 */
class StandIn {
  constructor(
    readonly kind: string,
    readonly make: () => unknown,
    readonly entries?: unknown,
  ) {}

  [fc.toStringMethod](): string {
    return this.entries === undefined ? this.kind : `${this.kind}(${fc.stringify(this.entries)})`;
  }
}

/** A made-up value, with real ones in place of all stand-ins. */
export function real<T>(value: T): T;
export function real(value: unknown): unknown {
  if (value instanceof StandIn) return value.make();
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, real<unknown>(entry)]));
}

function oneOf(made: Readonly<Record<string, () => unknown>>): fc.Arbitrary<unknown> {
  return fc.constantFrom(...Object.entries(made).map(([kind, make]) => new StandIn(kind, make)));
}

/** Any value at all, and again and again one of the odd ones. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 30, arbitrary: oneOf(oddities) },
  { weight: 1, arbitrary: oneOf(heavyOddities) },
  {
    weight: 20,
    arbitrary: fc.anything({
      key: fc.oneof(fc.string(), fc.constantFrom(...pollutingKeys)),
      maxDepth: 2,
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  },
  { weight: 10, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 10, arbitrary: fc.constantFrom('', ' ', '0', 'true', '{}', '[]', 'null', '"', '${HOME}', '${X}', '\0') },
);

/** Any JSON, with the keys that JavaScript minds, and numbers and texts that nobody expects. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc
    .constantFrom('{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}')
    .map((text) => JSON.parse(text) as unknown),
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', 'x'.repeat(100_000), [], [[]], {}, Number.MAX_SAFE_INTEGER),
);

/** An object with some of the given properties, in one of the ways in which an object can have them. */
export function objectWith(entries: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<object> {
  const kind = fc.oneof(
    { weight: 8, arbitrary: fc.constant('plain') },
    { weight: 4, arbitrary: fc.constantFrom(...Object.keys(bearers)) },
  ) as fc.Arbitrary<keyof typeof bearers>;
  return fc.tuple(entries, kind).map(([given, as]) => new StandIn(as, () => bearers[as](real(given)), given));
}

/** Some of the names, each with a value that fits it, or with any other. */
export function entriesOf(
  fitting: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fitting).map(([name, value]): [string, fc.Arbitrary<unknown>] => [
    name,
    fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: anything }),
  ]);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}
