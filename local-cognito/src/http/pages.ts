import type { IncomingHttpHeaders } from 'node:http';
import { type SigningKeys, jwks } from '../signing-keys';
import type { Service } from '../service';
import type { Answer } from './answer';
import { outboxJson, outboxPage } from './outbox-page';

interface PageContext {
  readonly service: Service;
  readonly keys: SigningKeys;
  readonly issuer: (poolId: string) => string;
}

/** Everything that is fetched with GET. */
export function getPage(path: string, headers: IncomingHttpHeaders, context: PageContext): Answer {
  if (path === '/outbox' || path === '/outbox.json') {
    if (!isLoopback(headers.host)) return plain(403, 'Only for this computer.');
    return path === '/outbox' ? outboxPage(context.service) : outboxJson(context.service);
  }
  const [, poolId, document] = /^\/([\w-]+)\/\.well-known\/(jwks\.json|openid-configuration)$/.exec(path) ?? [];
  const pool = context.service.pools.all.find(({ id }) => id === poolId);
  if (!pool) return plain(404, 'Not found.');
  return json(document === 'jwks.json' ? jwks(context.keys) : openidConfiguration(context.issuer(pool.id)));
}

/**
 * The codes are for people at this computer: a page of another site must not read them through a name that it made
 * resolve to 127.0.0.1 (DNS rebinding).
 */
function isLoopback(host = ''): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);
}

function openidConfiguration(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'token'],
    subject_types_supported: ['public'],
  };
}

function json(body: object): Answer {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** An answer of a few words for people. */
export function plain(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}
