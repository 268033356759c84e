import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOTP } from 'otpauth';
import should from 'should';
import { SignInFlow, stopFlowAfterEach, typed, type Message, type Setup } from '../support/sign-in-flow';
import { startMoto, type MotoServer } from './moto-server';

/*
 * The nodes against moto's Cognito, for what moto honestly covers on the server-side API. It checks no SECRET_HASH at
 * the start and no SRP proof, so those stand in the other tests; it does check SECRET_HASH in answers to MFA.
 */

const password = 'Moto-1234';
const keys = { accessKeyId: 'moto', secretAccessKey: 'moto' };

describe('against moto', function () {
  this.timeout(60_000);
  stopFlowAfterEach();

  let moto: MotoServer;
  let client: CognitoIdentityProviderClient;
  let UserPoolId: string;
  let ClientId: string;
  let clientSecret: string;

  before(async () => {
    moto = await startMoto();
    client = new CognitoIdentityProviderClient({
      region: 'us-east-1',
      endpoint: moto.endpoint,
      credentials: { ...keys },
    });
    const pool = await client.send(new CreateUserPoolCommand({ PoolName: 'moto' }));
    UserPoolId = pool.UserPool?.Id ?? '';
    const created = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'moto', GenerateSecret: true }),
    );
    ClientId = created.UserPoolClient?.ClientId ?? '';
    clientSecret = created.UserPoolClient?.ClientSecret ?? '';
  });

  after(async () => {
    client.destroy();
    await moto.stop();
  });

  async function createUser(Username: string): Promise<void> {
    await client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        TemporaryPassword: password,
        UserAttributes: [{ Name: 'phone_number', Value: '+12025550100' }],
      }),
    );
  }

  async function createConfirmedUser(Username: string): Promise<void> {
    await createUser(Username);
    await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }));
  }

  /** Registers a TOTP secret as the user's preferred MFA; answers the secret. */
  async function enrolTotp(Username: string): Promise<string> {
    const { AuthenticationResult } = await client.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: Username, PASSWORD: password },
      }),
    );
    const AccessToken = AuthenticationResult?.AccessToken;
    const { SecretCode = '' } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    await client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: totpCode(SecretCode) }));
    await client.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
    return SecretCode;
  }

  const totpCode = (secret: string): string => new TOTP({ secret: secret.toUpperCase() }).generate();

  function start(change: Partial<Setup> = {}): Promise<SignInFlow> {
    return SignInFlow.start({
      pool: { userPoolId: UserPoolId, clientId: ClientId, credentialsSource: 'keys', endpoint: moto.endpoint },
      poolCredentials: { ...keys, clientSecret },
      answer: {},
      ...change,
    });
  }

  const claimsOf = (msg: Message): unknown =>
    (msg.cognito as { claims: Record<string, unknown> }).claims['cognito:username'];

  for (const flowName of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']) {
    it(`signs in by ${flowName}`, async () => {
      const username = flowName.toLowerCase();
      await createConfirmedUser(username);
      const flow = await start({ settings: typed('authFlow', 'authFlow', flowName) });
      should(claimsOf(await flow.signedIn({ payload: { username, password } }))).equal(username);
    });
  }

  for (const flowName of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']) {
    it(`gets new tokens by ${flowName}, and keeps the refresh token`, async () => {
      const username = flowName.toLowerCase();
      await createConfirmedUser(username);
      const flow = await start({ settings: typed('authFlow', 'msg', 'flow') });
      const first = await flow.signedIn({ flow: 'ADMIN_USER_PASSWORD_AUTH', payload: { username, password } });
      const { RefreshToken, AccessToken } = first.payload as Record<string, string>;
      should(RefreshToken).be.a.String();
      const again = await flow.signedIn({
        flow: flowName,
        cognito: first.cognito,
        payload: { refreshToken: RefreshToken },
      });
      should(again.payload).have.property('RefreshToken', RefreshToken);
      should((again.payload as Record<string, string>).AccessToken)
        .be.a.String()
        .and.not.equal(AccessToken);
    });
  }

  it('verifies the tokens of a sign-in', async () => {
    await createConfirmedUser('caller');
    const payload = { username: 'caller', password };
    const signedIn = await (await start()).signedIn({ payload });
    const { AccessToken = '', IdToken = '' } = signedIn.payload as Record<string, string>;
    const flow = await start({ type: 'cognito-verify-token', settings: { tokenUse: 'either' } });
    for (const token of [AccessToken, IdToken]) {
      const request = { req: { headers: { authorization: `Bearer ${token}` } } };
      should((await flow.leaves('port 1', request)).cognito).match({ username: 'caller' });
      const forged = { req: { headers: { authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA` } } };
      await flow.leaves('port 2', forged);
    }
  });

  it('changes a temporary password by NEW_PASSWORD_REQUIRED', async () => {
    await createUser('newcomer');
    const flow = await start();
    const msg = await flow.challenged({ payload: { username: 'newcomer', password } }, 'NEW_PASSWORD_REQUIRED');
    const { by } = await flow.answer({ ...msg, payload: { newPassword: 'Changed-1234' } });
    should(by).equal('port 1');
    await flow.signedIn({ payload: { username: 'newcomer', password: 'Changed-1234' } });
  });

  it('passes SOFTWARE_TOKEN_MFA by a TOTP secret, with the SECRET_HASH that moto checks there', async () => {
    await createConfirmedUser('totp');
    const secret = await enrolTotp('totp');
    const flow = await start({
      answer: { settings: typed('totpSecret', 'cred'), credentials: { totpSecret: secret } },
    });
    const msg = await flow.challenged({ payload: { username: 'totp', password } }, 'SOFTWARE_TOKEN_MFA');
    const { by, msg: answered } = await flow.answer(msg);
    should(by).equal('port 1');
    should(claimsOf(answered)).equal('totp');
  });

  it('takes the right code after a wrong one', async () => {
    await createConfirmedUser('typist');
    const secret = await enrolTotp('typist');
    const flow = await start();
    const msg = await flow.challenged({ payload: { username: 'typist', password } }, 'SOFTWARE_TOKEN_MFA');
    const wrong = await flow.answer({ ...msg, payload: { code: '000000' } });
    should(wrong.msg.error?.code).equal('CodeMismatchException');
    const right = await flow.answer({ cognito: wrong.msg.cognito, payload: { code: totpCode(secret) } });
    should(right.by).equal('port 1');
  });

  it('passes SMS_MFA', async () => {
    await createConfirmedUser('texter');
    await client.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username: 'texter',
        SMSMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
    const flow = await start();
    const msg = await flow.challenged({ payload: { username: 'texter', password } }, 'SMS_MFA');
    const { by } = await flow.answer({ ...msg, payload: { code: '123456' } });
    should(by).equal('port 1');
  });

  it('keeps an account in tokens: signs in by a TOTP secret, and refreshes without GetTokensFromRefreshToken', async () => {
    await createConfirmedUser('gateway');
    const secret = await enrolTotp('gateway');
    const flow = await start({
      type: 'cognito-token',
      settings: {
        ...typed('username', 'str', 'gateway'),
        ...typed('password', 'cred'),
        ...typed('totpSecret', 'cred'),
      },
      credentials: { password, totpSecret: secret },
    });
    const first = await flow.leaves('port 1', {});
    await sleep(1_000); // moto's tokens of one second are all the same
    const second = await flow.leaves('port 1', { _msgid: first._msgid, forceRefresh: true });
    for (const { headers } of [first, second])
      should(headers)
        .have.property('Authorization')
        .match(/^Bearer ey/);
    should(second.headers).not.eql(first.headers);
  });

  it('tells a wrong password, a disabled user, an unknown user and an unknown pool apart', async () => {
    await createConfirmedUser('refused');
    const flow = await start();
    await flow.caught({ payload: { username: 'refused', password: 'Wrong-1234' } }, 'NotAuthorizedException');
    await client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'refused' }));
    const disabled = await flow.caught({ payload: { username: 'refused', password } }, 'NotAuthorizedException');
    should(disabled.error.message).match(/User is disabled\./);
    await flow.caught({ payload: { username: 'nobody', password } }, 'UserNotFoundException');

    const elsewhere = await start({
      pool: {
        userPoolId: 'us-east-1_Nowhere00',
        clientId: ClientId,
        credentialsSource: 'keys',
        endpoint: moto.endpoint,
      },
    });
    await elsewhere.caught({ payload: { username: 'refused', password } }, 'ResourceNotFoundException');
  });
});
