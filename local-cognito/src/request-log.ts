import { isObject } from './config-rules';
import { parseJson } from './parse-json';

/** A request as the pool received it. */
export interface RecordedRequest {
  /** As in X-Amz-Target, without the service's name. */
  operation: string;
  /** The JSON object sent; undefined where it was none. */
  body: unknown;
  /** ms since 1970, on the pool's clock. */
  at: number;
}

const MOST_REQUESTS = 200;
const MOST_BYTES = 4 * 1024 * 1024;

/** The latest requests: 200 of them, and 4 MB of bodies. Kept as they came, since parsed JSON can take 20 times the room. */
export class RequestLog {
  #requests: { operation: string; raw: Buffer; at: number }[] = [];
  #bytes = 0;

  add(operation: string, raw: Buffer, at: number): void {
    this.#requests.push({ operation, raw, at });
    this.#bytes += raw.length;
    while (this.#requests.length > MOST_REQUESTS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#requests.shift()?.raw.length ?? 0;
    }
  }

  /** Oldest first. */
  read(): RecordedRequest[] {
    return this.#requests.map(({ operation, raw, at }) => {
      const body = parseJson(raw.toString('utf8'));
      return { operation, body: isObject(body) ? body : undefined, at };
    });
  }
}
