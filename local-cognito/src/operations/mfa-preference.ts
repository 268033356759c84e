import type { MfaType } from '../challenges/names';
import { type CognitoException, refuse } from '../exceptions';
import type { User } from '../user';
import { administrator, type Caller, owner } from './caller';
import type { Input } from './input';
import type { Operation } from './operation';
import type { Member } from './shape';

/** What a request says about one kind of MFA. */
interface Wish {
  readonly type: MfaType;
  readonly enabled: boolean;
  readonly preferred: boolean;
  /** What keeps the user from turning it on. */
  readonly obstacle: (user: User, caller: Caller) => CognitoException | undefined;
}

const kinds: readonly (Pick<Wish, 'type' | 'obstacle'> & { readonly member: string })[] = [
  {
    member: 'SMSMfaSettings',
    type: 'SMS_MFA',
    // "Phone numbers don't need to be verified to be used for SMS MFA" (API reference, SMSMfaSettingsType).
    obstacle: ({ attributes }) => (attributes.phone_number ? undefined : refuse('mfaWithoutPhone')),
  },
  {
    member: 'SoftwareTokenMfaSettings',
    type: 'SOFTWARE_TOKEN_MFA',
    obstacle: ({ totpSecret, pendingTotpSecret }, caller) => {
      if (totpSecret !== undefined) return undefined;
      if (caller === administrator) return refuse('mfaWithoutDelivery', { type: 'SOFTWARE_TOKEN_MFA' });
      return refuse(pendingTotpSecret === undefined ? 'softwareTokenNotSetUp' : 'softwareTokenNotVerified');
    },
  },
  {
    member: 'EmailMfaSettings',
    type: 'EMAIL_OTP',
    // Assumption: the address must be verified.
    obstacle: ({ attributes }) =>
      attributes.email && attributes.email_verified === 'true'
        ? undefined
        : refuse('mfaWithoutDelivery', { type: 'EMAIL_OTP' }),
  },
];

const settings: Member = { type: 'object', members: { Enabled: { type: 'flag' }, PreferredMfa: { type: 'flag' } } };

/** Turns kinds of MFA on and off; what a request does not mention stays as it is. All of it is done, or nothing. */
function setting(caller: Caller): Operation {
  return {
    signed: caller.signed,
    shape: { ...caller.shape, ...Object.fromEntries(kinds.map(({ member }) => [member, settings])) },
    run: (service, input) => {
      const { pool, user } = caller.find(service, input);
      const wishes = wishesOf(input);
      // "Only one factor can be set as preferred" (API reference).
      if (wishes.filter(({ preferred }) => preferred).length > 1) throw refuse('mfaPreferredTwice');
      for (const { type, enabled, preferred, obstacle } of wishes) {
        // Assumption: what is off cannot be preferred; what the pool does not offer cannot be turned on.
        if (preferred && !enabled) throw refuse('mfaPreferredOff', { type });
        if (enabled && !pool.enabledMfas.includes(type)) throw refuse('mfaNotInPool', { type });
        const refusal = enabled ? obstacle(user, caller) : undefined;
        if (refusal) throw refusal;
      }
      for (const { type, enabled, preferred } of wishes) user.setMfa(type, enabled, preferred);
      return {};
    },
  };
}

function wishesOf(input: Input): Wish[] {
  return kinds.flatMap(({ member, ...kind }) => {
    const wish = input.structure(member);
    return wish ? [{ ...kind, enabled: wish.flag('Enabled'), preferred: wish.flag('PreferredMfa') }] : [];
  });
}

export const setUserMfaPreference = setting(owner);
export const adminSetUserMfaPreference = setting(administrator);
