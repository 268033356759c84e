import type { PoolConfig } from '@cognito-flows/local-cognito';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import should from 'should';
import { Passkey } from '../support/passkey';
import { password, publicClient, testPools } from '../support/pools';
import { answerLosingServer } from '../support/servers';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

const localhost = { origin: 'http://localhost:1880', rpId: 'localhost' };

/** The tests' pools, the first of which takes passkeys. */
function passkeyPools(change: (pool: PoolConfig) => void = () => undefined): { pools: PoolConfig[] } {
  const pools = testPools();
  const [pool] = pools as [PoolConfig];
  for (const client of pool.clients) {
    client.explicitAuthFlows = [...(client.explicitAuthFlows ?? []), 'ALLOW_USER_AUTH'];
  }
  pool.signInPolicy = { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] };
  pool.webAuthnConfiguration = { relyingPartyId: 'localhost' };
  change(pool);
  return { pools };
}

/** A user who has signed in, and the node “passkey setup” behind it. */
class Registration {
  private constructor(
    readonly accessToken: string,
    readonly flow: SignInFlow,
  ) {}

  static async start(access: Access, setup: Setup = {}): Promise<Registration> {
    const signingIn = await SignInFlow.start(access);
    const { payload } = await signingIn.signedIn({ payload: { username: 'ada', password } });
    const { AccessToken } = payload as { AccessToken: string };
    return new Registration(
      AccessToken,
      await SignInFlow.start({ type: 'cognito-passkey-setup', ...access, ...setup }),
    );
  }

  options(): Promise<Message> {
    return this.flow.leaves('port 2', { payload: { AccessToken: this.accessToken } });
  }

  async made(passkey = new Passkey(localhost)) {
    const { payload } = await this.options();
    return passkey.create(payload as PublicKeyCredentialCreationOptionsJSON);
  }

  registered(credential: unknown): Promise<Message> {
    return this.flow.leaves('port 1', { payload: { AccessToken: this.accessToken, credential } });
  }

  refused(credential: unknown, code: string) {
    return this.flow.caught({ payload: { AccessToken: this.accessToken, credential } }, code);
  }
}

describe('the node “passkey setup”', () => {
  describe('at a user pool that takes passkeys', () => {
    const pool = new TestPool(() => passkeyPools());
    stopFlowAfterEach();

    const accesses: Record<string, () => Access> = {
      'server-side at a client with a secret': () => pool.serverSide(),
      'server-side at a client without a secret': () => pool.serverSideWithoutSecret(),
      'client-side at a client with a secret': () => pool.clientSideWithSecret(),
      'client-side at a client without a secret': () => pool.clientSide(),
    };

    for (const [name, access] of Object.entries(accesses)) {
      it(`hands out options and registers what a browser makes of them, ${name}`, async () => {
        const passkey = new Passkey(localhost);
        const registration = await Registration.start(access());
        const { payload } = await registration.registered(await registration.made(passkey));
        should(payload).deepEqual({ CredentialId: passkey.id });
        should(pool.user('ada').passkeys.map(({ id }) => id)).deepEqual([passkey.id]);
      });

      it(`registers what signs in afterwards, ${name}`, async () => {
        const passkey = new Passkey(localhost);
        const registration = await Registration.start(access());
        await registration.registered(await registration.made(passkey));

        const flow = await SignInFlow.start({
          ...access(),
          settings: typed('authFlow', 'str', 'USER_AUTH'),
          answer: {},
        });
        const start = { payload: { username: 'ada', preferredChallenge: 'WEB_AUTHN' } };
        const { payload, cognito } = await flow.challenged(start, 'WEB_AUTHN');
        const { ChallengeParameters } = payload as { ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: string } };
        const credential = passkey.get(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS);
        const { by, msg } = await flow.answer({ payload: { credential }, cognito });
        should(by).equal('port 1');
        should(msg.cognito).match({ username: 'ada', claims: { 'cognito:username': 'ada' } });
      });
    }

    it('works right behind a sign-in', async () => {
      const signingIn = await SignInFlow.start(pool.serverSide());
      const signedIn = await signingIn.signedIn({ payload: { username: 'ada', password } });
      const flow = await SignInFlow.start({ type: 'cognito-passkey-setup', ...pool.serverSide() });
      const { cognito } = signedIn;
      const msg = await flow.leaves('port 2', { ...signedIn, topic: 'kept' });
      should(msg.payload).match({ rp: { id: 'localhost' }, user: { name: 'ada' }, challenge: /./ });
      should(msg).match({ topic: 'kept', cognito });
    });

    it('hands out plain JSON, and nothing else', async () => {
      const { payload } = await (await Registration.start(pool.clientSide())).options();
      should(JSON.parse(JSON.stringify(payload))).deepEqual(payload);
      should(payload).not.have.any.keys('$metadata', 'CredentialCreationOptions');
    });

    it('takes the passkey as JSON text', async () => {
      const registration = await Registration.start(pool.serverSide());
      const credential = await registration.made();
      const { payload } = await registration.registered(JSON.stringify(credential));
      should(payload).deepEqual({ CredentialId: credential.id });
    });

    it('reads both inputs from elsewhere', async () => {
      const registration = await Registration.start(pool.serverSide(), {
        settings: { ...typed('accessToken', 'flow', 'token'), ...typed('credential', 'msg', 'made') },
      });
      const { flow, accessToken } = registration;
      flow.node.context().flow.set('token', accessToken);
      const { payload } = await flow.leaves('port 2', { payload: 'untouched so far' });
      const made = new Passkey(localhost).create(payload as PublicKeyCredentialCreationOptionsJSON);
      should(await flow.leaves('port 1', { made })).have.property('payload', { CredentialId: made.id });
    });

    it('sends the access token and the passkey, and nothing else', async () => {
      const registration = await Registration.start(pool.serverSide());
      const credential = await registration.made();
      await registration.registered(credential);
      should(pool.requests('StartWebAuthnRegistration')).deepEqual([{ AccessToken: registration.accessToken }]);
      should(pool.requests('CompleteWebAuthnRegistration')).deepEqual([
        { AccessToken: registration.accessToken, Credential: credential },
      ]);
    });

    it('needs no IAM credentials', async () => {
      const { accessToken } = await Registration.start(pool.serverSide());
      const flow = await SignInFlow.start({
        type: 'cognito-passkey-setup',
        ...pool.serverSide({ credentialsSource: 'profile', profile: 'that-nobody-has' }),
      });
      await flow.leaves('port 2', { payload: { AccessToken: accessToken } });
    });

    it('erases the access token and the passkey from the message, the request’s body included', async () => {
      const registration = await Registration.start(pool.serverSide());
      const { accessToken, flow } = registration;
      const credential = await registration.made();
      const body = { AccessToken: accessToken, credential, extra: 'kept' };
      await flow.leaves('port 1', { payload: body, req: { body } });
      should(body).deepEqual({ extra: 'kept' });
      const failing = { AccessToken: accessToken, credential, extra: 'kept' };
      const msg = await flow.caught({ payload: failing }, 'WebAuthnChallengeNotFoundException');
      should(msg.payload).deepEqual({ extra: 'kept' });
    });

    it('shows in its status what it waits for, and what it has done', async () => {
      const registration = await Registration.start(pool.serverSide());
      const { flow } = registration;
      const credential = await registration.made();
      while (flow.statuses.at(-1)?.text !== 'showOptions') await flow.nextStatus();
      should(flow.statuses.at(-1)).match({ fill: 'yellow', shape: 'ring' });
      await registration.registered(credential);
      while (flow.statuses.at(-1)?.text !== 'registered') await flow.nextStatus();
      should(flow.statuses.at(-1)).match({ fill: 'green', shape: 'dot' });
    });

    describe('refuses', () => {
      it('a message without an access token, by the name of the field', async () => {
        const { flow } = await Registration.start(pool.serverSide());
        const asked = pool.local.requests.length;
        for (const payload of [{}, { credential: { id: 'x' } }, 'text']) {
          const { error } = await flow.caught({ payload }, 'InputMissing');
          should(error.cause).have.property('field', 'accessToken');
        }
        should(pool.local.requests).have.length(asked);
      });

      it('an access token that is none, in Cognito’s words', async () => {
        const { flow } = await Registration.start(pool.serverSide());
        const { error } = await flow.caught({ payload: { AccessToken: 'made.up.token' } }, 'NotAuthorizedException');
        should(error.cause).have.property('message', 'Invalid Access Token');
      });

      it('an access token that has expired, in Cognito’s words', async () => {
        const { flow, accessToken } = await Registration.start(pool.serverSide());
        pool.local.clock.advance(2 * 3_600_000);
        const { error } = await flow.caught({ payload: { AccessToken: accessToken } }, 'NotAuthorizedException');
        should(error.cause).have.property('message', 'Access Token has expired');
      });

      for (const [what, credential] of Object.entries<unknown>({
        'text that is no JSON': 'not JSON',
        'JSON that is no object': '["id"]',
        'an object without an id': { type: 'public-key' },
      })) {
        it(`a passkey that is none: ${what}`, async () => {
          const registration = await Registration.start(pool.serverSide());
          const { error } = await registration.refused(credential, 'InputInvalid');
          should(error.cause).match({ field: 'credential', expected: 'RegistrationResponseJSON' });
        });
      }

      it('a passkey that was registered already', async () => {
        const registration = await Registration.start(pool.serverSide());
        const credential = await registration.made();
        await registration.registered(credential);
        await registration.refused(credential, 'WebAuthnChallengeNotFoundException');
      });

      it('a passkey whose options have expired', async () => {
        const registration = await Registration.start(pool.serverSide());
        const credential = await registration.made();
        pool.local.clock.advance(10 * 60_000);
        await registration.refused(credential, 'WebAuthnChallengeNotFoundException');
      });

      it('a passkey of a page that was opened as 127.0.0.1', async () => {
        const registration = await Registration.start(pool.serverSide());
        const passkey = new Passkey({ origin: 'http://127.0.0.1:1880', rpId: 'localhost' });
        await registration.refused(await registration.made(passkey), 'WebAuthnOriginNotAllowedException');
      });

      it('a passkey for another relying party', async () => {
        const registration = await Registration.start(pool.serverSide());
        const passkey = new Passkey({ ...localhost, rpId: 'example.com' });
        await registration.refused(await registration.made(passkey), 'WebAuthnRelyingPartyMismatchException');
      });

      it('an access token of another app client than the one that asked for the options', async () => {
        const registration = await Registration.start(pool.serverSide());
        const credential = await registration.made();
        const other = await Registration.start(
          pool.serverSide({ clientId: publicClient }, { clientSecret: undefined }),
        );
        await other.refused(credential, 'WebAuthnClientMismatchException');
      });
    });

    it('is NetworkError, and no refusal, where the answer to the passkey was lost on its way back', async () => {
      let lost = 0;
      const server = await answerLosingServer(pool.local.endpoint, (operation) => {
        if (operation !== 'CompleteWebAuthnRegistration') return false;
        lost += 1;
        return lost === 1;
      });
      try {
        const endpoint = `http://127.0.0.1:${server.port}`;
        const registration = await Registration.start(pool.clientSide({ endpoint }));
        await registration.refused(await registration.made(), 'NetworkError');
        should(lost).equal(2);
      } finally {
        await server.close();
      }
    });
  });

  const unfit: Record<string, [code: string, change: (pool: PoolConfig) => void]> = {
    'that has passkeys off': ['WebAuthnNotEnabledException', (pool) => delete pool.signInPolicy],
    'without a relying party': ['WebAuthnConfigurationMissingException', (pool) => delete pool.webAuthnConfiguration],
  };
  for (const [what, [code, change]] of Object.entries(unfit)) {
    describe(`at a user pool ${what}`, () => {
      const pool = new TestPool(() => passkeyPools(change));
      stopFlowAfterEach();

      it(`fails with ${code}`, async () => {
        const { flow, accessToken } = await Registration.start(pool.serverSide());
        await flow.caught({ payload: { AccessToken: accessToken } }, code);
      });
    });
  }
});
