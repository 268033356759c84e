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

/**
 * What a sign-in carries, to say whose device is kept, is sealed for its user and its session, so that no other sign-in
 * can be made to carry it.
 */
function markPurpose({ userPoolId, clientId, username, session }: SignInState): string {
  return JSON.stringify(['deviceKeptFor', userPoolId, clientId, username, session]);
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
  readonly #username: string;
  readonly #record: string;

  /** @param username as the node that starts the sign-in has it, which may be an alias */
  constructor(RED: NodeAPI, store: SealedStore, pool: UserPool, username: string) {
    const place = JSON.stringify([pool.userPoolId, pool.clientId, username, instanceOf(RED)]);
    this.#store = store;
    this.#username = username;
    // A hash, because names in the context are paths, and because the store need not know who signs in.
    this.#record = `cognitoDevice_${createHash('sha256').update(place).digest('hex').slice(0, 32)}`;
  }

  /** What keeps the device of a sign-in that was carried here, where the node that began it does, in this Node-RED. */
  static async ofSignIn(
    { RED, settings }: Source,
    pool: UserPool,
    state: SignInState,
  ): Promise<DeviceKeeper | undefined> {
    if (state.deviceKeptFor === undefined) return undefined;
    // Another Node-RED, one without the key, answers too; it only can't keep the device.
    const store = await userPoolNode(RED, settings.userPool)
      .sealedStore()
      .catch(() => undefined);
    const username = await store?.open(state.deviceKeptFor, markPurpose(state));
    return store && username !== undefined ? new DeviceKeeper(RED, store, pool, username) : undefined;
  }

  /**
   * Takes a step of the sign-in with the device that was kept, and keeps what comes of it: a new device, or none when
   * the pool does not know it any more. The device's password stays off the message, and only a step that this keeper
   * takes asks for the device to be remembered.
   *
   * What the store can't give or take costs a second factor, not the sign-in.
   */
  async signIn<Result extends Outcome>(
    values: InputValues,
    step: (values: InputValues) => Promise<Result>,
  ): Promise<Result> {
    const kept = await this.#store.read(this.#record).catch(toCognitoAuthError);
    const known = isDevice(kept) ? deviceInputs(kept) : {};
    const outcome = await step({ ...values, ...known, rememberDevice: true }).catch(async (error: unknown) => {
      if (error instanceof CognitoAuthError && error.details.deviceRefused) await this.#write(undefined);
      throw error;
    });
    const { device, deviceForgotten, state } = outcome;
    const failure = device || deviceForgotten ? await this.#write(device) : undefined;
    const warning = outcome.warning ?? failure ?? (kept instanceof CognitoAuthError ? kept : undefined);
    return {
      ...outcome,
      device: undefined,
      state: { ...state, ...(await this.#carried(state)) },
      ...(warning && { warning }),
    };
  }

  /** @returns the failure, if it failed */
  #write(device: Device | undefined): Promise<CognitoAuthError | undefined> {
    return this.#store.write(this.#record, device).then(() => undefined, toCognitoAuthError);
  }

  /** What an open challenge carries to the node that answers it. */
  async #carried(state: SignInState): Promise<Partial<SignInState>> {
    if (state.challengeName === undefined) return {};
    return { rememberDevice: false, deviceKeptFor: await this.#store.seal(this.#username, markPurpose(state)) };
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
