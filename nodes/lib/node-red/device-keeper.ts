import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { NodeAPI } from 'node-red';
import { deviceInputs, type Device } from '../cognito/devices';
import { CognitoAuthError, toCognitoAuthError } from '../cognito/errors';
import { isStringRecord } from '../cognito/guards';
import type { InputValues } from '../cognito/inputs';
import type { Outcome } from '../cognito/outcome';
import type { SignInState } from '../cognito/sign-in-state';
import type { UserPool } from '../cognito/user-pool';
import type { SealedStore } from './sealed-store';
import type { Source } from './typed-inputs';
import { userPoolNode } from './user-pool-node';

/** What a sign-in carries, to say whose device is kept, is sealed for this purpose. */
function accountPurpose({ userPoolId, clientId }: UserPool): string {
  return `deviceKeptFor ${userPoolId} ${clientId}`;
}

function isDevice(value: unknown): value is Device {
  return isStringRecord(value) && ['DeviceKey', 'DeviceGroupKey', 'DevicePassword'].every((name) => name in value);
}

/** This Node-RED's own id, which its runtime made at the first start; where settings can't be written there is none. */
function instanceOf(RED: NodeAPI): string {
  const settings = RED.settings as unknown as { available(): boolean; get(name: string): unknown };
  const id = settings.available() ? settings.get('instanceId') : undefined;
  return typeof id === 'string' && id !== '' ? id : hostname();
}

/**
 * Keeps the remembered device of one account, for nodes that sign in an account of their own: by pool, app client, user
 * and Node-RED instance, since two that share a store are two devices.
 */
export class DeviceKeeper {
  readonly #store: SealedStore;
  readonly #pool: UserPool;
  readonly #username: string;
  readonly #record: string;

  /** @param username as the node that starts the sign-in has it, which may be an alias */
  constructor(RED: NodeAPI, store: SealedStore, pool: UserPool, username: string) {
    const place = JSON.stringify([pool.userPoolId, pool.clientId, username, instanceOf(RED)]);
    this.#store = store;
    this.#pool = pool;
    this.#username = username;
    // A hash, because names in the context are paths, and because the store need not know who signs in.
    this.#record = `cognitoDevice_${createHash('sha256').update(place).digest('hex').slice(0, 32)}`;
  }

  /** What keeps the device of a sign-in that was carried here, where the node that began it does, in this Node-RED. */
  static async ofSignIn(
    { RED, settings }: Source,
    pool: UserPool,
    { deviceKeptFor }: SignInState,
  ): Promise<DeviceKeeper | undefined> {
    if (deviceKeptFor === undefined) return undefined;
    // Another Node-RED, one without the key, answers too; it only can't keep the device.
    const store = await userPoolNode(RED, settings.userPool)
      .sealedStore()
      .catch(() => undefined);
    const username = await store?.open(deviceKeptFor, accountPurpose(pool));
    return store && username !== undefined ? new DeviceKeeper(RED, store, pool, username) : undefined;
  }

  /** What a sign-in carries, so that a later step keeps the device for the same account and nobody can name another. */
  mark(): Promise<string> {
    return this.#store.seal(this.#username, accountPurpose(this.#pool));
  }

  /**
   * Takes a step of the sign-in with the device that was kept, and keeps what comes of it: a new device, or none when
   * the pool does not know it any more. The device's password stays off the message.
   */
  async signIn<Result extends Outcome>(
    values: InputValues,
    step: (values: InputValues) => Promise<Result>,
  ): Promise<Result> {
    const kept = await this.#store.read(this.#record);
    const known = isDevice(kept) ? deviceInputs(kept) : {};
    try {
      const outcome = await step({ ...values, ...known, rememberDevice: true });
      const { device, deviceForgotten } = outcome;
      // What can't be kept costs a second factor next time, not this sign-in.
      const keep = device || deviceForgotten ? this.#store.write(this.#record, device) : undefined;
      const failure = await keep?.then(undefined, toCognitoAuthError);
      return { ...outcome, device: undefined, ...(failure && { warning: failure }) };
    } catch (error) {
      if (error instanceof CognitoAuthError && error.details.deviceRefused) {
        await this.#store.write(this.#record, undefined);
      }
      throw error;
    }
  }
}

/** Takes a step of a sign-in, with the device that is kept for it, if one is. */
export function signInWith<Result extends Outcome>(
  keeper: DeviceKeeper | undefined,
  values: InputValues,
  step: (values: InputValues) => Promise<Result>,
): Promise<Result> {
  return keeper ? keeper.signIn(values, step) : step(values);
}
