import type { Challenge } from './challenge';

/** A code of the user's authenticator app. */
export const softwareTokenMfa: Challenge = {
  needs: ['SOFTWARE_TOKEN_MFA_CODE'],
  begin: ({ clock }, { user }) => ({
    parameters: {
      USER_ID_FOR_SRP: user.username,
      ...(user.totpDeviceName === undefined ? {} : { FRIENDLY_DEVICE_NAME: user.totpDeviceName }),
    },
    judge: (responses) => {
      user.spendTotpCode(responses.need('SOFTWARE_TOKEN_MFA_CODE'), clock.now());
      return 'second factor';
    },
  }),
};
