import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CognitoAuthError, toCognitoAuthError } from './errors';
import { proxyAgent } from './proxy-agent';
import { readAnswer } from './read-answer';
import type { UserPoolSettings } from './user-pool';

/** What a server answered to a GET. */
export interface PublicDocument {
  readonly status: number;
  readonly text: string;
  /** The time of the `Date` header, in ms since 1970; undefined where it may be that of an old copy. */
  readonly serverTime: number | undefined;
}

/** The longest that is read, in bytes: a key set has about 1,000. */
const longest = 64 * 1024;

/** A cache on the way tells its copy's `Age`, and the `Date` is then the copy's. */
function timeOf({ headers }: IncomingMessage): number | undefined {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) || headers.age !== undefined ? undefined : time;
}

/**
 * Reads a document that anyone may read, following no redirects.
 * @throws CognitoAuthError HostNotFound, NetworkError, CertificateError, TimeoutError; AnswerUnexpected for a long one
 */
export async function readPublicDocument(
  url: string,
  settings: Pick<UserPoolSettings, 'proxyForUrl' | 'timeout'>,
): Promise<PublicDocument> {
  const agent = (await proxyAgent(settings, { keepAlive: false })) ?? false;
  const signal = AbortSignal.timeout(settings.timeout);
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  try {
    const asked = request(url, { agent, signal, headers: { accept: 'application/json' } });
    asked.on('error', () => undefined); // once there is an answer, what breaks it off is told by the answer
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const { statusCode: status = 0 } = response;
    const text = await readAnswer(response, longest, status);
    return { status, text: text.toString(), serverTime: timeOf(response) };
  } catch (error) {
    throw signal.aborted ? new CognitoAuthError('TimeoutError') : toCognitoAuthError(error);
  } finally {
    if (agent) agent.destroy();
  }
}
