import { createHash, randomUUID } from 'node:crypto';
import { refuse } from './exceptions';
import type { Parameters } from './parameters';
import type { Pool } from './pool';
import type { Verifier } from './protocol/srp';
import type { SignIn } from './sign-in';

/** A device that a user has confirmed. */
export interface Device {
  /** `<region>_<uuid>` */
  readonly key: string;
  readonly name: string | undefined;
  /** Of the password that the device made for itself. */
  readonly verifier: Verifier;
  /** A remembered device proves itself at sign-in; another one is no more than known. */
  remembered: boolean;
  /** ms since 1970 */
  readonly createdAt: number;
  /** ms since 1970 */
  modifiedAt: number;
  /** ms since 1970 */
  lastAuthenticatedAt: number;
}

export function newDeviceKey({ region }: Pool): string {
  return `${region}_${randomUUID()}`;
}

/** What stands in a device's proofs for the pool's name. Assumption: one for the whole pool, always the same. */
export function deviceGroupKey({ id }: Pool): string {
  return `-${createHash('sha256').update(id).digest('base64url').slice(0, 8)}`;
}

/**
 * Does the sign-in take notice of devices? Server-side flows do not support it: with tracking on they sign in, and every
 * refresh fails (developer guide, on server-side authentication). Sources disagree: by
 * repost.aws/knowledge-center/cognito-invalid-refresh-token-error a confirmed device refreshes there too.
 */
function tracksDevices({ api, pool }: SignIn): boolean {
  return api === 'client' && pool.config.deviceConfiguration !== undefined;
}

/**
 * The sign-in as from the device that DEVICE_KEY names, or as it was without one. Assumption: where devices are not
 * tracked the key means nothing.
 * @throws ResourceNotFoundException for a device that the user has not confirmed, or has forgotten
 */
export function withDevice(signIn: SignIn, parameters: Parameters): SignIn {
  const key = parameters.get('DEVICE_KEY');
  if (!key || !tracksDevices(signIn)) return signIn;
  return { ...signIn, device: signIn.user.device(key) };
}

/**
 * As {@link withDevice}, but a device that is not known counts as none: a sign-in that begins with SRP_A is refused at the
 * proof, where official clients drop the key and send the same answer again without it.
 */
export function withKnownDevice(signIn: SignIn, parameters: Parameters): SignIn {
  const key = parameters.get('DEVICE_KEY');
  return signIn.user.devices.some((device) => device.key === key) ? withDevice(signIn, parameters) : signIn;
}

/** The device of the sign-in, unless it has been forgotten meanwhile. */
export function deviceOf({ user, device }: SignIn): Device | undefined {
  return device && user.devices.includes(device) ? device : undefined;
}

/** @throws ResourceNotFoundException where an answer names another device than this one, or it has been forgotten */
export function checkDevice(signIn: SignIn, device: Device, parameters: Parameters): void {
  if (signIn.user.device(parameters.need('DEVICE_KEY')) !== device) throw refuse('deviceNotFound');
}
