import { describeUserPool } from './describe-user-pool';
import { describeUserPoolClient } from './describe-user-pool-client';
import { getUser } from './get-user';
import { adminInitiateAuth, initiateAuth } from './initiate-auth';
import type { Operation } from './operation';
import { adminRespondToAuthChallenge, respondToAuthChallenge } from './respond-to-auth-challenge';
import { associateSoftwareToken, verifySoftwareToken } from './software-token';
import {
  completeWebAuthnRegistration,
  deleteWebAuthnCredential,
  listWebAuthnCredentials,
  startWebAuthnRegistration,
} from './web-authn';

/** The operations that the pool answers, by the name in X-Amz-Target. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ['AdminInitiateAuth', adminInitiateAuth],
  ['AdminRespondToAuthChallenge', adminRespondToAuthChallenge],
  ['AssociateSoftwareToken', associateSoftwareToken],
  ['DescribeUserPool', describeUserPool],
  ['DescribeUserPoolClient', describeUserPoolClient],
  ['GetUser', getUser],
  ['InitiateAuth', initiateAuth],
  ['RespondToAuthChallenge', respondToAuthChallenge],
  ['VerifySoftwareToken', verifySoftwareToken],
  ['StartWebAuthnRegistration', startWebAuthnRegistration],
  ['CompleteWebAuthnRegistration', completeWebAuthnRegistration],
  ['ListWebAuthnCredentials', listWebAuthnCredentials],
  ['DeleteWebAuthnCredential', deleteWebAuthnCredential],
]);
