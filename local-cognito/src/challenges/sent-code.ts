import { randomInt } from 'node:crypto';
import { refuse } from '../exceptions';
import { maskedAddress, maskedNumber } from '../protocol/masks';
import { sameBytes } from '../protocol/same-bytes';
import type { Progress } from '../sign-in';
import type { User } from '../user';
import type { Begin, Challenge } from './challenge';

interface Delivery {
  readonly medium: 'SMS' | 'EMAIL';
  readonly attribute: 'phone_number' | 'email';
  readonly answerKey: string;
  readonly digits: number;
  readonly mask: (destination: string) => string;
}

/**
 * A code goes to the outbox; it lives as long as the challenge's session. A simulated user is sent none.
 * @param to the user's own address or number unless given
 */
function sendCode(delivery: Delivery, accept: (user: User) => Progress, to?: string): Begin {
  return ({ outbox, clock }, { pool, user }) => {
    const code = randomInt(10 ** delivery.digits)
      .toString()
      .padStart(delivery.digits, '0');
    const destination = to ?? user.attributes[delivery.attribute] ?? '';
    if (!user.simulated) {
      outbox.send({
        userPoolId: pool.id,
        username: user.username,
        medium: delivery.medium,
        destination,
        code,
        sentAt: clock.now(),
      });
    }
    return {
      parameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: delivery.medium,
        CODE_DELIVERY_DESTINATION: delivery.mask(destination),
      },
      judge: (responses) => {
        const isRight = sameBytes(responses.need(delivery.answerKey), code);
        // Assumption: wrong codes are not counted. A real pool's session was still alive after six.
        if (!isRight || user.simulated) throw refuse('sentCodeWrong');
        return accept(user);
      },
    };
  };
}

/** Six digits. */
const sms = {
  medium: 'SMS',
  attribute: 'phone_number',
  digits: 6,
  mask: maskedNumber,
} as const;

/** Eight digits (developer guide, "Email message MFA"). */
const email = {
  medium: 'EMAIL',
  attribute: 'email',
  answerKey: 'EMAIL_OTP_CODE',
  digits: 8,
  mask: maskedAddress,
} as const;

const asSecondFactor = (): Progress => 'second factor';

/** As the only factor a code also confirms the user and verifies the address (developer guide, "Passwordless sign-in"). */
const alone =
  (attribute: Delivery['attribute']) =>
  (user: User): Progress => {
    user.attributes[`${attribute}_verified`] = 'true';
    if (user.status === 'UNCONFIRMED') user.status = 'CONFIRMED';
    return { alone: attribute === 'email' ? 'email_otp' : 'sms' };
  };

export const smsMfa: Challenge = {
  needs: ['SMS_MFA_CODE'],
  begin: sendCode({ ...sms, answerKey: 'SMS_MFA_CODE' }, asSecondFactor),
};

/** As a second factor; as the first one it begins by {@link emailOtpAlone}. */
export const emailOtp: Challenge = { needs: ['EMAIL_OTP_CODE'], begin: sendCode(email, asSecondFactor) };

/** Assumption: six digits, as for SMS_MFA. */
export const smsOtpAlone = sendCode({ ...sms, answerKey: 'SMS_OTP_CODE' }, alone('phone_number'));

export const smsOtp: Challenge = { needs: ['SMS_OTP_CODE'], begin: smsOtpAlone };

export const emailOtpAlone = sendCode(email, alone('email'));

/** To an address that the user wants to have codes sent to. */
export const emailOtpTo = (address: string, accept: (user: User) => Progress): Begin =>
  sendCode(email, accept, address);
