import should from 'should';
import { openPools, password } from '../support/pools';
import { SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { variants } from './variants';

/** What the table says of them is impossible: that a refresh token is answered with a challenge. */
describe('REFRESH_TOKEN_AUTH and REFRESH_TOKEN', () => {
  const pool = new TestPool(() => ({ pools: openPools() }));
  stopFlowAfterEach();

  for (const { api, name, access } of variants) {
    for (const authFlow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']) {
      it(`meet no challenge, be it that MFA and a new password were demanded meanwhile: ${authFlow}, ${name}`, async () => {
        const byPassword = api === 'client-side' ? 'USER_PASSWORD_AUTH' : 'ADMIN_USER_PASSWORD_AUTH';
        const flow = await SignInFlow.start({ ...access(pool), settings: typed('authFlow', 'msg', 'authFlow') });
        const { payload, cognito } = await flow.signedIn({
          authFlow: byPassword,
          payload: { username: 'ada', password },
        });
        pool.user('ada').setTemporaryPassword('Temporary-Password-2', pool.local.clock.now());
        pool.user('ada').mfa = { enabled: ['EMAIL_OTP'] };
        const { RefreshToken: refreshToken } = payload as { RefreshToken: string };
        const refreshed = await flow.signedIn({ authFlow, payload: { refreshToken }, cognito });
        should(refreshed.payload).match({ AccessToken: /^ey/, IdToken: /^ey/, RefreshToken: refreshToken });
        await flow.leaves('port 2', {
          authFlow: byPassword,
          payload: { username: 'ada', password: 'Temporary-Password-2' },
        });
      });
    }
  }
});
