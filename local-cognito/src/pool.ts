import { randomBytes } from 'node:crypto';
import { type FirstAuthFactor, type MfaType, mfaTypes } from './challenges/names';
import type { ClientConfig, PasswordPolicy, PoolConfig, UserConfig } from './config';
import { refuse } from './exceptions';
import { relyingPartyOf } from './passkeys/relying-party';
import { completePolicy } from './protocol/password-policy';
import { simulateUser } from './simulated-user';
import type { Triggers } from './triggers';
import { User, type UserHome } from './user';

const MOST_SIMULATED = 1000;

/** A running user pool: its configuration, and the users as they have become. */
export class Pool {
  readonly id: string;
  /** What the pool id has after its region. Names of pools are not configurable here. */
  readonly name: string;
  /** The AWS region that the pool id begins with. */
  readonly region: string;
  readonly passwordPolicy: Required<PasswordPolicy>;
  readonly enabledMfas: readonly MfaType[];
  readonly firstAuthFactors: readonly FirstAuthFactor[];
  readonly #home: UserHome;
  readonly #users: User[];
  readonly #usersByName: Map<string, User>;
  /** The one asked for longest ago first. */
  readonly #simulated = new Map<string, User>();

  constructor(
    readonly config: PoolConfig,
    startedAt: number,
    readonly triggers: Triggers = {},
  ) {
    this.id = config.id;
    const split = config.id.indexOf('_');
    this.region = config.id.slice(0, split);
    this.name = config.id.slice(split + 1);
    this.passwordPolicy = completePolicy(config.passwordPolicy);
    this.enabledMfas = config.mfaConfiguration === 'OFF' ? [] : (config.enabledMfas ?? mfaTypes);
    this.firstAuthFactors = config.signInPolicy?.allowedFirstAuthFactors ?? ['PASSWORD'];
    const usernameIsSub = this.#usernameIsSub;
    this.#home = { poolId: config.id, usernameIsSub, startedAt, secret: randomBytes(32) };
    this.#users = config.users.map((user) => new User(user, this.#home));
    this.#usersByName = new Map(this.#users.map((user) => [this.#key(user.username), user]));
  }

  get #usernameIsSub(): boolean {
    return Boolean(this.config.usernameAttributes?.length);
  }

  /** In the order of their making. */
  get users(): readonly User[] {
    return this.#users;
  }

  /** Takes a new user in. The caller has seen to it that there is none of that name. */
  addUser(config: UserConfig): User {
    const user = new User(config, this.#home);
    this.#users.push(user);
    this.#usersByName.set(this.#key(user.username), user);
    return user;
  }

  /** The app client of that id. @throws ResourceNotFoundException */
  client(clientId: string): ClientConfig {
    const client = this.config.clients.find((candidate) => candidate.clientId === clientId);
    if (!client) throw refuse('clientNotFound', { id: clientId });
    return client;
  }

  /** The user of a canonical username or an alias. */
  findUser(name: string): User | undefined {
    return this.#usersByName.get(this.#key(name)) ?? this.#findByAttribute(name);
  }

  /** The user of a canonical username, an alias or a `sub`, as server-side operations name it. @throws UserNotFoundException */
  user(name: string): User {
    const user = this.findUser(name) ?? this.users.find(({ sub }) => sub === name);
    if (!user) throw refuse('userNotFound');
    return user;
  }

  /** An alias beside a username counts only once it is verified (developer guide, "Customizing sign-in attributes"). */
  #findByAttribute(name: string): User | undefined {
    const { usernameAttributes = [], aliasAttributes = [] } = this.config;
    const counts = ({ attributes }: User, alias: string) =>
      this.#usernameIsSub || alias === 'preferred_username' || attributes[`${alias}_verified`] === 'true';
    const has = (user: User, alias: string) =>
      this.#key(user.attributes[alias] ?? '') === this.#key(name) && counts(user, alias);
    return this.users.find((user) => [...usernameAttributes, ...aliasAttributes].some((alias) => has(user, alias)));
  }

  #key(name: string): string {
    return this.config.usernameConfiguration?.caseSensitive ? name : name.toLowerCase();
  }

  /** The kinds of MFA that both the pool and the user have on. */
  mfaOf(user: User): MfaType[] {
    return user.mfa.enabled.filter((type) => this.enabledMfas.includes(type));
  }

  /** Stands in for a user who does not exist. It is kept, so that wrong passwords lock it too. */
  simulateUser(name: string): User {
    const key = this.#key(name);
    const user = this.#simulated.get(key) ?? simulateUser(key, this.#home, relyingPartyOf(this)?.id);
    this.#simulated.delete(key);
    this.#simulated.set(key, user);
    for (const [oldest] of this.#simulated) {
      if (this.#simulated.size <= MOST_SIMULATED) break;
      this.#simulated.delete(oldest);
    }
    return user;
  }
}

/** All pools of the process, or of one region. */
export class Pools {
  constructor(readonly all: readonly Pool[]) {}

  /** What a request finds that reaches this region alone. */
  inRegion(region: string): Pools {
    return new Pools(this.all.filter((pool) => pool.region === region));
  }

  /** @throws ResourceNotFoundException */
  get(id: string): Pool {
    const pool = this.all.find((candidate) => candidate.id === id);
    if (!pool) throw refuse('poolNotFound', { id });
    return pool;
  }

  /** The pool of an app client, which client-side operations name alone. @throws ResourceNotFoundException */
  ofClient(clientId: string): Pool {
    const pool = this.all.find(({ config }) => config.clients.some((client) => client.clientId === clientId));
    if (!pool) throw refuse('clientNotFound', { id: clientId });
    return pool;
  }
}
