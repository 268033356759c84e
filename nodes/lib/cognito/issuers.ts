import { isAwsEndpoint } from './aws-credentials';
import { CognitoAuthError } from './errors';

/** Whom tokens can come from, and where the keys are that prove it. */
export interface Issuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly keysUrl: string;
  /** Not every user pool is set to use it; there the server knows nothing of it. */
  readonly isOptional?: true;
}

/** The domains of AWS's partitions by the beginnings of their regions, as in the SDK's list of partitions. */
const domains: readonly (readonly [regions: RegExp, domain: string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
  [/^/, 'amazonaws.com'],
];

/** The domain of the partition that a region belongs to. */
export function domainOf(region: string): string {
  return domains.find(([regions]) => regions.test(region))?.[1] ?? '';
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The two forms that user pools can be set to, ORIGINAL and UPDATED.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html
 */
function issuersOfAws(userPoolId: string): { readonly original: string; readonly updated: string } {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  const domain = domainOf(region);
  return {
    original: `https://cognito-idp.${region}.${domain}/${userPoolId}`,
    // Assumption: outside of the partition `aws` they have the partition's domain, too.
    updated: `https://issuer-cognito-idp.${region}.${domain}/${userPoolId}`,
  };
}

/** "well-known" documents stand below the issuer (OpenID Connect Discovery 1.0, section 4). */
function keysBelow(url: string): string {
  return `${url}/.well-known/jwks.json`;
}

/**
 * Without TLS anyone on the way could put their own keys in, so that it is for this machine alone.
 * @throws CognitoAuthError InputInvalid
 */
function trustedUrl(field: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url && (loopbackNames.includes(url.hostname) || /^127(\.\d+){3}$/.test(url.hostname));
  const isTrusted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (!url || !isTrusted || url.search || url.hash || url.username || url.password) {
    throw new CognitoAuthError('InputInvalid', { field, expected: 'https://…' });
  }
  return url;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** A user pool that stands in for AWS: one that names itself in its tokens, by any name of this machine, or AWS. */
function issuersAt(endpoint: string, userPoolId: string): Issuer[] {
  const url = trustedUrl('endpoint', endpoint);
  const keysUrl = keysBelow(`${withoutSlash(url.href)}/${userPoolId}`);
  const names = loopbackNames.includes(url.hostname) ? loopbackNames : [url.hostname];
  const own = names.map((name) => {
    const named = new URL(url);
    named.hostname = name;
    return `${withoutSlash(named.href)}/${userPoolId}`;
  });
  // moto's tokens name AWS: https://github.com/getmoto/moto, moto/cognitoidp/models.py
  return [...own, issuersOfAws(userPoolId).original].map((issuer) => ({ issuer, keysUrl }));
}

/**
 * The issuers of a user pool's tokens; the one to expect first.
 * @param custom the only one, where it is not what follows from the pool
 * @throws CognitoAuthError InputInvalid for an address that keys could not be trusted from
 */
export function issuersOf(
  { userPoolId, endpoint }: { readonly userPoolId: string; readonly endpoint: string | undefined },
  custom?: string,
): Issuer[] {
  if (custom !== undefined) {
    trustedUrl('issuer', custom);
    return [{ issuer: custom, keysUrl: keysBelow(withoutSlash(custom)) }];
  }
  if (endpoint !== undefined && !isAwsEndpoint(endpoint)) return issuersAt(endpoint, userPoolId);
  const { original, updated } = issuersOfAws(userPoolId);
  return [
    { issuer: original, keysUrl: keysBelow(original) },
    { issuer: updated, keysUrl: keysBelow(updated), isOptional: true },
  ];
}
