import { bySession, type Challenge } from './challenge';

/**
 * The password given as a challenge's answer. AWS documents the answer but not when the challenge arises; here an
 * injected fault asks for it.
 */
export const adminNoSrpAuth: Challenge = {
  needs: ['PASSWORD'],
  begin: (_service, { user }) => ({ parameters: { USER_ID_FOR_SRP: user.username } }),
  answer: bySession(({ service, signIn: { pool, user }, responses }) => {
    const isRight = () => user.hasPassword(responses.need('PASSWORD'));
    user.provePassword(isRight, service.clock.now(), pool.passwordPolicy.temporaryPasswordValidityDays);
    return 'password';
  }),
};
