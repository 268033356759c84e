import { randomInt } from 'node:crypto';
import { refuse } from '../exceptions';
import { sameBytes } from '../protocol/same-bytes';
import type { User } from '../user';
import type { Challenge } from './challenge';

interface Delivery {
  readonly medium: 'SMS' | 'EMAIL';
  readonly answerKey: string;
  readonly digits: number;
  readonly destination: (user: User) => string;
  readonly mask: (destination: string) => string;
}

/** A code goes to the outbox; it lives as long as the challenge's session. */
function sentCode(delivery: Delivery): Challenge {
  return {
    needs: [delivery.answerKey],
    begin: ({ outbox, clock }, { pool, user }) => {
      const code = randomInt(10 ** delivery.digits)
        .toString()
        .padStart(delivery.digits, '0');
      const destination = delivery.destination(user);
      outbox.send({
        userPoolId: pool.id,
        username: user.username,
        medium: delivery.medium,
        destination,
        code,
        sentAt: clock.now(),
      });
      return {
        parameters: {
          CODE_DELIVERY_DELIVERY_MEDIUM: delivery.medium,
          CODE_DELIVERY_DESTINATION: delivery.mask(destination),
        },
        judge: (responses) => {
          if (!sameBytes(responses.need(delivery.answerKey), code)) throw refuse('sentCodeWrong');
          return 'second factor';
        },
      };
    },
  };
}

/** Six digits; the number shows its last four, as in amazon-cognito-identity-js#236. */
export const smsMfa = sentCode({
  medium: 'SMS',
  answerKey: 'SMS_MFA_CODE',
  digits: 6,
  destination: (user) => user.attributes.phone_number ?? '',
  mask: (number) => `+${'*'.repeat(Math.max(0, number.length - 5))}${number.slice(-4)}`,
});

/** Eight digits (developer guide, "Email message MFA"); the address shows as `t***@e***`. */
export const emailOtp = sentCode({
  medium: 'EMAIL',
  answerKey: 'EMAIL_OTP_CODE',
  digits: 8,
  destination: (user) => user.attributes.email ?? '',
  mask: (address) =>
    address
      .split('@')
      .map((part) => `${part.slice(0, 1)}***`)
      .join('@'),
});
