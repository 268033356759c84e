import should from 'should';
import { publicClient, poolId } from '../support/pools';
import { fixedServer, scriptedServer, type TestServer } from '../support/servers';
import { type Setup, SignInFlow, stopFlowAfterEach, typed } from '../support/sign-in-flow';

describe('an answer that Cognito would not give', () => {
  stopFlowAfterEach();
  let server: TestServer | undefined;
  afterEach(() => server?.close());

  const at = ({ port }: TestServer): Setup => ({
    pool: { userPoolId: poolId, clientId: publicClient, api: 'client-side', endpoint: `http://127.0.0.1:${port}` },
    settings: typed('authFlow', 'str', 'USER_PASSWORD_AUTH'),
  });
  const message = () => ({ payload: { username: 'ada', password: 'Password-1' } });

  for (const [what, AuthenticationResult] of Object.entries({
    'no tokens': {},
    'a list': [],
    text: 'tokens',
    'an access token that is a number': { AccessToken: 5 },
    'an ID token that is an object': { AccessToken: 'a.b.c', IdToken: {} },
    'a time that is text': { AccessToken: 'a.b.c', ExpiresIn: 'soon' },
    'a device key that is a number': { AccessToken: 'a.b.c', NewDeviceMetadata: { DeviceKey: 5 } },
  })) {
    it(`as ${what} signs nobody in`, async () => {
      server = await scriptedServer({ InitiateAuth: { AuthenticationResult } });
      const flow = await SignInFlow.start(at(server));
      const { cognito } = await flow.caught(message(), 'AnswerUnexpected');
      should(cognito).be.undefined();
    });
  }

  for (const name of ['constructor', '__proto__', 'toString', 'x'.repeat(1000)]) {
    it(`as an exception by the name ${name.slice(0, 20)} is no code to switch on`, async () => {
      server = await fixedServer(
        400,
        { 'content-type': 'application/x-amz-json-1.1' },
        JSON.stringify({ __type: name }),
      );
      const flow = await SignInFlow.start(at(server));
      await flow.caught(message(), 'AnswerUnexpected');
    });
  }

  for (const answer of [
    { SecretCode: 'not base32' },
    { SecretCode: 'A'.repeat(5_000) },
    { SecretCode: 5 },
    { SecretCode: 'ABCDEFGHIJKLMNOP', Session: 5 },
  ]) {
    it(`as ${JSON.stringify(answer).slice(0, 60)} is no secret for an authenticator app`, async () => {
      server = await scriptedServer({ AssociateSoftwareToken: answer });
      const flow = await SignInFlow.start({ ...at(server), type: 'cognito-mfa-setup', settings: {} });
      await flow.caught({ payload: { AccessToken: 'a.b.c' } }, 'AnswerUnexpected');
    });
  }
});
