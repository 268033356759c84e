import { userPoolId } from './members';
import type { Operation } from './operation';

/**
 * The kinds of MFA that a pool has on. DescribeUserPool does not tell them.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
 * Assumption: what is off is left out, except for the authenticator app.
 */
export const getUserPoolMfaConfig: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId },
  run: ({ pools }, input) => {
    const { config, enabledMfas } = pools.get(input.text('UserPoolId'));
    const webAuthn = config.webAuthnConfiguration;
    return {
      MfaConfiguration: config.mfaConfiguration ?? 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: enabledMfas.includes('SOFTWARE_TOKEN_MFA') },
      ...(enabledMfas.includes('SMS_MFA') && { SmsMfaConfiguration: { SmsConfiguration: {} } }),
      ...(enabledMfas.includes('EMAIL_OTP') && { EmailMfaConfiguration: {} }),
      ...(webAuthn && {
        WebAuthnConfiguration: {
          RelyingPartyId: webAuthn.relyingPartyId,
          UserVerification: webAuthn.userVerification ?? 'preferred',
        },
      }),
    };
  },
};
