import type { Readable } from 'node:stream';
import { CognitoAuthError } from './errors';

/**
 * Reads what a server answers, up to a length; what is longer is broken off.
 * @param longest in bytes
 * @throws CognitoAuthError AnswerUnexpected for a longer one; the stream's own error where it breaks off
 */
export async function readAnswer(answer: Readable, longest: number, httpStatusCode: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longest) throw new CognitoAuthError('AnswerUnexpected', { httpStatusCode });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
