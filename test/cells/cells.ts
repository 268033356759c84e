import type { AuthFlowType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { Api } from '../../nodes/lib/cognito/apis';
import { type Fact, obstacles, reasons } from './facts';

/** Whether a sign-in that one flow starts can meet one challenge, at any point. */
export type Cell = { readonly apis: readonly Api[]; readonly because: Fact } | { readonly impossible: Fact };

type Row = Readonly<Record<ChallengeNameType, Cell>>;

const on =
  (...apis: Api[]) =>
  (because: Fact): Cell => ({ apis, because });
const both = on('server-side', 'client-side');
const serverSide = on('server-side');
const clientSide = on('client-side');
const never = (impossible: Fact): Cell => ({ impossible });

/** What may follow a password. */
const afterPassword = (possible: (because: Fact) => Cell) => ({
  NEW_PASSWORD_REQUIRED: possible(reasons.temporaryPassword),
  SMS_MFA: possible(reasons.mfa),
  SOFTWARE_TOKEN_MFA: possible(reasons.mfa),
  EMAIL_OTP: possible(reasons.mfa),
  SELECT_MFA_TYPE: possible(reasons.mfaChoice),
  MFA_SETUP: possible(reasons.mfaSetup),
});

const withDevice = {
  DEVICE_SRP_AUTH: clientSide(reasons.device),
  DEVICE_PASSWORD_VERIFIER: clientSide(reasons.device),
};

const withoutDevice = {
  DEVICE_SRP_AUTH: never(obstacles.noDevices),
  DEVICE_PASSWORD_VERIFIER: never(obstacles.noDevices),
};

const withoutChoice = {
  SELECT_CHALLENGE: never(obstacles.choiceOnly),
  PASSWORD: never(obstacles.choiceOnly),
  PASSWORD_SRP: never(obstacles.choiceOnly),
  WEB_AUTHN: never(obstacles.passkeyFirst),
  SMS_OTP: never(obstacles.smsCodeFirst),
};

const adminPassword: Row = {
  ...afterPassword(serverSide),
  ...withoutDevice,
  ...withoutChoice,
  ADMIN_NO_SRP_AUTH: serverSide(reasons.passwordAgain),
  PASSWORD_VERIFIER: never(obstacles.noSrpA),
  CUSTOM_CHALLENGE: never(obstacles.customOnly),
};

const refresh = never(obstacles.refresh);
const refreshes: Row = {
  PASSWORD_VERIFIER: refresh,
  NEW_PASSWORD_REQUIRED: refresh,
  SOFTWARE_TOKEN_MFA: refresh,
  SMS_MFA: refresh,
  EMAIL_OTP: refresh,
  SMS_OTP: refresh,
  SELECT_MFA_TYPE: refresh,
  ADMIN_NO_SRP_AUTH: refresh,
  MFA_SETUP: refresh,
  SELECT_CHALLENGE: refresh,
  PASSWORD: refresh,
  PASSWORD_SRP: refresh,
  WEB_AUTHN: refresh,
  CUSTOM_CHALLENGE: refresh,
  DEVICE_SRP_AUTH: refresh,
  DEVICE_PASSWORD_VERIFIER: refresh,
};

/** All that the SDK's enums allow to be written down. A flow or challenge that a new SDK adds does not compile. */
export const cells: Readonly<Record<AuthFlowType, Row>> = {
  ADMIN_USER_PASSWORD_AUTH: adminPassword,
  ADMIN_NO_SRP_AUTH: adminPassword,
  USER_PASSWORD_AUTH: {
    ...afterPassword(clientSide),
    ...withDevice,
    ...withoutChoice,
    ADMIN_NO_SRP_AUTH: never(obstacles.adminAnswerOnly),
    PASSWORD_VERIFIER: never(obstacles.noSrpA),
    CUSTOM_CHALLENGE: never(obstacles.customOnly),
  },
  USER_SRP_AUTH: {
    ...afterPassword(both),
    ...withDevice,
    ...withoutChoice,
    PASSWORD_VERIFIER: both(reasons.srp),
    ADMIN_NO_SRP_AUTH: never(obstacles.passwordProven),
    CUSTOM_CHALLENGE: never(obstacles.customOnly),
  },
  USER_AUTH: {
    ...afterPassword(both),
    SELECT_CHALLENGE: both(reasons.choice),
    PASSWORD: both(reasons.choice),
    PASSWORD_SRP: both(reasons.choice),
    PASSWORD_VERIFIER: both(reasons.choice),
    WEB_AUTHN: both(reasons.choice),
    SMS_OTP: both(reasons.choice),
    DEVICE_SRP_AUTH: clientSide(reasons.deviceByKey),
    DEVICE_PASSWORD_VERIFIER: clientSide(reasons.deviceByKey),
    ADMIN_NO_SRP_AUTH: never(obstacles.passwordChosen),
    CUSTOM_CHALLENGE: never(obstacles.customOnly),
  },
  CUSTOM_AUTH: {
    CUSTOM_CHALLENGE: both(reasons.trigger),
    PASSWORD_VERIFIER: both(reasons.triggerSession),
    SMS_MFA: both(reasons.triggerSession),
    SOFTWARE_TOKEN_MFA: both(reasons.triggerSession),
    EMAIL_OTP: both(reasons.triggerSession),
    NEW_PASSWORD_REQUIRED: both(reasons.triggerSession),
    SELECT_MFA_TYPE: both(reasons.srpBeforeTrigger),
    MFA_SETUP: both(reasons.srpBeforeTrigger),
    ADMIN_NO_SRP_AUTH: serverSide(reasons.triggerSession),
    DEVICE_SRP_AUTH: clientSide(reasons.triggerSession),
    DEVICE_PASSWORD_VERIFIER: clientSide(reasons.triggerSession),
    ...withoutChoice,
  },
  REFRESH_TOKEN_AUTH: refreshes,
  REFRESH_TOKEN: refreshes,
};
