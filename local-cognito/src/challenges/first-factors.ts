import { leadsToTarget, type Method } from '../acr-levels';
import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import { beginAssertion } from '../passkeys/assertion';
import { usablePasskeys } from '../passkeys/relying-party';
import type { Pool } from '../pool';
import type { Service } from '../service';
import type { Progress, SignIn } from '../sign-in';
import type { User } from '../user';
import type { ChallengeName, FirstAuthFactor } from './names';
import { askForProof, checkPasswordOnce } from './password';
import { emailOtpAlone, smsOtpAlone } from './sent-code';

/** One row of the table of first factors, by the challenge that asks for it. */
interface FirstFactor {
  readonly challenge: ChallengeName;
  /** What the pool's sign-in policy calls it. */
  readonly policy: FirstAuthFactor;
  readonly proves: Method;
  /** Has the user what it takes? */
  readonly has: (user: User, pool: Pool) => boolean;
  /** Goes on once it is chosen, with what was given beside the choice. @throws the refusal of a wrong password */
  readonly choose: (service: Service, signIn: SignIn, given: Parameters) => Progress | Promise<Progress>;
}

/**
 * Codes go to verified addresses; an unconfirmed user is confirmed by one, and the address with it (developer guide,
 * "Passwordless sign-in with one-time passwords").
 */
const receives = (attribute: 'email' | 'phone_number') => (user: User) =>
  Boolean(user.attributes[attribute]) &&
  (user.attributes[`${attribute}_verified`] === 'true' || user.status === 'UNCONFIRMED');

/** PASSWORD in the policy stands for both password challenges (developer guide, "Choice-based authentication"). */
const firstFactors: readonly FirstFactor[] = [
  {
    challenge: 'PASSWORD',
    policy: 'PASSWORD',
    proves: 'pwd',
    has: (user) => user.hasPassword(),
    choose: (service, signIn, given) =>
      given.get('PASSWORD') ? checkPasswordOnce(service, signIn, given) : { ask: 'PASSWORD' },
  },
  {
    challenge: 'PASSWORD_SRP',
    policy: 'PASSWORD',
    proves: 'pwd',
    has: (user) => user.hasPassword(),
    // The guide says that SRP_A must come with the choice. Assumption: its own challenge asks for it otherwise.
    choose: (_service, _signIn, given) => (given.get('SRP_A') ? askForProof(given) : { ask: 'PASSWORD_SRP' }),
  },
  {
    challenge: 'WEB_AUTHN',
    policy: 'WEB_AUTHN',
    proves: 'swk',
    has: (user, pool) => usablePasskeys(pool, user).length > 0,
    choose: () => ({ ask: 'WEB_AUTHN', begin: beginAssertion }),
  },
  {
    challenge: 'EMAIL_OTP',
    policy: 'EMAIL_OTP',
    proves: 'email_otp',
    has: receives('email'),
    choose: () => ({ ask: 'EMAIL_OTP', begin: emailOtpAlone }),
  },
  {
    challenge: 'SMS_OTP',
    policy: 'SMS_OTP',
    proves: 'sms',
    has: receives('phone_number'),
    choose: () => ({ ask: 'SMS_OTP', begin: smsOtpAlone }),
  },
];

/**
 * The challenges that can begin this user's sign-in. Where MFA is required of the user, passwords alone: passwordless
 * factors and MFA exclude each other (developer guide, "Passwordless sign-in with one-time passwords"). Where a level is
 * wanted, those alone that lead to it. Who has to reset the password signs in without it (developer guide, "Things to know
 * about authentication with user pools", on imported users).
 * Assumption: the order, and that MFA which is turned on after the offer does not follow a passwordless factor.
 */
export function availableChallenges(signIn: SignIn): ChallengeName[] {
  const { pool, user } = signIn;
  const hasMfa = pool.config.mfaConfiguration === 'ON' || pool.mfaOf(user).length > 0;
  return firstFactors
    .filter(({ policy, has }) => pool.firstAuthFactors.includes(policy) && has(user, pool))
    .filter(({ policy, proves }) => (policy === 'PASSWORD' || !hasMfa) && leadsToTarget(signIn, proves))
    .map(({ challenge }) => challenge);
}

/**
 * The first factors that the pool allows and the user has, and SOFTWARE_TOKEN, "an MFA factor only" (API reference,
 * GetUserAuthFactors). Assumption: whether MFA keeps the user from some of them does not matter here.
 */
export function configuredFactors(pool: Pool, user: User): (FirstAuthFactor | 'SOFTWARE_TOKEN')[] {
  const factors = pool.firstAuthFactors.filter((factor) =>
    firstFactors.some(({ policy, has }) => policy === factor && has(user, pool)),
  );
  return [...factors, ...(user.totpSecret === undefined ? [] : (['SOFTWARE_TOKEN'] as const))];
}

/** Goes on with a chosen challenge. @throws InvalidParameterException for one that the user was not offered */
export function chooseFirstFactor(
  service: Service,
  signIn: SignIn,
  name: string,
  given: Parameters,
): Progress | Promise<Progress> {
  const factor = firstFactors.find(({ challenge }) => challenge === name);
  if (!factor || !availableChallenges(signIn).includes(factor.challenge)) throw refuse('challengeNotOffered');
  return factor.choose(service, signIn, given);
}
