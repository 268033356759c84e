import {
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { type LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';

/** Revokes all tokens of a user, by AWS's own client. */
export async function signOutEverywhere(local: LocalCognito, UserPoolId: string, Username: string): Promise<void> {
  const client = new CognitoIdentityProviderClient({
    region: UserPoolId.replace(/_.*/, ''),
    endpoint: local.endpoint,
    credentials: practiceCredentials,
  });
  await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }));
  client.destroy();
}
