// The widely used client is deprecated and stays a good witness: it was written by AWS, against real pools.
/* eslint-disable @typescript-eslint/no-deprecated */
import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  AdminUpdateDeviceStatusCommand,
  type AuthFlowType,
  type ChallengeNameType,
  ConfirmDeviceCommand,
  DescribeUserPoolCommand,
  type DeviceSecretVerifierConfigType,
  ForgetDeviceCommand,
  GetDeviceCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode, type PoolConfig, samplePools, type Triggers } from '@cognito-flows/local-cognito';
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import {
  createDeviceVerifier,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
} from 'cognito-srp-helper';
import should from 'should';
import { type Answer, PASSWORD, Practice, refused, secretHash, without } from './support';

const POOL = 'us-east-1_Practice2';
const CLIENT = 'practicedeviceclient';
const SERVER = 'practicemfaclient';

type Names = Record<string, string>;

/** What a device keeps: its key, its group's key, and the password that it made for itself. */
interface Kept {
  key: string;
  groupKey: string;
  password: string;
}

const DEVICE_GONE = ['ResourceNotFoundException', 'Device does not exist.'] as const;
const WRONG_PROOF = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const NO_REFRESH = ['NotAuthorizedException', 'Invalid Refresh Token.'] as const;

const claims = (token: string | undefined) =>
  JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

/** One question, which the right answer ends; after the password where it starts with SRP_A. */
const triggers: Triggers = {
  defineAuthChallenge: (event) => {
    const last = event.request.session.at(-1);
    event.response.issueTokens = last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult;
    event.response.challengeName = last?.challengeName === 'SRP_A' ? 'PASSWORD_VERIFIER' : 'CUSTOM_CHALLENGE';
  },
  createAuthChallenge: () => undefined,
  verifyAuthChallengeResponse: (event) => {
    event.response.answerCorrect = event.request.challengeAnswer === 'right';
  },
};

/** The second sample pool, changed. */
const pools = (change: (pool: PoolConfig) => void = () => undefined) => {
  const both = samplePools();
  change(both[1]!);
  return { pools: both, triggers: { [POOL]: triggers } };
};

/** A user with no MFA, in a pool that asks for it only who has it. */
const optional = (pool: PoolConfig) => {
  pool.mfaConfiguration = 'OPTIONAL';
};

class DevicePractice extends Practice {
  constructor(change?: (pool: PoolConfig) => void) {
    super(() => pools(change));
  }

  override user(username: string) {
    return this.local.user(POOL, username);
  }

  /** The next code of the authenticator app, for none counts twice. */
  nextTotp(): string {
    this.local.clock.advance(30_000);
    return currentTotpCode(this.user('station').totpSecret!, this.local.clock.now());
  }

  override start(flow: AuthFlowType, names: Names, clientId = CLIENT) {
    return super.start(flow, names, clientId);
  }

  override answer(name: ChallengeNameType, names: Names, session?: string, clientId = CLIENT) {
    return super.answer(name, names, session, clientId);
  }

  /** Signs in by password, and by TOTP where it is asked for. */
  async signIn(USERNAME = 'station', device: Names = {}): Promise<Answer> {
    const started = await this.start('USER_PASSWORD_AUTH', { USERNAME, PASSWORD, ...device });
    if (started.ChallengeName !== 'SOFTWARE_TOKEN_MFA') return started;
    const names = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: this.nextTotp(), ...device };
    return this.answer('SOFTWARE_TOKEN_MFA', names, started.Session);
  }

  confirm(AccessToken: string, DeviceKey: string, DeviceSecretVerifierConfig: DeviceSecretVerifierConfigType) {
    return this.sdk.send(
      new ConfirmDeviceCommand({ AccessToken, DeviceKey, DeviceSecretVerifierConfig, DeviceName: 'Press 7' }),
    );
  }

  /** A new device of a user, confirmed. */
  async newDevice(username = 'station'): Promise<Kept & { accessToken: string; refreshToken: string }> {
    const { AuthenticationResult } = await this.signIn(username);
    const { DeviceKey, DeviceGroupKey } = AuthenticationResult!.NewDeviceMetadata!;
    const accessToken = AuthenticationResult!.AccessToken!;
    const { DeviceRandomPassword, DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey!, DeviceGroupKey!);
    await this.confirm(accessToken, DeviceKey!, DeviceSecretVerifierConfig);
    return {
      key: DeviceKey!,
      groupKey: DeviceGroupKey!,
      password: DeviceRandomPassword,
      accessToken,
      refreshToken: AuthenticationResult!.RefreshToken!,
    };
  }

  remember(AccessToken: string, DeviceKey: string, status: 'remembered' | 'not_remembered' = 'remembered') {
    return this.sdk.send(new UpdateDeviceStatusCommand({ AccessToken, DeviceKey, DeviceRememberedStatus: status }));
  }

  async rememberedDevice(username = 'station') {
    const device = await this.newDevice(username);
    await this.remember(device.accessToken, device.key);
    return device;
  }

  /** Answers DEVICE_SRP_AUTH; the answer to what follows, computed by cognito-srp-helper. */
  async deviceProof(
    USERNAME: string,
    { key, groupKey, password }: Kept,
    session: string | undefined,
  ): Promise<{ names: Names; session: string | undefined; verifier: Answer }> {
    const srp = createSrpSession(USERNAME, 'no matter', POOL, false);
    const verifier = await this.answer('DEVICE_SRP_AUTH', { USERNAME, DEVICE_KEY: key, SRP_A: srp.largeA }, session);
    should(verifier.ChallengeName).equal('DEVICE_PASSWORD_VERIFIER');
    const { ChallengeParameters } = verifier;
    const signed = signSrpSessionWithDevice(srp, { ChallengeParameters }, groupKey, password);
    const request = { ClientId: CLIENT, ChallengeName: 'DEVICE_PASSWORD_VERIFIER' as const };
    const wrapped = wrapAuthChallenge(signed, { ...request, ChallengeResponses: { USERNAME, DEVICE_KEY: key } });
    return { names: wrapped.ChallengeResponses, session: verifier.Session, verifier };
  }

  async proveDevice(USERNAME: string, device: Kept, session: string | undefined): Promise<Answer> {
    const proof = await this.deviceProof(USERNAME, device, session);
    return this.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session);
  }

  /** Starts with SRP; the answer to PASSWORD_VERIFIER. */
  async passwordProof(USERNAME: string, start: Names = {}, flow: AuthFlowType = 'USER_SRP_AUTH'): Promise<Names> {
    const session = createSrpSession(USERNAME, PASSWORD, POOL, false);
    const { ChallengeParameters } = await this.start(flow, { USERNAME, SRP_A: session.largeA, ...start });
    const signed = signSrpSession(session, { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters });
    const request = { ClientId: CLIENT, ChallengeName: 'PASSWORD_VERIFIER' as const, ChallengeResponses: { USERNAME } };
    return wrapAuthChallenge(signed, request).ChallengeResponses;
  }

  refresh(REFRESH_TOKEN: string, device: Names = {}) {
    return this.start('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN, ...device });
  }
}

describe('a pool that tracks devices', () => {
  const practice = new DevicePractice();

  it('says so', async () => {
    const { UserPool } = await practice.sdk.send(new DescribeUserPoolCommand({ UserPoolId: POOL }));
    should(UserPool).have.property('DeviceConfiguration', {
      ChallengeRequiredOnNewDevice: true,
      DeviceOnlyRememberedOnUserPrompt: true,
    });
  });

  it('gives a new device its keys, the access token too', async () => {
    const [first, second] = [await practice.signIn(), await practice.signIn()];
    const { NewDeviceMetadata, AccessToken, IdToken } = first.AuthenticationResult!;
    should(NewDeviceMetadata!.DeviceKey).match(/^us-east-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    should(NewDeviceMetadata!.DeviceGroupKey).match(/^-[\w-]{8}$/);
    should(claims(AccessToken)).have.property('device_key', NewDeviceMetadata!.DeviceKey);
    should(claims(IdToken)).not.have.property('device_key');
    const other = second.AuthenticationResult!.NewDeviceMetadata!;
    should(other.DeviceKey).not.equal(NewDeviceMetadata!.DeviceKey);
    should(other.DeviceGroupKey).equal(NewDeviceMetadata!.DeviceGroupKey);
  });

  describe('ConfirmDevice', () => {
    it('registers the device and leaves remembering it to the user', async () => {
      const { AuthenticationResult } = await practice.signIn();
      const { DeviceKey, DeviceGroupKey } = AuthenticationResult!.NewDeviceMetadata!;
      const { DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey!, DeviceGroupKey!);
      should(practice.user('station').devices).be.empty();
      const answer = await practice.confirm(AuthenticationResult!.AccessToken!, DeviceKey!, DeviceSecretVerifierConfig);
      should(answer.UserConfirmationNecessary).equal(true);
      should(practice.user('station').devices).match([{ key: DeviceKey, name: 'Press 7', remembered: false }]);
    });

    it('is refused for another key than the access token’s, and a second time', async () => {
      const { AuthenticationResult } = await practice.signIn();
      const device = await practice.newDevice();
      const { DeviceSecretVerifierConfig } = createDeviceVerifier(device.key, device.groupKey);
      await refused(
        practice.confirm(AuthenticationResult!.AccessToken!, device.key, DeviceSecretVerifierConfig),
        'InvalidParameterException',
        'Invalid device key given.',
      );
      await refused(
        practice.confirm(device.accessToken, device.key, DeviceSecretVerifierConfig),
        'DeviceKeyExistsException',
        'Device key already exists.',
      );
    });

    for (const [what, change] of [
      ['no verifier', { PasswordVerifier: undefined }],
      ['no salt', { Salt: undefined }],
      ['a verifier that is not base64', { PasswordVerifier: 'a verifier' }],
      ['a verifier of zero', { PasswordVerifier: 'AA==' }],
      ['a salt without its padding', { Salt: Buffer.alloc(16, 0xff).toString('base64') }],
      ['a verifier above N', { PasswordVerifier: Buffer.alloc(400, 0x7f).toString('base64') }],
    ] as const) {
      it(`is refused with ${what}`, async () => {
        const { AuthenticationResult } = await practice.signIn();
        const { DeviceKey, DeviceGroupKey } = AuthenticationResult!.NewDeviceMetadata!;
        const config = { ...createDeviceVerifier(DeviceKey!, DeviceGroupKey!).DeviceSecretVerifierConfig, ...change };
        await refused(
          practice.confirm(AuthenticationResult!.AccessToken!, DeviceKey!, config),
          'InvalidParameterException',
          'Invalid device secret verifier config given.',
        );
      });
    }
  });

  describe('signing in on a remembered device', () => {
    it('asks for its proof in place of MFA, and gives tokens of the same device', async () => {
      const device = await practice.rememberedDevice();
      practice.local.clock.advance(60_000);
      const started = await practice.signIn('station', { DEVICE_KEY: device.key });
      should(started.ChallengeName).equal('DEVICE_SRP_AUTH');
      const proof = await practice.deviceProof('station', device, started.Session);
      should(Object.keys(proof.verifier.ChallengeParameters!).sort()).deepEqual([
        'DEVICE_KEY',
        'SALT',
        'SECRET_BLOCK',
        'SRP_B',
        'USERNAME',
      ]);
      const { AuthenticationResult } = await practice.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session);
      should(AuthenticationResult).not.have.property('NewDeviceMetadata');
      should(claims(AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
      const [seen] = practice.user('station').devices;
      should(seen!.lastAuthenticatedAt).be.within(practice.local.clock.now() - 10_000, practice.local.clock.now());
    });

    it('works by SRP, where the device is named with the proof of the password', async () => {
      const device = await practice.rememberedDevice();
      const proof = await practice.passwordProof('station');
      const next = await practice.answer('PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: device.key });
      should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
      should((await practice.proveDevice('station', device, next.Session)).AuthenticationResult).have.property(
        'AccessToken',
      );
    });

    it('works by SRP, where the device is named at the start alone', async () => {
      const device = await practice.rememberedDevice();
      const proof = await practice.passwordProof('station', { DEVICE_KEY: device.key });
      const next = await practice.answer('PASSWORD_VERIFIER', proof);
      should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
    });

    it('asks for the device’s proof after a second factor whose answer names the device', async () => {
      const device = await practice.rememberedDevice();
      const { Session } = await practice.password('station');
      const names = { USERNAME: 'station', SOFTWARE_TOKEN_MFA_CODE: practice.nextTotp(), DEVICE_KEY: device.key };
      const next = await practice.answer('SOFTWARE_TOKEN_MFA', names, Session);
      should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
      should((await practice.proveDevice('station', device, next.Session)).AuthenticationResult).not.have.property(
        'NewDeviceMetadata',
      );
    });

    it('tells two devices of one user apart', async () => {
      const [one, two] = [await practice.rememberedDevice(), await practice.rememberedDevice()];
      for (const device of [one, two]) {
        const { Session } = await practice.signIn('station', { DEVICE_KEY: device.key });
        const { AuthenticationResult } = await practice.proveDevice('station', device, Session);
        should(claims(AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
      }
      const { Session } = await practice.signIn('station', { DEVICE_KEY: one.key });
      await refused(practice.deviceProof('station', two, Session), ...DEVICE_GONE);
      await refused(practice.proveDevice('station', { ...one, password: two.password }, Session), ...WRONG_PROOF);
    });

    it('refuses a wrong proof, and judges no second one', async () => {
      const device = await practice.rememberedDevice();
      const { Session } = await practice.signIn('station', { DEVICE_KEY: device.key });
      const wrong = await practice.deviceProof('station', { ...device, password: 'wrong' }, Session);
      await refused(practice.answer('DEVICE_PASSWORD_VERIFIER', wrong.names, wrong.session), ...WRONG_PROOF);
      await refused(
        practice.answer('DEVICE_PASSWORD_VERIFIER', wrong.names, wrong.session),
        'NotAuthorizedException',
        'Invalid session for the user, session can only be used once.',
      );
      for (let count = 0; count < 6; count += 1) {
        const again = await practice.signIn('station', { DEVICE_KEY: device.key });
        await refused(practice.proveDevice('station', { ...device, password: 'wrong' }, again.Session), ...WRONG_PROOF);
      }
    });

    it('refuses a group key that is not the pool’s', async () => {
      const device = await practice.rememberedDevice();
      const { Session } = await practice.signIn('station', { DEVICE_KEY: device.key });
      await refused(practice.proveDevice('station', { ...device, groupKey: '-AAAAAAAA' }, Session), ...WRONG_PROOF);
    });

    it('refuses the steps out of order, and repeated', async () => {
      const device = await practice.rememberedDevice();
      const { Session } = await practice.signIn('station', { DEVICE_KEY: device.key });
      const proof = await practice.deviceProof('station', device, Session);
      await refused(
        practice.deviceProof('station', device, Session),
        'NotAuthorizedException',
        'Invalid session for the user, session can only be used once.',
      );
      await refused(
        practice.deviceProof('station', device, proof.session),
        'NotAuthorizedException',
        'Invalid session for the user.',
      );
      await refused(
        practice.deviceProof('station', device, undefined),
        'NotAuthorizedException',
        'Cannot initiate DEVICE_SRP_AUTH flow without first authenticating',
      );
      await refused(
        practice.answer('DEVICE_PASSWORD_VERIFIER', without('DEVICE_KEY', proof.names), proof.session),
        'InvalidParameterException',
        'Missing required parameter DEVICE_KEY',
      );
      await refused(
        practice.answer('DEVICE_PASSWORD_VERIFIER', { ...proof.names, TIMESTAMP: 'now' }, proof.session),
        'InvalidParameterException',
        'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.',
      );
      const foreign = { ...proof.names, PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' };
      await refused(practice.answer('DEVICE_PASSWORD_VERIFIER', foreign, proof.session), ...WRONG_PROOF);
      const { AuthenticationResult } = await practice.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session);
      should(AuthenticationResult).have.property('AccessToken');
      await refused(
        practice.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session),
        'NotAuthorizedException',
        'Invalid session for the user, session can only be used once.',
      );
    });

    it('expires with the session, at both steps', async () => {
      const EXPIRED = ['NotAuthorizedException', 'Invalid session for the user, session is expired.'] as const;
      const device = await practice.rememberedDevice();
      const first = await practice.signIn('station', { DEVICE_KEY: device.key });
      practice.local.clock.advance(3 * 60_000);
      await refused(practice.deviceProof('station', device, first.Session), ...EXPIRED);
      const second = await practice.signIn('station', { DEVICE_KEY: device.key });
      const proof = await practice.deviceProof('station', device, second.Session);
      practice.local.clock.advance(3 * 60_000);
      await refused(practice.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session), ...EXPIRED);
    });

    it('ends where the device is forgotten on the way', async () => {
      const device = await practice.rememberedDevice();
      const { Session } = await practice.signIn('station', { DEVICE_KEY: device.key });
      const proof = await practice.deviceProof('station', device, Session);
      practice.user('station').forgetDevice(device.key);
      await refused(practice.answer('DEVICE_PASSWORD_VERIFIER', proof.names, proof.session), ...DEVICE_GONE);
    });
  });

  it('asks for MFA as ever on a device that is confirmed and not remembered', async () => {
    const device = await practice.newDevice();
    should(
      (await practice.start('USER_PASSWORD_AUTH', { USERNAME: 'station', PASSWORD, DEVICE_KEY: device.key }))
        .ChallengeName,
    ).equal('SOFTWARE_TOKEN_MFA');
    const { AuthenticationResult } = await practice.signIn('station', { DEVICE_KEY: device.key });
    should(AuthenticationResult).not.have.property('NewDeviceMetadata');
    should(claims(AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
  });

  describe('a device that is not known', () => {
    it('is refused, and the same proof without it is accepted', async () => {
      const proof = await practice.passwordProof('station');
      const unknown = { ...proof, DEVICE_KEY: 'us-east-1_0a1b2c3d-0000-4000-8000-000000000000' };
      await refused(practice.answer('PASSWORD_VERIFIER', unknown), ...DEVICE_GONE);
      should((await practice.answer('PASSWORD_VERIFIER', proof)).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    });

    it('does not matter at the start of SRP, and is refused with a password', async () => {
      const DEVICE_KEY = 'us-east-1_0a1b2c3d-0000-4000-8000-000000000000';
      const proof = await practice.passwordProof('station', { DEVICE_KEY });
      should((await practice.answer('PASSWORD_VERIFIER', proof)).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
      await refused(
        practice.start('USER_PASSWORD_AUTH', { USERNAME: 'station', PASSWORD, DEVICE_KEY }),
        ...DEVICE_GONE,
      );
      await refused(practice.start('USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD, DEVICE_KEY }), ...DEVICE_GONE);
    });

    it('leaves the session of a second factor usable', async () => {
      const { Session } = await practice.password('station');
      const names = { USERNAME: 'station', SOFTWARE_TOKEN_MFA_CODE: practice.nextTotp() };
      const unknown = { ...names, DEVICE_KEY: 'us-east-1_0a1b2c3d-0000-4000-8000-000000000000' };
      await refused(practice.answer('SOFTWARE_TOKEN_MFA', unknown, Session), ...DEVICE_GONE);
      should((await practice.answer('SOFTWARE_TOKEN_MFA', names, Session)).AuthenticationResult).have.property(
        'NewDeviceMetadata',
      );
    });
  });

  describe('refreshing', () => {
    it('takes the key of the confirmed device that the tokens are of', async () => {
      const device = await practice.newDevice();
      const { AuthenticationResult } = await practice.refresh(device.refreshToken, { DEVICE_KEY: device.key });
      should(AuthenticationResult).not.have.properties('RefreshToken', 'NewDeviceMetadata');
      should(claims(AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
    });

    it('fails without a device key, with another device’s, and on an unconfirmed device', async () => {
      const [device, other] = [await practice.newDevice(), await practice.newDevice()];
      await refused(practice.refresh(device.refreshToken), ...NO_REFRESH);
      await refused(practice.refresh(device.refreshToken, { DEVICE_KEY: other.key }), ...NO_REFRESH);
      const { AuthenticationResult } = await practice.signIn();
      const { DeviceKey } = AuthenticationResult!.NewDeviceMetadata!;
      await refused(practice.refresh(AuthenticationResult!.RefreshToken!, { DEVICE_KEY: DeviceKey! }), ...NO_REFRESH);
    });

    it('fails once the device is forgotten, while its access token lives on', async () => {
      const device = await practice.newDevice();
      const { accessToken, key } = device;
      await practice.sdk.send(new ForgetDeviceCommand({ AccessToken: accessToken, DeviceKey: key }));
      await refused(practice.refresh(device.refreshToken, { DEVICE_KEY: key }), ...NO_REFRESH);
      await refused(practice.signIn('station', { DEVICE_KEY: key }), ...DEVICE_GONE);
      should((await practice.sdk.send(new ListDevicesCommand({ AccessToken: accessToken }))).Devices).be.empty();
    });
  });

  describe('the operations on devices', () => {
    it('show users their remembered devices, page by page', async () => {
      const [one, two] = [await practice.rememberedDevice(), await practice.rememberedDevice()];
      const { accessToken: AccessToken } = await practice.newDevice();
      const first = await practice.sdk.send(new ListDevicesCommand({ AccessToken, Limit: 1 }));
      should(first.Devices!.map(({ DeviceKey }) => DeviceKey)).deepEqual([one.key]);
      const { PaginationToken } = first;
      const second = await practice.sdk.send(new ListDevicesCommand({ AccessToken, Limit: 1, PaginationToken }));
      should(second.Devices!.map(({ DeviceKey }) => DeviceKey)).deepEqual([two.key]);
      should(second).not.have.property('PaginationToken');
      await refused(
        practice.sdk.send(new ListDevicesCommand({ AccessToken, Limit: 61 })),
        'InvalidParameterException',
        "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
      );
      await refused(
        practice.sdk.send(new ListDevicesCommand({ AccessToken, PaginationToken: 'nonsense' })),
        'InvalidParameterException',
        'Invalid pagination token given.',
      );
    });

    it('describe a device', async () => {
      const at = practice.local.clock.now();
      const { accessToken: AccessToken, key: DeviceKey } = await practice.newDevice();
      const { Device } = await practice.sdk.send(new GetDeviceCommand({ AccessToken, DeviceKey }));
      should(Device).match({
        DeviceKey,
        DeviceAttributes: [
          { Name: 'device_status', Value: 'valid' },
          { Name: 'device_name', Value: 'Press 7' },
          { Name: 'last_ip_used', Value: '127.0.0.1' },
        ],
      });
      should(Device!.DeviceLastAuthenticatedDate!.getTime()).be.within(at, practice.local.clock.now() + 1000);
    });

    it('let an administrator see all of a user’s devices, remember them and forget them', async () => {
      const device = await practice.newDevice();
      const whose = { UserPoolId: POOL, Username: 'station@example.com' };
      const which = { ...whose, DeviceKey: device.key };
      const status = async () => {
        const { Device } = await practice.sdk.send(new AdminGetDeviceCommand(which));
        return Device!.DeviceAttributes!.find(({ Name }) => Name === 'dev:device_remembered_status')!.Value;
      };
      should(await status()).equal('not_remembered');
      await practice.sdk.send(new AdminUpdateDeviceStatusCommand({ ...which, DeviceRememberedStatus: 'remembered' }));
      should(await status()).equal('remembered');
      should((await practice.signIn('station', { DEVICE_KEY: device.key })).ChallengeName).equal('DEVICE_SRP_AUTH');
      should((await practice.sdk.send(new AdminListDevicesCommand(whose))).Devices).have.length(1);
      await practice.sdk.send(new AdminForgetDeviceCommand(which));
      should((await practice.sdk.send(new AdminListDevicesCommand(whose))).Devices).be.empty();
      await refused(practice.sdk.send(new AdminGetDeviceCommand(which)), ...DEVICE_GONE);
      const Username = 'nobody';
      await refused(
        practice.sdk.send(new AdminListDevicesCommand({ ...whose, Username })),
        'UserNotFoundException',
        'User does not exist.',
      );
    });

    it('find no device of another user', async () => {
      const device = await practice.rememberedDevice();
      practice.user('nora').mfa = { enabled: ['EMAIL_OTP'] };
      const { Session } = await practice.password('nora');
      const names = { USERNAME: 'nora', EMAIL_OTP_CODE: practice.codeOf('nora') };
      await refused(
        practice.start('USER_PASSWORD_AUTH', { USERNAME: 'nora', PASSWORD, DEVICE_KEY: device.key }),
        ...DEVICE_GONE,
      );
      await refused(practice.answer('EMAIL_OTP', { ...names, DEVICE_KEY: device.key }, Session), ...DEVICE_GONE);
      const { AuthenticationResult } = await practice.answer('EMAIL_OTP', names, Session);
      const foreign = { AccessToken: AuthenticationResult!.AccessToken!, DeviceKey: device.key };
      for (const call of [
        practice.sdk.send(new GetDeviceCommand(foreign)),
        practice.sdk.send(new ForgetDeviceCommand(foreign)),
        practice.remember(foreign.AccessToken, device.key),
      ]) {
        await refused(call, ...DEVICE_GONE);
      }
      should(practice.user('station').devices).have.length(1);
    });
  });

  it('signs in server-side, and refreshes nothing of that', async () => {
    const adminRefresh = (REFRESH_TOKEN: string, device: Names = {}) =>
      practice.adminStart(
        'REFRESH_TOKEN_AUTH',
        { REFRESH_TOKEN, SECRET_HASH: secretHash('station', SERVER), ...device },
        SERVER,
        POOL,
      );
    const SECRET_HASH = secretHash('station', SERVER);
    const parameters = { USERNAME: 'station', PASSWORD, SECRET_HASH };
    const started = await practice.adminStart('ADMIN_USER_PASSWORD_AUTH', parameters, SERVER, POOL);
    const { AuthenticationResult } = await practice.adminAnswer(
      'SOFTWARE_TOKEN_MFA',
      { USERNAME: 'station', SECRET_HASH, SOFTWARE_TOKEN_MFA_CODE: practice.nextTotp() },
      started.Session,
      SERVER,
      POOL,
    );
    const { AccessToken, RefreshToken, NewDeviceMetadata } = AuthenticationResult!;
    const { DeviceKey, DeviceGroupKey } = NewDeviceMetadata!;
    await refused(adminRefresh(RefreshToken!), ...NO_REFRESH);
    await refused(adminRefresh(RefreshToken!, { DEVICE_KEY: DeviceKey! }), ...NO_REFRESH);
    const { DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey!, DeviceGroupKey!);
    await refused(
      practice.confirm(AccessToken!, DeviceKey!, DeviceSecretVerifierConfig),
      'InvalidParameterException',
      'Invalid device key given.',
    );
  });
});

describe('a pool that remembers devices always', () => {
  const practice = new DevicePractice((pool) => {
    optional(pool);
    pool.deviceConfiguration = {};
  });

  it('remembers a device once it is confirmed, and asks for its proof after MFA', async () => {
    const device = await practice.newDevice();
    should(practice.user('station').devices).match([{ remembered: true }]);
    const next = await practice.signIn('station', { DEVICE_KEY: device.key });
    should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
    should((await practice.proveDevice('station', device, next.Session)).AuthenticationResult).have.property(
      'AccessToken',
    );
  });

  it('asks for the proof of a device of a user without MFA too', async () => {
    const device = await practice.newDevice('nora');
    const next = await practice.start('USER_PASSWORD_AUTH', { USERNAME: 'nora', PASSWORD, DEVICE_KEY: device.key });
    should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
  });

  it('does not ask for it once the user wants the device not remembered', async () => {
    const device = await practice.newDevice('nora');
    await practice.remember(device.accessToken, device.key, 'not_remembered');
    const { AuthenticationResult } = await practice.start('USER_PASSWORD_AUTH', {
      USERNAME: 'nora',
      PASSWORD,
      DEVICE_KEY: device.key,
    });
    should(claims(AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
  });
});

describe('flows without MFA, in a pool that tracks devices', () => {
  const practice = new DevicePractice((pool) => {
    optional(pool);
    pool.clients[0]!.explicitAuthFlows!.push('ALLOW_USER_AUTH');
  });
  const byChoice = (device: Names = {}) =>
    practice.start('USER_AUTH', { USERNAME: 'nora', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD, ...device });
  const byQuestion = async (device: Names = {}) => {
    const { Session } = await practice.start('CUSTOM_AUTH', { USERNAME: 'nora', ...device });
    return practice.answer('CUSTOM_CHALLENGE', { USERNAME: 'nora', ANSWER: 'right', ...device }, Session);
  };

  for (const [flow, signIn] of [
    ['USER_AUTH', byChoice],
    ['CUSTOM_AUTH', byQuestion],
  ] as const) {
    it(`give a new device its keys, and ask for the proof of a remembered one, as ${flow}`, async () => {
      const { AuthenticationResult } = await signIn();
      should(AuthenticationResult!.NewDeviceMetadata).have.properties('DeviceKey', 'DeviceGroupKey');
      const device = await practice.rememberedDevice('nora');
      const next = await signIn({ DEVICE_KEY: device.key });
      should(next.ChallengeName).equal('DEVICE_SRP_AUTH');
      const proven = await practice.proveDevice('nora', device, next.Session);
      should(proven.AuthenticationResult).not.have.property('NewDeviceMetadata');
      should(claims(proven.AuthenticationResult!.AccessToken)).have.property('device_key', device.key);
    });

    it(`refuse a device that is not known, as ${flow}`, () =>
      refused(signIn({ DEVICE_KEY: 'us-east-1_0a1b2c3d-0000-4000-8000-000000000000' }), ...DEVICE_GONE));
  }
});

describe('CUSTOM_AUTH with two remembered devices', () => {
  const practice = new DevicePractice(optional);

  for (const [ends, byOther] of [
    ['signs in once one has proven itself', false],
    ['wants the proof of the other too, where the last answer names that one', true],
  ] as const) {
    it(ends, async () => {
      const [own, other] = [await practice.rememberedDevice('nora'), await practice.rememberedDevice('nora')];
      const start = { CHALLENGE_NAME: 'SRP_A', DEVICE_KEY: own.key };
      const proof = await practice.passwordProof('nora', start, 'CUSTOM_AUTH');
      const { Session } = await practice.answer('PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: own.key });
      const asked = await practice.proveDevice('nora', own, Session);
      should(asked.ChallengeName).equal('CUSTOM_CHALLENGE');
      const last = byOther ? other : own;
      const names = { USERNAME: 'nora', ANSWER: 'right', DEVICE_KEY: last.key };
      let ended = await practice.answer('CUSTOM_CHALLENGE', names, asked.Session);
      if (byOther) {
        should(ended.ChallengeName).equal('DEVICE_SRP_AUTH');
        ended = await practice.proveDevice('nora', other, ended.Session);
      }
      should(claims(ended.AuthenticationResult!.AccessToken)).have.property('device_key', last.key);
    });
  }
});

describe('a pool that does not track devices', () => {
  const practice = new DevicePractice((pool) => {
    optional(pool);
    delete pool.deviceConfiguration;
  });

  it('takes no notice of a device key, at any step', async () => {
    const DEVICE_KEY = 'us-east-1_0a1b2c3d-0000-4000-8000-000000000000';
    const { AuthenticationResult } = await practice.signIn('station', { DEVICE_KEY });
    should(AuthenticationResult).not.have.property('NewDeviceMetadata');
    should(claims(AuthenticationResult!.AccessToken)).not.have.property('device_key');
    should(
      (await practice.refresh(AuthenticationResult!.RefreshToken!, { DEVICE_KEY })).AuthenticationResult,
    ).have.property('AccessToken');
  });
});

describe('amazon-cognito-identity-js, on a device of its own', () => {
  const practice = new DevicePractice();

  /** A browser: what it stores outlives a user object. */
  const browser = () => {
    const stored = new Map<string, string>();
    const Storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
      clear: () => {
        stored.clear();
      },
    };
    const { endpoint } = practice.local;
    const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage });
    return { stored, user: () => new CognitoUser({ Username: 'station', Pool, Storage }) };
  };

  /** Signs in. @returns what was asked on the way, and whether the user is to be asked about the device */
  const signIn = (user: CognitoUser, flow = 'USER_SRP_AUTH') =>
    new Promise<{ session: CognitoUserSession; totp: boolean; askUser: boolean | undefined }>((resolve, onFailure) => {
      user.setAuthenticationFlowType(flow);
      let totp = false;
      const onSuccess = (session: CognitoUserSession, askUser?: boolean) => {
        resolve({ session, totp, askUser });
      };
      const totpRequired = () => {
        totp = true;
        user.sendMFACode(practice.nextTotp(), { onSuccess, onFailure }, 'SOFTWARE_TOKEN_MFA');
      };
      const details = new AuthenticationDetails({ Username: 'station', Password: PASSWORD });
      user.authenticateUser(details, { onSuccess, onFailure, totpRequired });
    });

  const done = (call: (callback: { onSuccess: (text: string) => void; onFailure: (error: Error) => void }) => void) =>
    new Promise<string>((onSuccess, onFailure) => {
      call({ onSuccess, onFailure });
    });

  for (const flow of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
    it(`is spared MFA once it is remembered, and is asked again once it is forgotten, by ${flow}`, async () => {
      const { user } = browser();
      const first = user();
      should(await signIn(first, flow)).match({ totp: true, askUser: true });
      should(
        await done((callback) => {
          first.setDeviceStatusRemembered(callback);
        }),
      ).equal('SUCCESS');
      const second = user();
      const { session, totp } = await signIn(second, flow);
      should(totp).equal(false);
      should(practice.user('station').devices.map(({ key }) => key)).deepEqual([
        session.getAccessToken().payload.device_key,
      ]);
      should(
        await done((callback) => {
          second.forgetDevice(callback);
        }),
      ).equal('SUCCESS');
      should(await signIn(user(), flow)).match({ totp: true, askUser: true });
    });
  }

  it('drops a device that an administrator has forgotten, and signs in as a new one', async () => {
    const { user } = browser();
    const first = user();
    await signIn(first);
    await done((callback) => {
      first.setDeviceStatusRemembered(callback);
    });
    const [known] = practice.user('station').devices;
    practice.user('station').forgetDevice(known!.key);
    should(await signIn(user())).match({ totp: true, askUser: true });
    should(practice.user('station').devices[0]!.key).not.equal(known!.key);
    // The same object knows the old key from the start.
    practice.user('station').devices = [];
    should(await signIn(first)).match({ totp: true, askUser: true });
  });

  it('refreshes its session, and lists and describes itself', async () => {
    const { user } = browser();
    const device = user();
    const { session } = await signIn(device);
    await done((callback) => {
      device.setDeviceStatusRemembered(callback);
    });
    const refreshed = await new Promise<CognitoUserSession>((resolve, reject) => {
      device.refreshSession(session.getRefreshToken(), (error: Error | null, result: CognitoUserSession) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
    should(refreshed.getAccessToken().payload.device_key).equal(session.getAccessToken().payload.device_key);
    const { Devices } = await new Promise<{ Devices: { DeviceKey: string }[] }>((onSuccess, onFailure) => {
      device.listDevices(10, null, {
        onSuccess: (data) => {
          onSuccess(data as never);
        },
        onFailure,
      });
    });
    should(Devices.map(({ DeviceKey }) => DeviceKey)).deepEqual([session.getAccessToken().payload.device_key]);
  });

  it('gives way to MFA again once its user wants it not remembered', async () => {
    const { user } = browser();
    const device = user();
    await signIn(device);
    await done((callback) => {
      device.setDeviceStatusRemembered(callback);
    });
    await done((callback) => {
      device.setDeviceStatusNotRemembered(callback);
    });
    should(await signIn(user())).match({ totp: true, askUser: undefined });
  });
});
