import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { Person } from '../support/person';
import { openPools, password, publicClient } from '../support/pools';
import { type Message, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

interface Challenged {
  readonly ChallengeParameters: Record<string, string>;
  readonly AvailableChallenges: string[];
}

const challenged = ({ payload }: Message): Challenged => payload as Challenged;

describe('choice-based sign-in', () => {
  const pool = new TestPool(() => ({ pools: openPools() }));
  stopFlowAfterEach();

  const start = (access = pool.clientSide()) =>
    SignInFlow.start({ ...access, settings: typed('authFlow', 'str', 'USER_AUTH'), answer: {} });
  const ada = (more: object = {}) => ({ payload: { username: 'ada', ...more } });
  const operations = () => pool.local.requests.map(({ operation }) => operation);
  const parameters = () => pool.requests('InitiateAuth').at(-1)?.AuthParameters;
  const isSignedIn = (arrival: { by: string; msg: Message }) =>
    should(arrival).match({ by: 'port 1', msg: { payload: { AccessToken: /^ey/ }, cognito: { username: 'ada' } } });

  /** Ada with a passkey, and without MFA. */
  async function withPasskey(): Promise<Person> {
    const person = new Person(pool, pool.clientSide(), 'ada', password);
    await person.registerPasskey();
    return person;
  }

  describe('with a preference', () => {
    it('for the password signs in with the first request', async () => {
      const flow = await start();
      await flow.signedIn(ada({ preferredChallenge: 'PASSWORD', password }));
      should(operations()).deepEqual(['InitiateAuth']);
      should(parameters()).deepEqual({ USERNAME: 'ada', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password });
    });

    it('for SRP proves the password in the same step, and never sends it', async () => {
      const flow = await start();
      await flow.signedIn(ada({ preferredChallenge: 'PASSWORD_SRP', password }));
      should(operations()).deepEqual(['InitiateAuth', 'RespondToAuthChallenge']);
      should(parameters()).match({ PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: /^[0-9a-f]{700,}$/ });
      should(JSON.stringify(pool.local.requests)).not.containEql(password);
    });

    it('for a passkey leaves with the options for the browser', async () => {
      const { passkey } = await withPasskey();
      const flow = await start();
      const { payload } = await flow.challenged(ada({ preferredChallenge: 'WEB_AUTHN' }), 'WEB_AUTHN');
      const { ChallengeParameters } = payload as Challenged;
      const options = JSON.parse(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS!) as object;
      should(options).match({ rpId: 'localhost', allowCredentials: [{ id: passkey.id }] });
    });

    for (const [name, username] of [
      ['EMAIL_OTP', 'ada'],
      ['SMS_OTP', 'sam'],
    ] as const) {
      it(`for ${name} has the code sent at once`, async () => {
        pool.user(username).mfa = { enabled: [] };
        const flow = await start();
        const { cognito } = await flow.challenged({ payload: { username, preferredChallenge: name } }, name);
        const arrival = await flow.answer({ payload: { code: pool.codeOf(username) }, cognito });
        should(arrival).match({ by: 'port 1', msg: { cognito: { username } } });
      });
    }

    it('that the user can’t meet leaves with the choice', async () => {
      const flow = await start();
      const msg = await flow.challenged(ada({ preferredChallenge: 'WEB_AUTHN' }), 'SELECT_CHALLENGE');
      should(challenged(msg).AvailableChallenges).deepEqual(['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP']);
    });
  });

  describe('without a preference', () => {
    const meet = async (flow: SignInFlow) => flow.challenged(ada(), 'SELECT_CHALLENGE');

    it('leaves with what can be chosen', async () => {
      await withPasskey();
      const msg = await meet(await start());
      should(challenged(msg).AvailableChallenges).deepEqual(['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN', 'EMAIL_OTP']);
    });

    for (const choice of ['PASSWORD', 'PASSWORD_SRP']) {
      it(`takes ${choice} and the password in one answer`, async () => {
        const flow = await start();
        const { cognito } = await meet(flow);
        isSignedIn(await flow.answer({ payload: { choice, password }, cognito }));
      });
    }

    it('takes WEB_AUTHN and the passkey in one answer', async () => {
      const { passkey } = await withPasskey();
      const flow = await start();
      const msg = await meet(flow);
      const credential = passkey.get(challenged(msg).ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS!);
      isSignedIn(await flow.answer({ payload: { choice: 'WEB_AUTHN', credential }, cognito: msg.cognito }));
    });

    it('takes EMAIL_OTP, then the code', async () => {
      const flow = await start();
      const { cognito } = await meet(flow);
      const { msg } = await flow.answer({ payload: { choice: 'EMAIL_OTP' }, cognito });
      should(msg.payload).match({ ChallengeName: 'EMAIL_OTP' });
      isSignedIn(await flow.answer({ payload: { code: pool.codeOf('ada') }, cognito: msg.cognito }));
    });

    it('refuses a choice that was not offered, and takes another one then', async () => {
      const flow = await start();
      const { cognito } = await meet(flow);
      const refused = await flow.answer({ payload: { choice: 'SMS_OTP' }, cognito });
      should(refused).match({ by: 'Catch', msg: { error: { code: 'InvalidParameterException' } } });
      isSignedIn(await flow.answer({ payload: { choice: 'PASSWORD', password }, cognito: refused.msg.cognito }));
    });
  });

  describe('a passkey’s credential', () => {
    for (const [form, given] of [
      ['an object', (credential: object) => credential],
      ['a string', (credential: object) => JSON.stringify(credential)],
    ] as const) {
      it(`may be ${form}, is sent as JSON text, and is erased from the message`, async () => {
        const { passkey } = await withPasskey();
        const flow = await start();
        const msg = await flow.challenged(ada({ preferredChallenge: 'WEB_AUTHN' }), 'WEB_AUTHN');
        const credential = passkey.get(challenged(msg).ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS!);
        const payload = { credential: given(credential) };
        isSignedIn(await flow.answer({ payload, cognito: msg.cognito }));
        should(payload).not.have.property('credential');
        const { CREDENTIAL } = pool.lastRequest.ChallengeResponses as { CREDENTIAL: string };
        should(JSON.parse(CREDENTIAL)).deepEqual(credential);
      });
    }
  });

  it('signs in with the session of ConfirmSignUp, without another challenge', async () => {
    const sdk = new CognitoIdentityProviderClient({ endpoint: pool.local.endpoint, region: 'eu-west-1' });
    const user = { ClientId: publicClient, Username: 'iris' };
    const UserAttributes = [
      { Name: 'email', Value: 'iris@example.com' },
      { Name: 'name', Value: 'Iris' },
    ];
    try {
      const signedUp = await sdk.send(new SignUpCommand({ ...user, Password: password, UserAttributes }));
      const code = { ConfirmationCode: pool.codeOf('iris'), Session: signedUp.Session };
      const { Session: session } = await sdk.send(new ConfirmSignUpCommand({ ...user, ...code }));
      const settings = { ...typed('authFlow', 'str', 'USER_AUTH'), ...typed('session', 'msg', 'session') };
      const flow = await SignInFlow.start({ ...pool.clientSide(), settings });
      const { cognito } = await flow.signedIn({ payload: { username: 'iris' }, session });
      should(cognito).match({ username: 'iris' });
    } finally {
      sdk.destroy();
    }
  });

  it('steps up from the level of an access token, which is erased from the message', async () => {
    const flow = await start();
    const { payload: tokens } = await flow.signedIn(
      ada({ preferredChallenge: 'PASSWORD', password, targetAcrValues: 'urn:cognito:loa:1' }),
    );
    const { AccessToken } = tokens as { AccessToken: string };
    pool.user('ada').mfa = { enabled: ['EMAIL_OTP'] };
    const level = 'urn:cognito:loa:3';
    const payload = { username: 'ada', accessToken: AccessToken, targetAcrValues: level, maxAge: 300 };
    const { cognito } = await flow.challenged({ payload }, 'EMAIL_OTP');
    should(payload).not.have.property('accessToken');
    should(parameters()).deepEqual({
      USERNAME: 'ada',
      ACCESS_TOKEN: AccessToken,
      TARGET_ACR_VALUES: level,
      MAX_AGE: '300',
    });
    const arrival = await flow.answer({ payload: { code: pool.codeOf('ada') }, cognito });
    should(arrival).match({ by: 'port 1', msg: { cognito: { claims: { acr: level } } } });
  });
});
