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
    // One endpoint stands for those of all regions: a signed request reaches the region that it is signed for.
    const reached = operation.signed
      ? pools.inRegion(await checkSignature(headers, body, iamUsers, clock.now()))
      : pools;
    const input = readBody(body);
    checkShape(operation.shape, input);
    return success(await operation.run({ ...service, pools: reached }, new Input(input)));
  } catch (error) {
    if (error instanceof CognitoException) return failure(error);
    console.error('local-cognito:', error);
    return internalError();
  }
}
