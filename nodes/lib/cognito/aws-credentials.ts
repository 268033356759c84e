import type * as providers from '@aws-sdk/credential-providers';
import { CognitoAuthError } from './errors';

export type AwsCredentialIdentityProvider = ReturnType<typeof providers.fromIni>;
export type AwsCredentialIdentity = Awaited<ReturnType<AwsCredentialIdentityProvider>>;

/** Where the IAM credentials for server-side calls come from. */
export type CredentialsSource =
  | { readonly source: 'default' }
  | { readonly source: 'keys'; readonly keys: AwsCredentialIdentity }
  | { readonly source: 'profile'; readonly profile: string }
  | {
      readonly source: 'role';
      readonly roleArn: string;
      readonly externalId?: string;
      /** What the role is assumed with; without keys, the default provider chain. */
      readonly keys?: AwsCredentialIdentity;
    };

/**
 * The key id of the practice credentials that local user pools come with and that the examples use. It is public, so
 * it must never be taken for a secret that protects anything.
 */
export const practiceAccessKeyId = 'LOCALCOGNITOPRACTICE';

/** Whether calls go to AWS itself: no endpoint of one's own, or one under AWS's domains. */
export function isAwsEndpoint(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return true;
  return /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/.test(
    new URL(endpoint).hostname,
  );
}

/** What a credential provider needs to reach STS or SSO: the pool's region, and the proxy if there is one. */
export interface StsConfig {
  readonly region: string;
  readonly requestHandler: object;
}

async function provider(source: CredentialsSource, clientConfig: StsConfig): Promise<AwsCredentialIdentityProvider> {
  if (source.source === 'keys') return () => Promise.resolve(source.keys);
  const providers = await import('@aws-sdk/credential-providers');
  switch (source.source) {
    case 'default':
      return providers.fromNodeProviderChain({ clientConfig });
    case 'profile':
      return providers.fromIni({ profile: source.profile, clientConfig });
    case 'role':
      return providers.fromTemporaryCredentials({
        params: {
          RoleArn: source.roleArn,
          RoleSessionName: 'node-red-cognito-auth',
          ...(source.externalId !== undefined && { ExternalId: source.externalId }),
        },
        ...(source.keys && { masterCredentials: source.keys }),
        clientConfig,
      });
  }
}

/**
 * The credentials for server-side calls. The SDK asks when it first signs, keeps them, and asks again before they
 * expire.
 * @throws CognitoAuthError PracticeCredentialsRefused when practice credentials would go to AWS
 */
export function credentialsProvider(
  source: CredentialsSource,
  endpoint: string | undefined,
  clientConfig: StsConfig,
): AwsCredentialIdentityProvider {
  let provide: Promise<AwsCredentialIdentityProvider> | undefined;
  return async () => {
    provide ??= provider(source, clientConfig);
    const credentials = await (await provide)();
    if (credentials.accessKeyId === practiceAccessKeyId && isAwsEndpoint(endpoint)) {
      throw new CognitoAuthError('PracticeCredentialsRefused', { field: 'endpoint' });
    }
    return credentials;
  };
}
