import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IamUser } from '../config';
import { CognitoException, refuse } from '../exceptions';
import type { Service } from '../service';
import type { SigningKeys } from '../signing-keys';
import { type Answer, failure } from './answer';
import { callApi, operationName } from './api';
import { getPage, plain } from './pages';

/** What HTTP requests are answered with. */
interface Host {
  readonly service: Service;
  readonly iamUsers: readonly IamUser[];
  readonly keys: SigningKeys;
  readonly issuer: (poolId: string) => string;
  readonly record: (operation: string, body: Buffer) => void;
  /** Ends injected delays. */
  readonly stopped: AbortSignal;
}

const LARGEST_BODY = 256 * 1024;

/** As Cognito answers browsers: API calls are open to every origin, since they carry no ambient authority. */
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
};

const preflight: Answer = {
  status: 200,
  headers: {
    ...cors,
    'Access-Control-Allow-Methods': 'POST, OPTIONS',
    'Access-Control-Allow-Headers': '*, Authorization',
    'Access-Control-Max-Age': '600',
  },
  body: '',
};

/** The answer to any HTTP request; undefined where an injected fault drops the connection. */
export async function route(host: Host, request: IncomingMessage): Promise<Answer | undefined> {
  const path = (request.url ?? '').replace(/\?.*/, '');
  if (request.method === 'POST' && path === '/') return withCors(await answerCall(host, request));
  if (request.method === 'OPTIONS' && path === '/') return preflight;
  if (request.method === 'GET') return getPage(path, request.headers, host);
  return plain(404, 'Not found.');
}

function withCors(answer: Answer | undefined): Answer | undefined {
  return answer && { ...answer, headers: { ...answer.headers, ...cors } };
}

async function answerCall(host: Host, request: IncomingMessage): Promise<Answer | undefined> {
  const { service, iamUsers } = host;
  if (!isApiCall(request)) return failure(refuse('unknownOperation'));
  const body = await readAll(request);
  if (!body) {
    const refusal = failure(refuse('bodyTooLarge'));
    return { ...refusal, headers: { ...refusal.headers, Connection: 'close' } };
  }
  const operation = operationName(request.headers);
  host.record(operation, body);
  const injected = service.faults.next(operation);
  if (injected && 'drop' in injected) return undefined;
  if (injected && 'status' in injected) return { status: injected.status, headers: {}, body: '' };
  if (injected && 'exception' in injected) {
    return failure(new CognitoException(injected.exception, injected.message ?? `Injected ${injected.exception}`));
  }
  const answer = await callApi(service, iamUsers, request.headers, body);
  if (injected && 'delay' in injected) await sleep(injected.delay, undefined, { signal: host.stopped });
  return answer;
}

/**
 * A call has the API's content type and nothing but `/` for its address. A web page cannot send that type to another site
 * without asking first, so its plain form posts change nothing, injected faults included. Their bodies are not read.
 */
function isApiCall({ url, headers }: IncomingMessage): boolean {
  return url === '/' && /^application\/x-amz-json-1\.[01] *(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** The whole body, or undefined where it is too large. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
