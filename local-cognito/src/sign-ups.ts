import { randomInt } from 'node:crypto';
import type { Clock } from './clock';
import type { ClientConfig } from './config';
import { refuse } from './exceptions';
import { Ledger } from './ledger';
import type { Outbox } from './outbox';
import type { Pool } from './pool';
import { maskedAddress, maskedNumber } from './protocol/masks';
import { sameBytes } from './protocol/same-bytes';
import type { SignIn } from './sign-in';
import type { User } from './user';

/** Cognito's CodeDeliveryDetailsType. */
export interface CodeDelivery {
  AttributeName: 'email' | 'phone_number';
  DeliveryMedium: 'EMAIL' | 'SMS';
  Destination: string;
}

interface SentCode {
  readonly code: string;
  readonly attribute: CodeDelivery['AttributeName'];
  readonly expiresAt: number;
}

/** A session on the way from SignUp to a first sign-in. */
interface Session {
  readonly user: User;
  readonly client: ClientConfig;
  /** The first factor that the code's way stands for; undefined until ConfirmSignUp. */
  readonly confirmedBy: ConfirmedBy | undefined;
}

type ConfirmedBy = 'EMAIL_OTP' | 'SMS_OTP';

/** Codes are valid for 24 hours (amazon-archives/amazon-cognito-identity-js#189). */
const CODE_MS = 24 * 60 * 60_000;

const deliveries = {
  phone_number: { medium: 'SMS', mask: maskedNumber, factor: 'SMS_OTP' },
  email: { medium: 'EMAIL', mask: maskedAddress, factor: 'EMAIL_OTP' },
} as const;

/** What becomes of those who sign themselves up: the codes they were sent, and the sessions on their way to a sign-in. */
export class SignUps {
  readonly #codes = new WeakMap<User, SentCode>();
  readonly #sessions: Ledger<Session>;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {
    this.#sessions = new Ledger(clock);
  }

  /**
   * Sends a code of six digits, in place of one sent before, to the phone number or else to the e-mail address (developer
   * guide, "Verifying contact information at sign-up"). Undefined where the pool verifies neither, or the user has none.
   */
  sendCode(pool: Pool, user: User): CodeDelivery | undefined {
    const attribute = deliveredTo(pool, (name) => Boolean(user.attributes[name]));
    const destination = attribute && user.attributes[attribute];
    if (!destination) return undefined;
    const { medium } = deliveries[attribute];
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const sentAt = this.clock.now();
    this.#codes.set(user, { code, attribute, expiresAt: sentAt + CODE_MS });
    this.outbox.send({ userPoolId: pool.id, username: user.username, medium, destination, code, sentAt });
    return delivery(attribute, destination);
  }

  /**
   * Judges a code. {@link confirm} ends it. Assumption: wrong ones are not counted.
   * @returns the attribute that it was sent to
   * @throws ExpiredCodeException for one that is too old or was never sent, CodeMismatchException
   */
  judgeCode(user: User, code: string): CodeDelivery['AttributeName'] {
    const sent = this.#codes.get(user);
    if (!sent || sent.expiresAt <= this.clock.now()) throw refuse('confirmationCodeExpired');
    if (!sameBytes(sent.code, code)) throw refuse('confirmationCodeWrong');
    return sent.attribute;
  }

  /** The user has shown a right code: it is used up, and its attribute verified. */
  confirm(user: User, attribute: CodeDelivery['AttributeName']): void {
    this.#codes.delete(user);
    user.attributes[`${attribute}_verified`] = 'true';
    user.status = 'CONFIRMED';
  }

  /**
   * A session for ConfirmSignUp, or for USER_AUTH once a code that was sent to this attribute has confirmed the user. It
   * lives as long as one of a challenge (API reference, InitiateAuth, `Session`).
   */
  startSession(user: User, client: ClientConfig, confirmed?: CodeDelivery['AttributeName']): string {
    const confirmedBy = confirmed && deliveries[confirmed].factor;
    return this.#sessions.issue({ user, client, confirmedBy }, client);
  }

  /** A live session of ConfirmSignUp; {@link spendSession} ends it. @throws NotAuthorizedException for any other */
  checkSession(id: string, user: User, client: ClientConfig): void {
    if (this.#recall(id, user, client).confirmedBy !== undefined) throw refuse('sessionBogus');
  }

  /**
   * Takes in a session of USER_AUTH. @returns the first factor that the user has proven by confirming
   * @throws NotAuthorizedException for any other
   */
  redeem(id: string, { user, client }: SignIn): ConfirmedBy {
    const { confirmedBy } = this.#recall(id, user, client);
    if (confirmedBy === undefined) throw refuse('sessionBogus');
    this.spendSession(id);
    return confirmedBy;
  }

  spendSession(id: string): void {
    this.#sessions.spend(id);
  }

  /** Assumption: the messages are those of a challenge's session. */
  #recall(id: string, user: User, client: ClientConfig): Session {
    const session = this.#sessions.recall(id);
    if (session.user !== user || session.client !== client) throw refuse('sessionBogus');
    return session;
  }
}

/** What a client is told who must not learn whether there is such a user: always the same, made of the name. */
export function simulatedDelivery(pool: Pool, username: string): CodeDelivery | undefined {
  const isNumber = /^\+\d+$/.test(username);
  const attribute =
    deliveredTo(pool, (name) => (name === 'phone_number') === isNumber) ?? deliveredTo(pool, () => true);
  if (attribute === undefined) return undefined;
  const digits = BigInt(`0x${pool.simulateUser(username).sub.replaceAll('-', '')}`).toString();
  const address = username.includes('@') ? username : `${username}@${username}`;
  return delivery(attribute, attribute === 'email' ? address : isNumber ? username : `+1${digits.slice(-10)}`);
}

function delivery(AttributeName: CodeDelivery['AttributeName'], destination: string): CodeDelivery {
  const { medium, mask } = deliveries[AttributeName];
  return { AttributeName, DeliveryMedium: medium, Destination: mask(destination) };
}

function deliveredTo({ config }: Pool, has: (name: CodeDelivery['AttributeName']) => boolean) {
  const { autoVerifiedAttributes = [] } = config;
  return (['phone_number', 'email'] as const).find((name) => autoVerifiedAttributes.includes(name) && has(name));
}
