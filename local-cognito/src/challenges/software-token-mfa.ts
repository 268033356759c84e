import { bySession, type Challenge } from './challenge';

/** A code of the user's authenticator app. */
export const softwareTokenMfa: Challenge = {
  needs: ['SOFTWARE_TOKEN_MFA_CODE'],
  begin: (_service, { user }) => ({
    parameters: {
      USER_ID_FOR_SRP: user.username,
      ...(user.totpDeviceName === undefined ? {} : { FRIENDLY_DEVICE_NAME: user.totpDeviceName }),
    },
  }),
  answer: bySession(({ service, signIn: { user }, responses }) => {
    user.spendTotpCode(responses.need('SOFTWARE_TOKEN_MFA_CODE'), service.clock.now());
    return 'second factor';
  }),
};
