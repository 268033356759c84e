import type { IncomingHttpHeaders } from 'node:http';
import type { IamUser } from '../config';
import { isObject } from '../config-rules';
import { CognitoException, refuse } from '../exceptions';
import type { Failure } from '../faults';
import { Input } from '../operations/input';
import { checkShape } from '../operations/shape';
import { operations } from '../operations/table';
import type { Service } from '../service';
import { type Answer, failure, internalError, success } from './answer';
import { checkSignature } from './signature';

export interface ApiRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The operation that X-Amz-Target names; empty where it names none of this service. */
export function operationName(headers: IncomingHttpHeaders): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? (/^AWSCognitoIdentityProviderService\.(\w+)$/.exec(target)?.[1] ?? '') : '';
}

/** The JSON object in the body. @throws SerializationException */
export function readBody(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw refuse('unreadableJson');
  }
  if (!isObject(value)) throw refuse('unreadableJson');
  return value;
}

/** Answers one call of the API; never rejects. */
export async function callApi(
  service: Service,
  iamUsers: readonly IamUser[],
  request: ApiRequest,
  injected: Failure | undefined,
): Promise<Answer> {
  try {
    if (injected && 'exception' in injected) {
      throw new CognitoException(injected.exception, injected.message ?? `Injected ${injected.exception}`);
    }
    const operation = operations.get(operationName(request.headers));
    if (!operation) throw refuse('unknownOperation');
    if (operation.signed) {
      const regions = service.pools.all.map(({ region }) => region);
      await checkSignature(request, { iamUsers, regions, now: service.clock.now() });
    }
    const body = readBody(request.body);
    checkShape(operation.shape, body);
    return success(operation.run(service, new Input(body), injected));
  } catch (error) {
    if (error instanceof CognitoException) return failure(error);
    console.error('local-cognito:', error);
    return internalError();
  }
}
