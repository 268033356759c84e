import { randomBytes } from 'node:crypto';
import type { NewDeviceMetadataType } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoAuthError } from './errors';
import { textOf } from './input-text';
import type { InputName, InputValues } from './inputs';
import { toBigInt } from './modular-power';
import { signedHex } from './srp';
import { inSrpThread } from './srp-thread';
import type { UserPool } from './user-pool';

/*
 * Remembered devices: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
 * A device has an SRP password of its own. Whoever proves it, after the user's password, is not asked for MFA.
 */

/** What a device proves itself with. The keys are Cognito's, the password is ours: Cognito has only its verifier. */
export interface Device {
  readonly DeviceKey: string;
  readonly DeviceGroupKey: string;
  /** base64 */
  readonly DevicePassword: string;
}

/** The device that the inputs describe in full, if they do. */
export function deviceOf(values: InputValues): Device | undefined {
  const DeviceKey = textOf(values, 'deviceKey');
  const DeviceGroupKey = textOf(values, 'deviceGroupKey');
  const DevicePassword = textOf(values, 'devicePassword');
  if (DeviceKey === undefined || DeviceGroupKey === undefined || DevicePassword === undefined) return undefined;
  return { DeviceKey, DeviceGroupKey, DevicePassword };
}

/** The inputs that describe a device. */
export function deviceInputs({ DeviceKey, DeviceGroupKey, DevicePassword }: Device) {
  return {
    deviceKey: DeviceKey,
    deviceGroupKey: DeviceGroupKey,
    devicePassword: DevicePassword,
  } satisfies Partial<Record<InputName, string>>;
}

/** A number as ConfirmDevice wants it: base64 of the same bytes that SRP hashes. */
function signedBase64(value: bigint): string {
  return Buffer.from(signedHex(value), 'hex').toString('base64');
}

/**
 * Confirms the device that a sign-in has been given, and has the pool remember it, where the pool asks for that.
 * Takes about a millisecond of CPU and two calls.
 * @param accessToken of the sign-in
 * @param metadata NewDeviceMetadata of its answer
 * @throws CognitoAuthError
 */
export async function rememberDevice(
  pool: UserPool,
  accessToken: string,
  { DeviceKey = '', DeviceGroupKey = '' }: NewDeviceMetadataType,
  signal: AbortSignal,
): Promise<Device> {
  // The sizes are those of AWS's own clients.
  const DevicePassword = randomBytes(40).toString('base64');
  const salt = toBigInt(randomBytes(16));
  const identity = { realm: DeviceGroupKey, userId: DeviceKey, password: DevicePassword };
  const verifier = await inSrpThread('passwordVerifier', [salt, identity], signal);
  const secret = { PasswordVerifier: signedBase64(verifier), Salt: signedBase64(salt) };
  const input = { AccessToken: accessToken, DeviceKey, DeviceSecretVerifierConfig: secret };
  const { UserConfirmationNecessary } = await pool.call('ConfirmDevice', input, signal).catch((error: unknown) => {
    // The key was given out for this sign-in alone: the SDK has repeated a call whose answer was lost.
    if (error instanceof CognitoAuthError && error.code === 'DeviceKeyExistsException') {
      return { UserConfirmationNecessary: true };
    }
    throw error;
  });
  if (UserConfirmationNecessary) {
    const status = { AccessToken: accessToken, DeviceKey, DeviceRememberedStatus: 'remembered' } as const;
    await pool.call('UpdateDeviceStatus', status, signal);
  }
  return { DeviceKey, DeviceGroupKey, DevicePassword };
}

/**
 * Marks a refusal of the device's proof, since Cognito's words are those for a wrong password. A session that has expired
 * and a user who is disabled are not the device's fault, nor is anything that passes.
 */
export function markDeviceRefused(error: unknown): unknown {
  if (!(error instanceof CognitoAuthError)) return error;
  const { code, message } = error;
  const isProofWrong = code === 'NotAuthorizedException' && !/session|disabled/i.test(message);
  return isProofWrong || isForgottenDevice(error) ? error.with({ deviceRefused: true }) : error;
}

/**
 * Whether a request was refused because the pool does not know its device any more ("Device does not exist."). AWS's own
 * amazon-cognito-identity-js goes by the same word, in CognitoUser.authenticateUser.
 */
export function isForgottenDevice(error: unknown): boolean {
  return (
    error instanceof CognitoAuthError && error.code === 'ResourceNotFoundException' && /device/i.test(error.message)
  );
}
