import should from 'should';
import { type Exchange, relayServer, scriptedServer, type TestServer } from '../support/servers';
import { SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

const jwt = (claims: object): string =>
  ['{}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');

const tokens = {
  AccessToken: jwt({ username: 'ada' }),
  IdToken: jwt({ 'cognito:username': 'ada' }),
  RefreshToken: 'refresh-token',
  TokenType: 'Bearer',
  ExpiresIn: 3600,
};

const challenge = {
  ChallengeName: 'RETINA_SCAN',
  Session: 'a-session-of-twenty-characters',
  ChallengeParameters: { USER_ID_FOR_SRP: 'ada', EYES: 'both' },
};

describe('a flow and a challenge that Cognito adds tomorrow', () => {
  let cognito: TestServer;
  let relay: TestServer;
  let exchanges: Exchange[];
  const pool = new TestPool();
  beforeEach(async () => {
    exchanges = [];
    cognito = await scriptedServer({
      InitiateAuth: challenge,
      AdminInitiateAuth: challenge,
      RespondToAuthChallenge: { AuthenticationResult: tokens },
      AdminRespondToAuthChallenge: { AuthenticationResult: tokens },
    });
    relay = await relayServer(`http://127.0.0.1:${cognito.port}`, (exchange) => exchanges.push(exchange) > 0);
  });
  stopFlowAfterEach();
  afterEach(async () => {
    await relay.close();
    await cognito.close();
  });

  for (const [name, access] of [
    ['server-side', () => pool.serverSide({ endpoint: `http://127.0.0.1:${relay.port}` })],
    ['client-side', () => pool.clientSide({ endpoint: `http://127.0.0.1:${relay.port}` })],
  ] as const) {
    it(`sign in today by extra parameters, ${name}`, async () => {
      const extra = typed('extraParameters', 'msg', 'extra');
      const flow = await SignInFlow.start({
        ...access(),
        settings: { ...typed('authFlow', 'str', 'AUTH_OF_TOMORROW'), ...extra },
        answer: { settings: extra },
      });
      const start = { payload: { username: 'ada' }, extra: { GLASSES: 'no' } };
      const { payload, cognito: state } = await flow.challenged(start, 'RETINA_SCAN');
      should(payload).match({ ChallengeParameters: { EYES: 'both' } });
      const { by, msg } = await flow.answer({ payload: {}, cognito: state, extra: { LEFT: 'blue', RIGHT: 'green' } });
      should(by).equal('port 1');
      should(msg).match({ payload: tokens, cognito: { username: 'ada' } });
      const [started, answered] = exchanges.map(({ request }) => JSON.parse(request) as object);
      should(started).match({ AuthFlow: 'AUTH_OF_TOMORROW', AuthParameters: { USERNAME: 'ada', GLASSES: 'no' } });
      should(answered).match({
        ChallengeName: 'RETINA_SCAN',
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: 'ada', LEFT: 'blue', RIGHT: 'green' },
      });
    });
  }
});
