import { describeUserPool } from './describe-user-pool';
import { describeUserPoolClient } from './describe-user-pool-client';
import * as devices from './devices';
import { getUser, getUserAuthFactors } from './get-user';
import { getUserPoolMfaConfig } from './get-user-pool-mfa-config';
import { adminInitiateAuth, initiateAuth } from './initiate-auth';
import { listUserPoolClients, listUserPools } from './lists';
import { adminSetUserMfaPreference, setUserMfaPreference } from './mfa-preference';
import type { Operation } from './operation';
import { adminRespondToAuthChallenge, respondToAuthChallenge } from './respond-to-auth-challenge';
import { confirmSignUp, resendConfirmationCode, signUp } from './sign-up';
import { associateSoftwareToken, verifySoftwareToken } from './software-token';
import * as tokens from './tokens';
import {
  completeWebAuthnRegistration,
  deleteWebAuthnCredential,
  listWebAuthnCredentials,
  startWebAuthnRegistration,
} from './web-authn';

/** The operations that the pool answers, by the name in X-Amz-Target. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ['AdminForgetDevice', devices.adminForgetDevice],
  ['AdminGetDevice', devices.adminGetDevice],
  ['AdminInitiateAuth', adminInitiateAuth],
  ['AdminListDevices', devices.adminListDevices],
  ['AdminRespondToAuthChallenge', adminRespondToAuthChallenge],
  ['AdminSetUserMFAPreference', adminSetUserMfaPreference],
  ['AdminUpdateDeviceStatus', devices.adminUpdateDeviceStatus],
  ['AdminUserGlobalSignOut', tokens.adminUserGlobalSignOut],
  ['AssociateSoftwareToken', associateSoftwareToken],
  ['ConfirmDevice', devices.confirmDevice],
  ['ConfirmSignUp', confirmSignUp],
  ['DescribeUserPool', describeUserPool],
  ['DescribeUserPoolClient', describeUserPoolClient],
  ['ForgetDevice', devices.forgetDevice],
  ['GetDevice', devices.getDevice],
  ['GetTokensFromRefreshToken', tokens.getTokensFromRefreshToken],
  ['GetUser', getUser],
  ['GetUserAuthFactors', getUserAuthFactors],
  ['GetUserPoolMfaConfig', getUserPoolMfaConfig],
  ['GlobalSignOut', tokens.globalSignOut],
  ['InitiateAuth', initiateAuth],
  ['ListDevices', devices.listDevices],
  ['ListUserPoolClients', listUserPoolClients],
  ['ListUserPools', listUserPools],
  ['ResendConfirmationCode', resendConfirmationCode],
  ['RespondToAuthChallenge', respondToAuthChallenge],
  ['RevokeToken', tokens.revokeToken],
  ['SetUserMFAPreference', setUserMfaPreference],
  ['SignUp', signUp],
  ['UpdateDeviceStatus', devices.updateDeviceStatus],
  ['VerifySoftwareToken', verifySoftwareToken],
  ['StartWebAuthnRegistration', startWebAuthnRegistration],
  ['CompleteWebAuthnRegistration', completeWebAuthnRegistration],
  ['ListWebAuthnCredentials', listWebAuthnCredentials],
  ['DeleteWebAuthnCredential', deleteWebAuthnCredential],
]);
