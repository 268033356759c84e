import type { SetUserMFAPreferenceRequest } from '@aws-sdk/client-cognito-identity-provider';
import { ownValue } from './guards';
import type { InputName } from './inputs';

interface MfaType {
  /** Where SetUserMFAPreference turns it on. */
  readonly setting: keyof SetUserMFAPreferenceRequest & `${string}MfaSettings`;
  /** What setting it up can take. */
  readonly inputs: readonly InputName[];
}

/**
 * The kinds of MFA that can be set up, by the names that SELECT_MFA_TYPE and MFAS_CAN_SETUP have for them.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */
const table = {
  SOFTWARE_TOKEN_MFA: {
    setting: 'SoftwareTokenMfaSettings',
    inputs: ['code', 'issuer', 'accountName', 'friendlyDeviceName'],
  },
  SMS_MFA: { setting: 'SMSMfaSettings', inputs: [] },
  EMAIL_OTP: { setting: 'EmailMfaSettings', inputs: ['email'] },
} as const satisfies Record<string, MfaType>;

export type MfaTypeName = keyof typeof table;

export const mfaTypes: Readonly<Record<MfaTypeName, MfaType>> = table;

export function isMfaTypeName(name: string): name is MfaTypeName {
  return ownValue(mfaTypes, name) !== undefined;
}
