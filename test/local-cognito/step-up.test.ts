import {
  CompleteWebAuthnRegistrationCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import should from 'should';
import { Passkey } from '../support/passkey';
import { choiceApis } from './choice';
import { type Answer, MINUTE, PASSWORD, Practice, refused } from './support';

const loa = (level: number) => `urn:cognito:loa:${level}`;

/** What the access token and the ID token tell alike. */
function levelOf({ AuthenticationResult }: Answer): { acr: unknown; amr: unknown } {
  const [access, id] = [AuthenticationResult!.AccessToken!, AuthenticationResult!.IdToken!].map((token) => {
    const { acr, amr } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    return { acr, amr };
  });
  should(access).deepEqual(id);
  return access!;
}

describe('a sign-in toward an authentication level', () => {
  const practice = new Practice();

  for (const [by, { start, answer }] of Object.entries(choiceApis(practice))) {
    const byPassword = (USERNAME: string, TARGET_ACR_VALUES: string, more = {}) =>
      start({ USERNAME, PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD, TARGET_ACR_VALUES, ...more });
    const byEmail = ({ Session }: Answer, USERNAME: string) =>
      answer('EMAIL_OTP', { USERNAME, EMAIL_OTP_CODE: practice.codeOf(USERNAME) }, Session);
    const byTotp = ({ Session }: Answer, USERNAME: string) => {
      const code = currentTotpCode(practice.user(USERNAME).totpSecret!, practice.local.clock.now());
      return answer('SOFTWARE_TOKEN_MFA', { USERNAME, SOFTWARE_TOKEN_MFA_CODE: code }, Session);
    };
    const tokenOf = ({ AuthenticationResult }: Answer) => AuthenticationResult!.AccessToken!;

    describe(by, () => {
      it('tells nothing of levels unless one is asked for', async () => {
        const plain = await start({ USERNAME: 'ada', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
        should(levelOf(plain)).deepEqual({ acr: undefined, amr: undefined });
      });

      it('reaches level 1 by a password', async () => {
        should(levelOf(await byPassword('ada', loa(1)))).deepEqual({ acr: loa(1), amr: ['pwd'] });
      });

      it('reaches level 2 by a code, and offers nothing less', async () => {
        const choice = await start({ USERNAME: 'ada', TARGET_ACR_VALUES: loa(2) });
        should(choice.AvailableChallenges).deepEqual(['EMAIL_OTP']);
        const names = { USERNAME: 'ada', ANSWER: 'EMAIL_OTP' };
        const posed = await answer('SELECT_CHALLENGE', names, choice.Session);
        should(levelOf(await byEmail(posed, 'ada'))).deepEqual({ acr: loa(2), amr: ['email_otp'] });
      });

      it('reaches level 3 by a password and a code', async () => {
        const posed = await byPassword('emma', loa(3));
        should(levelOf(await byEmail(posed, 'emma'))).deepEqual({ acr: loa(3), amr: ['pwd', 'email_otp', 'mfa'] });
      });

      it('reaches level 3 by a passkey', async () => {
        const { AuthenticationResult } = await practice.password('ada');
        const { AccessToken } = AuthenticationResult!;
        const passkey = new Passkey({ origin: 'http://localhost:1880', rpId: 'localhost' });
        const { CredentialCreationOptions } = await practice.sdk.send(
          new StartWebAuthnRegistrationCommand({ AccessToken }),
        );
        const Credential = JSON.parse(
          JSON.stringify(passkey.create(JSON.stringify(CredentialCreationOptions))),
        ) as typeof CredentialCreationOptions;
        await practice.sdk.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }));
        const choice = await start({ USERNAME: 'ada', TARGET_ACR_VALUES: loa(3) });
        should(choice.AvailableChallenges).deepEqual(['WEB_AUTHN']);
        const CREDENTIAL = JSON.stringify(passkey.get(choice.ChallengeParameters!.CREDENTIAL_REQUEST_OPTIONS!));
        const names = { USERNAME: 'ada', ANSWER: 'WEB_AUTHN', CREDENTIAL };
        const signedIn = await answer('SELECT_CHALLENGE', names, choice.Session);
        should(levelOf(signedIn)).deepEqual({ acr: loa(3), amr: ['swk'] });
      });

      it('reaches level 4 by a password and an authenticator app', async () => {
        const posed = await byPassword('gateway', loa(4));
        should(levelOf(await byTotp(posed, 'gateway'))).deepEqual({ acr: loa(4), amr: ['pwd', 'otp', 'mfa'] });
      });

      it('decides which of several kinds of MFA is asked for', async () => {
        should(await byPassword('lin', loa(4))).have.property('ChallengeName', 'SOFTWARE_TOKEN_MFA');
        should(await byPassword('lin', loa(1))).have.property('ChallengeName', 'SELECT_MFA_TYPE');
      });

      it('leaves out no MFA that the user has on', async () => {
        const posed = await byPassword('emma', loa(1));
        should(levelOf(await byEmail(posed, 'emma'))).have.property('acr', loa(3));
      });

      it('falls back to the next level in the list, and skips what it does not know', async () => {
        const wanted = `urn:example:gold ${loa(4)} ${loa(2)} ${loa(1)}`;
        should(await start({ USERNAME: 'ada', TARGET_ACR_VALUES: wanted })).have.property('AvailableChallenges', [
          'EMAIL_OTP',
        ]);
      });

      it('steps up from an access token by what is missing', async () => {
        const ACCESS_TOKEN = tokenOf(await byPassword('ada', loa(1)));
        practice.user('ada').mfa = { enabled: ['EMAIL_OTP'] };
        const names = { USERNAME: 'ada', TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN, MAX_AGE: '60' };
        const posed = await start(names);
        should(posed).have.property('ChallengeName', 'EMAIL_OTP');
        should(levelOf(await byEmail(posed, 'ada'))).deepEqual({ acr: loa(3), amr: ['pwd', 'email_otp', 'mfa'] });
      });

      it('starts again where the access token is older than MAX_AGE', async () => {
        const ACCESS_TOKEN = tokenOf(await byPassword('ada', loa(1)));
        practice.user('ada').mfa = { enabled: ['EMAIL_OTP'] };
        practice.local.clock.advance(2 * MINUTE);
        const names = { USERNAME: 'ada', TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN, MAX_AGE: '60' };
        should(await start(names)).have.property('AvailableChallenges', ['PASSWORD', 'PASSWORD_SRP']);
      });

      it('credits a code with the password that follows', async () => {
        const posed = await start({ USERNAME: 'ada', PREFERRED_CHALLENGE: 'EMAIL_OTP', TARGET_ACR_VALUES: loa(2) });
        const ACCESS_TOKEN = tokenOf(await byEmail(posed, 'ada'));
        const signedIn = await byPassword('ada', loa(3), { ACCESS_TOKEN });
        should(levelOf(signedIn)).deepEqual({ acr: loa(3), amr: ['email_otp', 'pwd', 'mfa'] });
      });

      it('asks some users who do not exist for a password toward level 4', async () => {
        const strangers = Array.from({ length: 40 }, (_, index) => `nobody-${index}`);
        const names = (USERNAME: string) => ({ USERNAME, TARGET_ACR_VALUES: loa(4) });
        const offers = await Promise.allSettled(strangers.map((name) => start(names(name))));
        const offered = offers.flatMap((offer) => (offer.status === 'fulfilled' ? [offer.value] : []));
        should(offered.length).be.within(1, 39);
        for (const { AvailableChallenges } of offered) {
          should(AvailableChallenges).deepEqual(['PASSWORD', 'PASSWORD_SRP']);
        }
      });

      it('refuses what cannot be', async () => {
        const ACCESS_TOKEN = tokenOf(await byPassword('ada', loa(1)));
        const invalid = (names: Record<string, string>, message: string) =>
          refused(start({ USERNAME: 'ada', ...names }), 'InvalidParameterException', message);
        await invalid({ ACCESS_TOKEN }, 'ACCESS_TOKEN requires TARGET_ACR_VALUES');
        await invalid({ TARGET_ACR_VALUES: 'gold' }, 'TARGET_ACR_VALUES holds no level of the user pool');
        await invalid({ TARGET_ACR_VALUES: loa(4) }, 'The user has no factors for any of TARGET_ACR_VALUES');
        await invalid({ TARGET_ACR_VALUES: loa(1), ACCESS_TOKEN }, 'ACCESS_TOKEN meets TARGET_ACR_VALUES already');
        await invalid(
          { TARGET_ACR_VALUES: loa(2), ACCESS_TOKEN, MAX_AGE: 'a while' },
          'MAX_AGE is not a number of seconds',
        );
        await refused(
          start({ USERNAME: 'emma', TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN }),
          'NotAuthorizedException',
          'ACCESS_TOKEN was not issued for this user',
        );
        await refused(
          start({ USERNAME: 'ada', TARGET_ACR_VALUES: loa(2), ACCESS_TOKEN: 'made.up.token' }),
          'NotAuthorizedException',
          'Invalid Access Token',
        );
      });
    });
  }

  it('is remembered by refreshed tokens', async () => {
    const names = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD, TARGET_ACR_VALUES: loa(1) };
    const { AuthenticationResult } = await practice.start('USER_AUTH', names);
    const REFRESH_TOKEN = AuthenticationResult!.RefreshToken!;
    should(levelOf(await practice.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN }))).have.property('acr', loa(1));
  });
});
