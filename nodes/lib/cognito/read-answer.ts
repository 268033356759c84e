import type { Readable } from 'node:stream';
import { CognitoAuthError } from './errors';

/**
 * Reads what a server answers, up to a length; what is longer is broken off.
 * @param longest in bytes
 * @throws CognitoAuthError AnswerUnexpected for a longer one; the stream's own error where it breaks off
 */
export function readAnswer(answer: Readable, longest: number, httpStatusCode: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > longest) answer.destroy(new CognitoAuthError('AnswerUnexpected', { httpStatusCode }));
    });
    answer.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    answer.once('error', reject);
  });
}
