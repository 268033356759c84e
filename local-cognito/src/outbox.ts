/** A code that a real pool would have sent by SMS or e-mail. */
export interface Message {
  userPoolId: string;
  username: string;
  medium: 'SMS' | 'EMAIL';
  /** Phone number or e-mail address, in full. */
  destination: string;
  code: string;
  /** ms since 1970, on the pool's clock. */
  sentAt: number;
}

const LIMIT = 200;

/** Where the pool's messages land. Holds the latest 200. */
export class Outbox {
  #messages: Message[] = [];

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** The newest message to a user (canonical username), if any. */
  latest(username: string): Message | undefined {
    return this.#messages.findLast((message) => message.username === username);
  }

  /** @internal */
  send(message: Message): void {
    this.#messages = [...this.#messages, message].slice(-LIMIT);
  }

  clear(): void {
    this.#messages = [];
  }
}
