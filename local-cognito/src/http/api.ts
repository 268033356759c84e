import type { IncomingHttpHeaders } from 'node:http';
import type { IamUser } from '../config';
import { isObject } from '../config-rules';
import { CognitoException, refuse } from '../exceptions';
import { Input } from '../operations/input';
import { checkShape } from '../operations/shape';
import { operations } from '../operations/table';
import { parseJson } from '../parse-json';
import type { Service } from '../service';
import { type Answer, failure, internalError, success } from './answer';
import { checkSignature } from './signature';

/** The operation that X-Amz-Target names; empty where it names none of this service. */
export function operationName(headers: IncomingHttpHeaders): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? (/^AWSCognitoIdentityProviderService\.(\w+)$/.exec(target)?.[1] ?? '') : '';
}

/** The JSON object in the body. @throws SerializationException */
export function readBody(body: Buffer): Record<string, unknown> {
  const value = parseJson(body.toString('utf8'));
  if (!isObject(value)) throw refuse('unreadableJson');
  return value;
}

/**
 * The account of all pools and IAM users here: the one that AWS's documentation uses in its examples.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const ACCOUNT = '123456789012';

/**
 * Refuses what the signer may not do. AWS judges permissions before it looks whether the pool is there.
 * @throws AccessDeniedException
 */
function checkPermission(
  { user, region }: { user: IamUser; region: string },
  operation: string,
  { UserPoolId }: Readonly<Record<string, unknown>>,
): void {
  if (!user.denied?.includes(operation)) return;
  const pool = typeof UserPoolId === 'string' ? UserPoolId : '*';
  throw refuse('accessDenied', {
    user: `arn:aws:iam::${ACCOUNT}:user/${user.accessKeyId}`,
    operation,
    resource: `arn:aws:cognito-idp:${region}:${ACCOUNT}:userpool/${pool}`,
  });
}

/** Answers one call of the API; never rejects. */
export async function callApi(
  service: Service,
  iamUsers: readonly IamUser[],
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> {
  try {
    const operation = operations.get(operationName(headers));
    if (!operation) throw refuse('unknownOperation');
    const { pools, clock } = service;
    const signer = operation.signed ? await checkSignature(headers, body, iamUsers, clock.now()) : undefined;
    const input = readBody(body);
    if (signer) checkPermission(signer, operationName(headers), input);
    // One endpoint stands for those of all regions: a signed request reaches the region that it is signed for.
    const reached = signer ? pools.inRegion(signer.region) : pools;
    checkShape(operation.shape, input);
    return success(await operation.run({ ...service, pools: reached }, new Input(input)));
  } catch (error) {
    if (error instanceof CognitoException) return failure(error);
    console.error('local-cognito:', error);
    return internalError();
  }
}
