import { emailPattern, LONGEST_VALUE } from '../attributes';
import { refuse } from '../exceptions';
import type { Choice, SignIn } from '../sign-in';
import type { Challenge } from './challenge';
import { emailOtpTo } from './sent-code';

/**
 * The pool demands MFA and the user has none. TOTP goes by a chain: this challenge's Session to AssociateSoftwareToken,
 * that one's to VerifySoftwareToken, that one's here. E-mail goes by the address, as EMAIL, and EMAIL_OTP follows (read out
 * of Amplify).
 */
export const mfaSetup: Challenge = {
  needs: [],
  begin: (_service, signIn) => ({
    parameters: {
      MFAS_CAN_SETUP: JSON.stringify(signIn.pool.enabledMfas),
      USER_ID_FOR_SRP: signIn.user.username,
    },
    judge: (responses) => {
      const address = responses.get('EMAIL');
      if (!address) throw refuse('noMfaToSetUp');
      return setUpEmail(signIn, address);
    },
  }),
};

/** The right code verifies the address and turns e-mail MFA on, preferred (assumption: as TOTP is). */
function setUpEmail({ pool, user }: SignIn, address: string): Choice {
  // Assumption: of several sign-ins that meet MFA_SETUP the first to enrol wins, and an alias belongs to one user.
  const refuseUnfit = () => {
    if (pool.mfaOf(user).length > 0) throw refuse('sessionBogus');
    if ((pool.findUser(address) ?? user) !== user) throw refuse('aliasTaken', { name: 'email' });
  };
  if (!pool.enabledMfas.includes('EMAIL_OTP')) throw refuse('mfaNotInPool', { type: 'EMAIL_OTP' });
  if (address.length > LONGEST_VALUE || !emailPattern.test(address)) throw refuse('addressInvalid');
  refuseUnfit();
  const accept = () => {
    refuseUnfit();
    Object.assign(user.attributes, { email: address, email_verified: 'true' });
    user.setMfa('EMAIL_OTP', true, true);
    return 'second factor' as const;
  };
  return { ask: 'EMAIL_OTP', begin: emailOtpTo(address, accept) };
}
