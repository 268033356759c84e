import type * as providers from '@aws-sdk/credential-providers';
import { CognitoAuthError, toCognitoAuthError } from './errors';

type AwsCredentialIdentityProvider = ReturnType<typeof providers.fromIni>;
type AwsCredentialIdentity = Awaited<ReturnType<AwsCredentialIdentityProvider>>;

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
const practiceAccessKeyId = 'LOCALCOGNITOPRACTICE';

/** The domains of AWS's partitions, as the SDK's partition list names them. */
const awsDomains = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'api.amazonwebservices.com.cn',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
];

/** Whether calls go to AWS itself: no endpoint of one's own, or one under AWS's domains. */
export function isAwsEndpoint(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return true;
  const hostname = new URL(endpoint).hostname.replace(/\.$/, '');
  return awsDomains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

function refusePractice({ accessKeyId }: AwsCredentialIdentity): void {
  if (accessKeyId === practiceAccessKeyId)
    throw new CognitoAuthError('PracticeCredentialsRefused', { field: 'endpoint' });
}

/** What says that the network is at fault, and not the credentials. */
const unreachable = ['HostNotFound', 'NetworkError', 'TimeoutError'];

/** What a credential provider needs to reach STS or SSO: the pool's region, and the proxy if there is one. */
interface StsConfig {
  readonly region: string;
  readonly requestHandler: object;
}

async function createProvider(
  source: CredentialsSource,
  clientConfig: StsConfig,
): Promise<AwsCredentialIdentityProvider> {
  if (source.source === 'keys') return () => Promise.resolve(source.keys);
  const providers = await import('@aws-sdk/credential-providers');
  switch (source.source) {
    case 'default':
      return providers.fromNodeProviderChain({ clientConfig });
    case 'profile':
      return providers.fromIni({ profile: source.profile, clientConfig });
    case 'role':
      if (source.keys) refusePractice(source.keys); // STS is always AWS's
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
 * @returns a provider that rejects with CognitoAuthError CredentialsProviderError when no credentials can be had, with the
 *   network's code when that is why, and with PracticeCredentialsRefused when practice credentials would go to AWS
 */
export function credentialsProvider(
  source: CredentialsSource,
  endpoint: string | undefined,
  clientConfig: StsConfig,
): AwsCredentialIdentityProvider {
  let provider: Promise<AwsCredentialIdentityProvider> | undefined;
  return async () => {
    try {
      provider ??= createProvider(source, clientConfig);
      const credentials = await (await provider)();
      if (isAwsEndpoint(endpoint)) refusePractice(credentials);
      return credentials;
    } catch (error) {
      if (error instanceof CognitoAuthError) throw error;
      const cause = toCognitoAuthError(error);
      // STS, SSO or the instance's own service can be out of reach as Cognito can.
      if (unreachable.includes(cause.code)) throw cause;
      const message = error instanceof Error ? error.message : String(error);
      throw new CognitoAuthError('CredentialsProviderError', { message });
    }
  };
}
