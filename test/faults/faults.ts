import type { ServerResponse } from 'node:http';
import type { Strike } from './faulty-server';

/** Something that goes wrong between the nodes and Cognito. */
export interface Fault {
  readonly strike: Strike;
  /** What a call of the API fails with. */
  readonly code: string;
  /** What the reading of signing keys fails with, where that is not the same. */
  readonly keysCode?: string;
  /** How many requests a call makes before it gives up, where nothing else sets the SDK's retries. */
  readonly attempts: number;
}

const json = { 'content-type': 'application/x-amz-json-1.1' };

/** Refuses as Cognito does. */
function refuses(status: number, exception: string): Strike {
  return ({ response }) => {
    response.writeHead(status, json).end(JSON.stringify({ __type: exception, message: 'Slower, please.' }));
  };
}

/** Answers with status 200. */
function answers(body: string, type = 'application/x-amz-json-1.1'): Strike {
  return ({ response }) => response.writeHead(200, { 'content-type': type }).end(body);
}

/** The beginning of an answer that names its length, and then what happens. */
function beginsToAnswer(then: (response: ServerResponse) => void): Strike {
  return ({ response }) => {
    response.writeHead(200, { ...json, 'content-length': 4_096 });
    response.write('{"AuthenticationResult":{"AccessToken":"', () => {
      then(response);
    });
  };
}

/** Writes for as long as anyone reads. @param pause in ms between pieces */
function writesForEver(response: ServerResponse, piece: string, pause: number): void {
  const write = (): void => {
    if (response.destroyed) return;
    response.write(piece, () => setTimeout(write, pause).unref());
  };
  write();
}

const chunk = 'x'.repeat(256 * 1024);

/** Faults by what a person would call them. */
export const faults: Readonly<Record<string, Fault>> = {
  'throttles all calls': {
    strike: refuses(400, 'TooManyRequestsException'),
    code: 'TooManyRequestsException',
    keysCode: 'SigningKeysUnavailable',
    attempts: 3,
  },
  'fails inside': {
    strike: refuses(500, 'InternalErrorException'),
    code: 'InternalErrorException',
    keysCode: 'SigningKeysUnavailable',
    attempts: 3,
  },
  'stands behind a load balancer that finds nobody': {
    strike: ({ response }) => response.writeHead(503).end(),
    code: 'AnswerUnexpected',
    keysCode: 'SigningKeysUnavailable',
    attempts: 3,
  },
  'is gone, and nobody listens': {
    strike: ({ vanish }) => {
      vanish();
    },
    code: 'NetworkError',
    attempts: 1,
  },
  'resets the connection': {
    strike: ({ request }) => request.socket.resetAndDestroy(),
    code: 'NetworkError',
    attempts: 3,
  },
  'resets the connection in mid-answer': {
    strike: beginsToAnswer(({ socket }) => socket?.resetAndDestroy()),
    code: 'NetworkError',
    attempts: 3,
  },
  'closes the connection in mid-answer': {
    strike: beginsToAnswer(({ socket }) => socket?.end()),
    code: 'NetworkError',
    attempts: 3,
  },
  'never answers': { strike: () => undefined, code: 'TimeoutError', attempts: 1 },
  'never comes to the end of its answer': {
    strike: beginsToAnswer((response) => {
      writesForEver(response, 'x', 50);
    }),
    code: 'TimeoutError',
    attempts: 1,
  },
  'answers without an end, as fast as can be': {
    strike: ({ response }) => {
      response.writeHead(200, json);
      writesForEver(response, chunk, 0);
    },
    code: 'AnswerUnexpected',
    attempts: 1,
  },
  'answers with a page of HTML': {
    strike: answers('<!DOCTYPE html><title>Hotel</title>', 'text/html'),
    code: 'AnswerUnexpected',
    keysCode: 'SigningKeysUnavailable',
    attempts: 1,
  },
  'answers with half of a JSON text': {
    strike: answers('{"AuthenticationResult":{"Acc'),
    code: 'AnswerUnexpected',
    keysCode: 'SigningKeysUnavailable',
    attempts: 1,
  },
  'answers with what is no HTTP': {
    strike: ({ request }) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    code: 'NetworkError',
    attempts: 1,
  },
};
