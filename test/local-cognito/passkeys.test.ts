import {
  CompleteWebAuthnRegistrationCommand,
  type CompleteWebAuthnRegistrationRequest,
  DeleteWebAuthnCredentialCommand,
  ListWebAuthnCredentialsCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PoolConfig } from '@cognito-flows/local-cognito';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import should from 'should';
import { Passkey } from '../support/passkey';
import { choiceApis } from './choice';
import { changedPool, MINUTE, oneWins, Practice, refused } from './support';

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const;

const localhost = { origin: 'http://localhost:1880', rpId: 'localhost' };

class PasskeyPractice extends Practice {
  async accessToken(username = 'ada'): Promise<string> {
    return (await this.password(username)).AuthenticationResult!.AccessToken!;
  }

  async begin(AccessToken: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { CredentialCreationOptions } = await this.sdk.send(new StartWebAuthnRegistrationCommand({ AccessToken }));
    return CredentialCreationOptions as unknown as PublicKeyCredentialCreationOptionsJSON;
  }

  complete(AccessToken: string, credential: RegistrationResponseJSON | object) {
    const Credential = credential as CompleteWebAuthnRegistrationRequest['Credential'];
    return this.sdk.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }));
  }

  /** Registers a passkey for a user who has a password and no MFA. */
  async register(passkey = new Passkey(localhost), username = 'ada'): Promise<Passkey> {
    const token = await this.accessToken(username);
    await this.complete(token, passkey.create(await this.begin(token)));
    return passkey;
  }

  async list(AccessToken: string) {
    const { Credentials } = await this.sdk.send(new ListWebAuthnCredentialsCommand({ AccessToken }));
    return Credentials!;
  }
}

function practiceWith(change: (pool: PoolConfig) => void): PasskeyPractice {
  return new PasskeyPractice(() => changedPool(change));
}

describe('registering a passkey', () => {
  const practice = new PasskeyPractice();

  it('begins with options for the browser', async () => {
    const options = await practice.begin(await practice.accessToken());
    should(options).have.properties({
      rp: { id: 'localhost', name: 'localhost' },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      excludeCredentials: [],
      authenticatorSelection: { requireResidentKey: true, residentKey: 'required', userVerification: 'preferred' },
    });
    should(options.user).have.properties({ name: 'ada', displayName: 'ada' });
    should(options.challenge).match(/^[\w-]{43}$/);
  });

  it('keeps key and counter, and lists the passkey', async () => {
    const passkey = await practice.register();
    should(practice.user('ada').passkeys).have.length(1);
    should(practice.user('ada').passkeys[0]).have.properties({
      id: passkey.id,
      counter: 0,
      relyingPartyId: 'localhost',
    });
    const [listed] = await practice.list(await practice.accessToken());
    should(listed).have.properties({
      CredentialId: passkey.id,
      FriendlyCredentialName: 'Passkey 1',
      RelyingPartyId: 'localhost',
      AuthenticatorAttachment: 'platform',
      AuthenticatorTransports: ['internal'],
    });
    should(listed!.CreatedAt!.getTime()).be.approximately(practice.local.clock.now(), MINUTE);
  });

  it('has the browser exclude what is registered already', async () => {
    const passkey = await practice.register();
    const { excludeCredentials } = await practice.begin(await practice.accessToken());
    should(excludeCredentials).deepEqual([{ type: 'public-key', id: passkey.id, transports: ['internal'] }]);
  });

  it('refuses the same credential again', async () => {
    const passkey = await practice.register();
    const token = await practice.accessToken();
    await refused(
      practice.complete(token, passkey.create(await practice.begin(token))),
      'WebAuthnCredentialNotSupportedException',
      'The credential is not supported',
    );
  });

  it('takes each challenge once', async () => {
    const token = await practice.accessToken();
    const options = await practice.begin(token);
    await practice.complete(token, new Passkey(localhost).create(options));
    await refused(
      practice.complete(token, new Passkey(localhost).create(options)),
      'WebAuthnChallengeNotFoundException',
      'The challenge is unknown or has expired',
    );
  });

  it('is won by one of two answers at once', async () => {
    const token = await practice.accessToken();
    const options = await practice.begin(token);
    const answer = () => practice.complete(token, new Passkey(localhost).create(options));
    const outcomes = await Promise.allSettled([answer(), answer()]);
    should(outcomes.map(({ status }) => status).sort()).deepEqual(['fulfilled', 'rejected']);
    should(practice.user('ada').passkeys).have.length(1);
  });

  it('refuses a challenge that is made up, expired, or of another user', async () => {
    const NOT_FOUND = ['WebAuthnChallengeNotFoundException', 'The challenge is unknown or has expired'] as const;
    const token = await practice.accessToken();
    const options = await practice.begin(token);
    const madeUp = new Passkey(localhost).create({ ...options, challenge: 'A'.repeat(43) });
    await refused(practice.complete(token, madeUp), ...NOT_FOUND);
    practice.user('sam').mfa = { enabled: [] };
    const other = await practice.accessToken('sam');
    await refused(practice.complete(other, new Passkey(localhost).create(options)), ...NOT_FOUND);
    practice.local.clock.advance(3 * MINUTE);
    await refused(practice.complete(token, new Passkey(localhost).create(options)), ...NOT_FOUND);
  });

  it('refuses to go on with another app client', async () => {
    const options = await practice.begin(await practice.accessToken());
    const { AuthenticationResult } = await practice.adminPassword('ada');
    await refused(
      practice.complete(AuthenticationResult!.AccessToken!, new Passkey(localhost).create(options)),
      'WebAuthnClientMismatchException',
      'The registration was started with another app client',
    );
  });

  it('takes any port of localhost, and no other origin', async () => {
    await practice.register(new Passkey({ origin: 'http://localhost', rpId: 'localhost' }));
    await practice.register(new Passkey({ origin: 'https://localhost:8443', rpId: 'localhost' }));
    for (const origin of [
      'http://127.0.0.1:1880',
      'https://localhost.example.com',
      'https://example.com',
      'nonsense',
    ]) {
      await refused(
        practice.register(new Passkey({ origin, rpId: 'localhost' })),
        'WebAuthnOriginNotAllowedException',
        `${origin} does not belong to the relying party localhost`,
      );
    }
  });

  it('refuses a credential for another relying party', () =>
    refused(
      practice.register(new Passkey({ ...localhost, rpId: 'example.com' })),
      'WebAuthnRelyingPartyMismatchException',
      'The credential is not for the relying party localhost',
    ));

  it('refuses what is no credential', async () => {
    const token = await practice.accessToken();
    const UNREADABLE = ['InvalidParameterException', 'Credential is not a public key credential in JSON'] as const;
    const credential = new Passkey(localhost).create(await practice.begin(token));
    const { response } = credential;
    for (const broken of [
      {},
      { ...credential, type: 'password' },
      { ...credential, response: undefined },
      { ...credential, response: { ...response, clientDataJSON: 'bm8ganNvbg' } },
      { ...credential, response: { ...response, attestationObject: 'bm8gY2Jvcg' } },
    ]) {
      await refused(practice.complete(token, broken), ...UNREADABLE);
    }
  });

  it('refuses an attestation that does not fit its credential', async () => {
    const token = await practice.accessToken();
    const credential = new Passkey(localhost).create(await practice.begin(token));
    await refused(
      practice.complete(token, { ...credential, rawId: 'b3RoZXI' }),
      'WebAuthnCredentialNotSupportedException',
      'The credential is not supported',
    );
  });

  it('ends at twenty passkeys', async () => {
    const token = await practice.accessToken();
    for (let i = 0; i < 20; i++)
      await practice.complete(token, new Passkey(localhost).create(await practice.begin(token)));
    await refused(
      practice.begin(token),
      'LimitExceededException',
      'The user has registered as many passkeys as there can be',
    );
  });

  it('needs an access token', async () => {
    const INVALID = ['NotAuthorizedException', 'Invalid Access Token'] as const;
    await refused(practice.begin('made.up.token'), ...INVALID);
    await refused(practice.complete('made.up.token', {}), ...INVALID);
    await refused(practice.list('made.up.token'), ...INVALID);
    const { body } = await practice.call('StartWebAuthnRegistration', {});
    should(body).have.property('__type', 'InvalidParameterException');
  });

  it('can be undone', async () => {
    const passkey = await practice.register();
    const AccessToken = await practice.accessToken();
    const remove = () =>
      practice.sdk.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId: passkey.id }));
    await remove();
    should(await practice.list(AccessToken)).be.empty();
    await refused(remove(), 'ResourceNotFoundException', `WebAuthn credential ${passkey.id} does not exist`);
    const { AvailableChallenges } = await practice.start('USER_AUTH', { USERNAME: 'ada' });
    should(AvailableChallenges).not.containEql('WEB_AUTHN');
  });
});

describe('signing in by passkey', () => {
  const practice = new PasskeyPractice();

  for (const [by, { start, answer }] of Object.entries(choiceApis(practice))) {
    describe(by, () => {
      const pose = (USERNAME = 'ada') => start({ USERNAME, PREFERRED_CHALLENGE: 'WEB_AUTHN' });
      const respond = (assertion: AuthenticationResponseJSON, Session?: string, USERNAME = 'ada') =>
        answer('WEB_AUTHN', { USERNAME, CREDENTIAL: JSON.stringify(assertion) }, Session);
      const options = (response: { ChallengeParameters?: Record<string, string> | undefined }) =>
        response.ChallengeParameters!.CREDENTIAL_REQUEST_OPTIONS!;

      it('is offered, posed and accepted', async () => {
        const passkey = await practice.register();
        const posed = await pose();
        should(posed).have.properties({
          ChallengeName: 'WEB_AUTHN',
          AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN', 'EMAIL_OTP'],
        });
        should(JSON.parse(options(posed))).have.properties({
          rpId: 'localhost',
          allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal'] }],
          userVerification: 'preferred',
        });
        const { AuthenticationResult } = await respond(passkey.get(options(posed)), posed.Session);
        should(AuthenticationResult).have.properties(['AccessToken', 'IdToken', 'RefreshToken']);
        should(practice.user('ada').passkeys[0]).have.property('counter', 1);
      });

      it('can be chosen, with the assertion at once or when asked for it', async () => {
        const passkey = await practice.register();
        const choice = await start({ USERNAME: 'ada' });
        const select = { USERNAME: 'ada', ANSWER: 'WEB_AUTHN' };
        const CREDENTIAL = JSON.stringify(passkey.get(options(choice)));
        const atOnce = await answer('SELECT_CHALLENGE', { ...select, CREDENTIAL }, choice.Session);
        should(atOnce.AuthenticationResult).have.property('AccessToken');
        const { Session } = await start({ USERNAME: 'ada' });
        const posed = await answer('SELECT_CHALLENGE', select, Session);
        should(posed).have.property('ChallengeName', 'WEB_AUTHN');
        const { AuthenticationResult } = await respond(passkey.get(options(posed)), posed.Session);
        should(AuthenticationResult).have.property('AccessToken');
      });

      it('takes each of several passkeys', async () => {
        const passkeys = [await practice.register(), await practice.register()];
        for (const passkey of passkeys) {
          const posed = await pose();
          const { AuthenticationResult } = await respond(passkey.get(options(posed)), posed.Session);
          should(AuthenticationResult).have.property('AccessToken');
        }
      });

      it('is won by one of several right answers at once', async () => {
        const passkey = await practice.register();
        const posed = await pose();
        const assertion = passkey.get(options(posed));
        await oneWins(
          [1, 2, 3].map(() => respond(assertion, posed.Session)),
          USED[1],
        );
      });

      it('is not offered to a user who has none', async () => {
        should(await pose()).have.property('ChallengeName', 'SELECT_CHALLENGE');
        const { Session } = await start({ USERNAME: 'ada' });
        await refused(
          answer('SELECT_CHALLENGE', { USERNAME: 'ada', ANSWER: 'WEB_AUTHN' }, Session),
          'InvalidParameterException',
          'ANSWER is not one of the available challenges',
        );
      });

      it('is not offered to a user with MFA', async () => {
        await practice.register();
        practice.user('ada').mfa = { enabled: ['EMAIL_OTP'] };
        should(await pose()).have.property('AvailableChallenges', ['PASSWORD', 'PASSWORD_SRP']);
      });

      for (const [what, forge] of [
        ['a signature over something else', (own: Passkey, asked: string) => tampered(own.get(asked))],
        ['the assertion of a stranger’s key', (_: Passkey, asked: string) => new Passkey(localhost).get(asked)],
        [
          'a stranger’s signature under the right name',
          (own: Passkey, asked: string) => ({
            ...new Passkey(localhost).get(asked),
            id: own.id,
            rawId: own.id,
          }),
        ],
        ['an assertion for another challenge', (own: Passkey) => own.get({ challenge: 'A'.repeat(43) })],
        [
          'the user handle of somebody else',
          (own: Passkey, asked: string) => withUserHandle(own.get(asked), 'b3RoZXI'),
        ],
      ] as const) {
        it(`refuses ${what}, and ends the attempt`, async () => {
          const passkey = await practice.register();
          const posed = await pose();
          await refused(respond(forge(passkey, options(posed)), posed.Session), ...WRONG);
          await refused(respond(passkey.get(options(posed)), posed.Session), ...USED);
        });
      }

      it('refuses an assertion made on another site, or for another relying party', async () => {
        for (const elsewhere of [
          { origin: 'https://example.com', rpId: 'localhost' },
          { origin: 'http://127.0.0.1:1880', rpId: 'localhost' },
          { origin: 'http://localhost:1880', rpId: 'example.com' },
        ]) {
          const site = { ...localhost };
          const passkey = await practice.register(new Passkey(site));
          Object.assign(site, elsewhere);
          const posed = await pose();
          await refused(respond(passkey.get(options(posed)), posed.Session), ...WRONG);
        }
      });

      it('refuses an assertion that was accepted before', async () => {
        const passkey = await practice.register();
        const posed = await pose();
        const assertion = passkey.get(options(posed));
        await respond(assertion, posed.Session);
        await refused(respond(assertion, posed.Session), ...USED);
        const again = await pose();
        await refused(respond(assertion, again.Session), ...WRONG);
      });

      it('refuses a counter that goes back, as a copied key’s does', async () => {
        const passkey = await practice.register();
        const first = await pose();
        await respond(passkey.get(options(first)), first.Session);
        passkey.counter = 0;
        const second = await pose();
        await refused(respond(passkey.get(options(second)), second.Session), ...WRONG);
      });

      it('tells unreadable credentials, which leave the session usable', async () => {
        const passkey = await practice.register();
        const posed = await pose();
        const UNREADABLE = ['InvalidParameterException', 'CREDENTIAL is not a public key credential in JSON'] as const;
        for (const CREDENTIAL of [
          'nonsense',
          '{}',
          '[]',
          JSON.stringify({ ...passkey.get(options(posed)), response: {} }),
        ]) {
          await refused(answer('WEB_AUTHN', { USERNAME: 'ada', CREDENTIAL }, posed.Session), ...UNREADABLE);
        }
        await refused(
          answer('WEB_AUTHN', { USERNAME: 'ada' }, posed.Session),
          'InvalidParameterException',
          'Missing required parameter CREDENTIAL',
        );
        const { AuthenticationResult } = await respond(passkey.get(options(posed)), posed.Session);
        should(AuthenticationResult).have.property('AccessToken');
      });

      it('gives three minutes for an answer', async () => {
        const passkey = await practice.register();
        const posed = await pose();
        should(JSON.parse(options(posed))).have.property('timeout', 3 * MINUTE);
        practice.local.clock.advance(3 * MINUTE);
        practice.sdk.config.systemClockOffset = practice.local.clock.now() - Date.now();
        await refused(
          respond(passkey.get(options(posed)), posed.Session),
          'NotAuthorizedException',
          'Invalid session for the user, session is expired.',
        );
      });

      it('asks some users who do not exist as well, and refuses them by the same words', async () => {
        let asked = 0;
        for (let i = 0; i < 80 && asked < 3; i++) {
          const USERNAME = `nobody-${i}`;
          const posed = await pose(USERNAME);
          if (posed.ChallengeName !== 'WEB_AUTHN') continue;
          asked += 1;
          const { allowCredentials } = JSON.parse(options(posed)) as { allowCredentials: { id: string }[] };
          const id = allowCredentials[0]!.id;
          const assertion = { ...new Passkey(localhost).get(options(posed)), id, rawId: id };
          await refused(respond(assertion, posed.Session, USERNAME), ...WRONG);
        }
        should(asked).be.above(0);
      });
    });
  }

  it('lets a passwordless user in, who registered after a one-time code', async () => {
    const { Session } = await practice.start('USER_AUTH', { USERNAME: 'olga', PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    const names = { USERNAME: 'olga', EMAIL_OTP_CODE: practice.codeOf('olga') };
    const token = (await practice.answer('EMAIL_OTP', names, Session)).AuthenticationResult!.AccessToken!;
    const passkey = new Passkey(localhost);
    await practice.complete(token, passkey.create(await practice.begin(token)));
    const posed = await practice.start('USER_AUTH', { USERNAME: 'olga', PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    const CREDENTIAL = JSON.stringify(passkey.get(posed.ChallengeParameters!.CREDENTIAL_REQUEST_OPTIONS!));
    const { AuthenticationResult } = await practice.answer(
      'WEB_AUTHN',
      { USERNAME: 'olga', CREDENTIAL },
      posed.Session,
    );
    should(AuthenticationResult).have.property('AccessToken');
  });
});

describe('passkeys, as the pool is set', () => {
  describe('with user verification required', () => {
    const practice = practiceWith((pool) => {
      pool.webAuthnConfiguration = { relyingPartyId: 'localhost', userVerification: 'required' };
    });

    it('refuses authenticators that do not verify their user', async () => {
      await refused(
        practice.register(new Passkey({ ...localhost, verifiesUser: false })),
        'WebAuthnCredentialNotSupportedException',
        'The credential is not supported',
      );
    });

    it('refuses an assertion without it', async () => {
      const habits = { ...localhost, verifiesUser: true };
      const passkey = await practice.register(new Passkey(habits));
      habits.verifiesUser = false;
      const posed = await practice.start('USER_AUTH', { USERNAME: 'ada', PREFERRED_CHALLENGE: 'WEB_AUTHN' });
      const CREDENTIAL = JSON.stringify(passkey.get(posed.ChallengeParameters!.CREDENTIAL_REQUEST_OPTIONS!));
      await refused(practice.answer('WEB_AUTHN', { USERNAME: 'ada', CREDENTIAL }, posed.Session), ...WRONG);
    });
  });

  describe('with user verification preferred', () => {
    const practice = new PasskeyPractice();

    it('takes authenticators that do not verify their user', async () => {
      await practice.register(new Passkey({ ...localhost, verifiesUser: false }));
      should(practice.user('ada').passkeys).have.length(1);
    });
  });

  describe('with a domain', () => {
    const practice = practiceWith((pool) => {
      pool.webAuthnConfiguration = { relyingPartyId: 'example.com' };
    });

    it('takes HTTPS on it and below it alone', async () => {
      for (const origin of ['https://example.com', 'https://login.example.com:8443']) {
        await practice.register(new Passkey({ origin, rpId: 'example.com' }));
      }
      for (const origin of ['http://example.com', 'https://badexample.com', 'http://localhost:1880']) {
        await refused(
          practice.register(new Passkey({ origin, rpId: 'example.com' })),
          'WebAuthnOriginNotAllowedException',
          `${origin} does not belong to the relying party example.com`,
        );
      }
    });
  });

  describe('without a relying party', () => {
    const practice = practiceWith((pool) => {
      delete pool.webAuthnConfiguration;
    });

    it('tells that it is missing', async () => {
      const token = await practice.accessToken();
      await refused(
        practice.begin(token),
        'WebAuthnConfigurationMissingException',
        'The user pool has no relying party ID',
      );
    });
  });

  describe('without passkeys in the sign-in policy', () => {
    const practice = practiceWith((pool) => {
      pool.signInPolicy = { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] };
    });

    it('tells that they are off', async () => {
      const OFF = ['WebAuthnNotEnabledException', 'Passkeys are not enabled for the user pool'] as const;
      const token = await practice.accessToken();
      await refused(practice.begin(token), ...OFF);
      await refused(practice.complete(token, {}), ...OFF);
    });
  });
});

function tampered(assertion: AuthenticationResponseJSON): AuthenticationResponseJSON {
  const data = Buffer.from(assertion.response.authenticatorData, 'base64url');
  data.writeUInt32BE(1000, 33);
  return { ...assertion, response: { ...assertion.response, authenticatorData: data.toString('base64url') } };
}

function withUserHandle(assertion: AuthenticationResponseJSON, userHandle: string): AuthenticationResponseJSON {
  return { ...assertion, response: { ...assertion.response, userHandle } };
}
