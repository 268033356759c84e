import { randomUUID } from 'node:crypto';
import { CognitoException } from '../exceptions';

/** An HTTP answer, before the headers that every answer bears. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const JSON_1_1 = 'application/x-amz-json-1.1';

/** The answer to a call that succeeded. */
export function success(body: object): Answer {
  return { status: 200, headers: { 'Content-Type': JSON_1_1, ...requestId() }, body: JSON.stringify(body) };
}

/** HTTP statuses other than 400 (API reference, "Common Error Types"). */
const statuses: Readonly<Record<string, number>> = {
  InternalErrorException: 500,
  RequestEntityTooLargeException: 413,
  UnknownOperationException: 404,
};

/** Messages may echo what was sent, and clients refuse answers whose headers are long: Node's beyond 16 KB in all. */
const LONGEST_HEADER = 1024;

/** An exception as Cognito sends it. Clients read the name up to a colon from the header, or from `__type`. */
export function failure({ name, message }: CognitoException): Answer {
  return {
    status: statuses[name] ?? 400,
    headers: {
      'Content-Type': JSON_1_1,
      'x-amzn-ErrorType': `${headerText(name)}:`,
      'x-amzn-ErrorMessage': headerText(message),
      ...requestId(),
    },
    body: JSON.stringify({ __type: name, message }),
  };
}

/** The answer to a mistake of the pool itself. */
export function internalError(): Answer {
  return failure(new CognitoException('InternalErrorException', 'Internal error'));
}

function requestId(): Record<string, string> {
  return { 'x-amzn-RequestId': randomUUID() };
}

function headerText(text: string): string {
  return text.slice(0, LONGEST_HEADER).replace(/[^\x20-\x7e]/g, '?');
}
