import type { PoolConfig, Triggers } from '@cognito-flows/local-cognito';
import { temporaryPassword as givenPassword } from '../support/pools';
import type { Payload, Person } from '../support/person';

/** Who signs in, and where, so that a challenge is met. */
export interface Situation {
  readonly username: string;
  /** The tests' usual one unless given. */
  readonly password?: string;
  /** The pool, changed. */
  readonly pool?: Partial<PoolConfig>;
  readonly triggers?: Triggers;
  readonly prepare?: (person: Person) => Promise<void> | void;
  /** What the sign-in starts with, in place of what the flow usually starts with. */
  readonly start?: (person: Person) => Payload;
  /** Has the challenge DEVICE_SRP_AUTH answered with an SRP_A made outside of the nodes. */
  readonly relaysDevice?: true;
}

export const plain: Situation = { username: 'ada' };
export const temporaryPassword: Situation = { username: 'grace', password: givenPassword };
export const totp: Situation = { username: 'tom' };
export const codesBySms: Situation = { username: 'sam' };
export const codesByEmail: Situation = { username: 'emma' };
export const severalMfas: Situation = { username: 'lin' };
export const mfaDemanded: Situation = { username: 'ada', pool: { mfaConfiguration: 'ON' } };

/** A phone number, and no MFA. */
export const phoneAlone: Situation = {
  username: 'sam',
  prepare: ({ user }) => {
    user.mfa = { enabled: [] };
  },
};

export const passwordAskedAgain: Situation = {
  username: 'ada',
  prepare: ({ user }) => {
    user.adminNoSrpAuth = true;
  },
};

export const passkey: Situation = { username: 'ada', prepare: (person) => person.registerPasskey() };

/** A device that replaces MFA. */
export const rememberedDevice: Situation = {
  username: 'ada',
  pool: { deviceConfiguration: { challengeRequiredOnNewDevice: true } },
  prepare: async (person) => {
    await person.rememberDevice();
    person.user.mfa = { enabled: ['EMAIL_OTP'] };
  },
};

/** Such a device, which keeps its password to itself. */
export const provingDevice: Situation = { ...rememberedDevice, relaysDevice: true };
