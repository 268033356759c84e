import { currentTotpCode, type PoolConfig } from '@cognito-flows/local-cognito';
import helper from 'node-red-node-test-helper';
import should from 'should';
import { password, poolId, testPools } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { SrpDevice } from '../support/srp-device';

/** What a browser keeps of its device, under the names that the nodes read. */
interface BrowserDevice {
  readonly deviceKey: string;
  readonly deviceGroupKey: string;
  readonly devicePassword: string;
}

const encryptionKey = 'words that only this test knows';

/** The pool of all tests, with device tracking as most pools have it. */
function trackingPools(): PoolConfig[] {
  const [pool, ...others] = testPools();
  const deviceConfiguration = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true };
  return [{ ...pool!, deviceConfiguration }, ...others];
}

function metadataOf({ payload }: Message): Record<string, string> | undefined {
  return (payload as { NewDeviceMetadata?: Record<string, string> }).NewDeviceMetadata;
}

describe('remembered devices', () => {
  const pool = new TestPool(() => ({ pools: trackingPools() }));
  stopFlowAfterEach();

  const devicesOf = (username: string) => pool.user(username).devices;
  const answered = (): unknown[] => pool.requests('RespondToAuthChallenge').map(({ ChallengeName }) => ChallengeName);
  const settings = (credentials = {}): Pick<Setup, 'pool' | 'poolCredentials'> =>
    pool.clientSide({}, { encryptionKey, ...credentials });

  describe('of a gateway, whose account stands in the node', () => {
    /** Signs tom in by SRP. */
    const gateway = (change: Partial<Setup> = {}): Setup => ({
      ...settings(),
      settings: { keepDevice: true, ...typed('username', 'str', 'tom'), ...typed('password', 'cred') },
      credentials: { password },
      answer: {},
      ...change,
    });

    /** A code that nothing has used yet: that of the next step. */
    function freshCode(): string {
      pool.local.clock.advance(30_000);
      return currentTotpCode(pool.user('tom').totpSecret!, pool.local.clock.now());
    }

    /** Signs in, with a second factor if it is asked for. */
    async function signIn(flow: SignInFlow): Promise<{ msg: Message; withMfa: boolean }> {
      const first = await flow.send({});
      if (first.by === 'port 1') return { msg: first.msg, withMfa: false };
      should(first.by).equal('port 2', first.msg.error?.message);
      const second = await flow.answer({ ...first.msg, payload: { code: freshCode() } });
      should(second.by).equal('port 1', second.msg.error?.message);
      return { msg: second.msg, withMfa: true };
    }

    it('skip the second factor from the second sign-in on', async () => {
      const flow = await SignInFlow.start(gateway());
      should((await signIn(flow)).withMfa).be.true();
      should(devicesOf('tom')).have.length(1);
      should(devicesOf('tom')[0]).have.property('remembered', true);
      for (const round of [2, 3]) {
        const { msg, withMfa } = await signIn(flow);
        should(withMfa).be.false(`round ${round}`);
        should(metadataOf(msg)).be.undefined();
        should(answered().slice(-3)).eql(['PASSWORD_VERIFIER', 'DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']);
      }
      should(devicesOf('tom')).have.length(1);
    });

    it('keep their password off the message, and out of the context in clear', async () => {
      const flow = await SignInFlow.start(gateway());
      const { msg } = await signIn(flow);
      should(metadataOf(msg)).have.only.keys('DeviceKey', 'DeviceGroupKey');
      const context = flow.node.context().global;
      const names = context.keys().filter((name) => name.startsWith('cognitoDevice_'));
      should(names).have.length(1);
      const kept = String(context.get(names[0]!));
      should(kept).match(/^[\w-]{100,}$/);
      should(Buffer.from(kept, 'base64url').toString('latin1')).not.containEql(metadataOf(msg)!.DeviceKey!);
    });

    it('survive a deploy', async () => {
      const flow = await SignInFlow.start(gateway());
      await signIn(flow);
      await SignInFlow.deploy(gateway({ settings: { ...gateway().settings, name: 'another name' } }));
      should((await signIn(flow)).withMfa).be.false();
    });

    it('are dropped when the pool has forgotten them, and the same answer is sent without', async () => {
      const flow = await SignInFlow.start(gateway());
      const first = metadataOf((await signIn(flow)).msg)!;
      pool.user('tom').forgetDevice(first.DeviceKey!);
      const { msg, withMfa } = await signIn(flow);
      should(withMfa).be.true();
      const [refused, repeated] = pool
        .requests('RespondToAuthChallenge')
        .filter(({ ChallengeName }) => ChallengeName === 'PASSWORD_VERIFIER')
        .slice(-2)
        .map(({ ChallengeResponses }) => ChallengeResponses as Record<string, string>);
      should(refused).have.property('DEVICE_KEY', first.DeviceKey);
      should({ ...repeated, DEVICE_KEY: first.DeviceKey }).eql(refused);
      should(repeated).not.have.property('DEVICE_KEY');
      // The new one takes its place.
      should(metadataOf(msg)!.DeviceKey).not.equal(first.DeviceKey);
      should((await signIn(flow)).withMfa).be.false();
    });

    it('are dropped when their proof is refused, so that the next sign-in asks for the second factor again', async () => {
      const flow = await SignInFlow.start(gateway());
      await signIn(flow);
      const [device] = devicesOf('tom');
      pool.user('tom').devices = [{ ...device!, verifier: pool.user('ada').verifier }];
      const { error } = await flow.caught({}, 'NotAuthorizedException');
      should(error.cause).have.property('deviceRefused', true);
      should((await signIn(flow)).withMfa).be.true();
    });

    for (const [name, fault, code] of [
      ['throttles', { exception: 'TooManyRequestsException' }, 'TooManyRequestsException'],
      ['has a fault of its own', { exception: 'InternalErrorException' }, 'InternalErrorException'],
      ['is hidden behind a broken proxy', { status: 502 }, 'AnswerUnexpected'],
      [
        'says that the session has expired',
        { exception: 'NotAuthorizedException', message: 'Invalid session for the user.' },
        'NotAuthorizedException',
      ],
    ] as const) {
      it(`are kept when Cognito ${name} at the proof`, async () => {
        const flow = await SignInFlow.start(gateway());
        await signIn(flow);
        // The start and the password's proof pass.
        pool.local.faults.inject({ operation: 'RespondToAuthChallenge', after: 2, times: 9, ...fault });
        const { error } = await flow.caught({}, code);
        should(error.cause).not.have.property('deviceRefused');
        pool.local.faults.clear();
        should((await signIn(flow)).withMfa).be.false();
      });
    }

    it('belong to one Node-RED: another one that shares the store has to be remembered for itself', async () => {
      const flow = await SignInFlow.start(gateway());
      await signIn(flow);
      const { _settings: settingsOfNodeRed } = helper as unknown as { _settings: Record<string, () => unknown> };
      const { available, get } = settingsOfNodeRed;
      Object.assign(settingsOfNodeRed, { available: () => true, get: () => 'another one' });
      try {
        should((await signIn(flow)).withMfa).be.true();
      } finally {
        Object.assign(settingsOfNodeRed, { available, get });
      }
      should(devicesOf('tom')).have.length(2);
      should((await signIn(flow)).withMfa).be.false();
    });

    it('are as good as not there with another encryption key', async () => {
      const flow = await SignInFlow.start(gateway());
      await signIn(flow);
      const other = settings({ encryptionKey: 'other words' });
      await SignInFlow.deploy(gateway({ ...other, pool: { ...other.pool, name: 'changed' } }));
      const { by, msg } = await flow.send({});
      should(by).equal('port 2');
      should(msg.payload).have.property('ChallengeName', 'SOFTWARE_TOKEN_MFA');
    });

    it('are kept for the account as the node names it, an alias too', async () => {
      const byAlias = { ...gateway().settings, ...typed('username', 'str', 'tom@example.com') };
      const flow = await SignInFlow.start(gateway({ settings: byAlias }));
      should((await signIn(flow)).withMfa).be.true();
      should((await signIn(flow)).withMfa).be.false();
    });

    it('are kept by the node that answers only where the sign-in began with an account of a node', async () => {
      const flow = await SignInFlow.start(gateway());
      const challenge = await flow.challenged({}, 'SOFTWARE_TOKEN_MFA');
      const state = challenge.cognito as Record<string, unknown>;
      challenge.cognito = { ...state, deviceKeptFor: Buffer.from('"tom"').toString('base64url') };
      const { by, msg } = await flow.answer({ ...challenge, payload: { code: freshCode() } });
      should(by).equal('port 1', msg.error?.message);
      should(metadataOf(msg)).not.have.property('DevicePassword');
      should((await flow.send({})).by).equal('port 2');
    });

    it('are confirmed for an account without a second factor too, by each flow', async () => {
      for (const authFlow of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
        const ada = { ...gateway().settings, ...typed('username', 'str', 'ada'), authFlow };
        const flow = await SignInFlow.start(gateway({ settings: ada }));
        should(metadataOf(await flow.signedIn({}))).have.only.keys('DeviceKey', 'DeviceGroupKey');
        should(metadataOf(await flow.signedIn({}))).be.undefined();
        should(answered().slice(-2)).eql(['DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']);
      }
      should(devicesOf('ada')).have.length(2);
    });

    it('are kept for no other sign-in, though it carries the same mark', async () => {
      const flow = await SignInFlow.start(gateway());
      const { cognito } = await flow.challenged({}, 'SOFTWARE_TOKEN_MFA');
      const { deviceKeptFor } = cognito as { deviceKeptFor: string };
      should(deviceKeptFor).be.a.String();
      // Of another user, and a later one of the same.
      const people = await SignInFlow.start({ ...settings(), answer: {} });
      for (const username of ['emma', 'tom']) {
        const name = username === 'tom' ? 'SOFTWARE_TOKEN_MFA' : 'EMAIL_OTP';
        const challenge = await people.challenged({ payload: { username, password } }, name);
        Object.assign(challenge.cognito as object, { deviceKeptFor });
        const code = username === 'tom' ? freshCode() : pool.codeOf(username);
        const { by, msg } = await people.answer({ ...challenge, payload: { code } });
        should(by).equal('port 1', msg.error?.message);
        should(devicesOf(username)).be.empty();
      }
    });

    it('carry on where the answer is given by a Node-RED without the key, only that nothing is kept', async () => {
      const flow = await SignInFlow.start(gateway());
      const challenge = await flow.challenged({}, 'SOFTWARE_TOKEN_MFA');
      const elsewhere = await SignInFlow.start(gateway(settings({ encryptionKey: '' })));
      const { by } = await elsewhere.answer({ ...challenge, payload: { code: freshCode() } });
      should(by).equal('port 1');
      should(devicesOf('tom')).be.empty();
    });

    for (const [name, extraParameters] of Object.entries({
      'another user': { USERNAME: 'ada', PASSWORD: password },
      'an SRP_A made elsewhere': { SRP_A: 'abc' },
    })) {
      it(`can’t be had for ${name} from the message’s extra parameters`, async () => {
        const further = typed('extraParameters', 'msg', 'payload');
        const flow = await SignInFlow.start(gateway({ settings: { ...gateway().settings, ...further } }));
        await flow.caught({ payload: extraParameters }, 'DeviceNeedsOwnAccount');
        should(pool.requests('InitiateAuth')).be.empty();
      });
    }

    it('can’t be had for an SRP_A that the message brings', async () => {
      const flow = await SignInFlow.start(gateway());
      await flow.caught({ payload: { srpA: 'abc' } }, 'DeviceNeedsOwnAccount');
    });

    it('need an encryption key', async () => {
      const flow = await SignInFlow.start(gateway(settings({ encryptionKey: '' })));
      const { error } = await flow.caught({}, 'UserPoolInvalid');
      should(error.cause).have.property('field', 'encryptionKey');
      should(pool.requests('InitiateAuth')).be.empty();
    });

    it('can’t be had for people: not with a password or a username from the message', async () => {
      for (const change of [
        typed('password', 'msg', 'payload.password'),
        typed('username', 'msg', 'payload.username'),
      ]) {
        const flow = await SignInFlow.start(gateway({ settings: { ...gateway().settings, ...change } }));
        await flow.caught({ payload: { username: 'tom', password } }, 'DeviceNeedsOwnAccount');
        should(pool.requests('InitiateAuth')).be.empty();
      }
    });

    it('are not for the server-side API, where the setting means nothing', async () => {
      const flow = await SignInFlow.start(gateway(pool.serverSide()));
      await flow.challenged({}, 'SOFTWARE_TOKEN_MFA');
      const [start] = pool.requests('AdminInitiateAuth');
      should(start!.AuthParameters).not.have.property('DEVICE_KEY');
    });

    it('are confirmed although the answer was lost, and the call repeated', async () => {
      const flow = await SignInFlow.start(gateway());
      pool.local.faults.inject({ operation: 'ConfirmDevice', exception: 'DeviceKeyExistsException', times: 1 });
      await signIn(flow);
      should(pool.requests('UpdateDeviceStatus')).have.length(1);
    });

    it('that could not be confirmed do not keep anybody from signing in, but are reported', async () => {
      const flow = await SignInFlow.start(gateway());
      pool.local.faults.inject({ operation: 'ConfirmDevice', exception: 'InternalErrorException' });
      const { msg } = await signIn(flow);
      should(msg.payload).have.property('AccessToken');
      const warnings = (flow.logged as { level: number; msg: unknown }[]).filter(({ level }) => level === 30);
      should(String(warnings.at(-1)?.msg)).match(/InternalErrorException/);
      should(metadataOf(msg)).not.have.property('DevicePassword');
    });
  });

  describe('of people, carried on the message', () => {
    const people = (change: Partial<Setup> = {}): Setup => ({ ...settings(), answer: {}, ...change });

    /** Signs emma in with the code from her mail, and has this browser remembered. */
    async function remembered(flow: SignInFlow, at: 'start' | 'answer' = 'start'): Promise<BrowserDevice> {
      const asked = { rememberDevice: 'on' };
      const start = { username: 'emma', password, ...(at === 'start' && asked) };
      const challenge = await flow.challenged({ payload: start }, 'EMAIL_OTP');
      const payload = { code: pool.codeOf('emma'), ...(at === 'answer' && asked) };
      const { by, msg } = await flow.answer({ ...challenge, payload });
      should(by).equal('port 1', msg.error?.message);
      const { DeviceKey = '', DeviceGroupKey = '', DevicePassword = '' } = metadataOf(msg) ?? {};
      should(Buffer.from(DevicePassword, 'base64')).have.length(40);
      return { deviceKey: DeviceKey, deviceGroupKey: DeviceGroupKey, devicePassword: DevicePassword };
    }

    const emma = (device: Partial<BrowserDevice> = {}) => ({ payload: { username: 'emma', password, ...device } });

    for (const at of ['start', 'answer'] as const) {
      it(`are remembered when that was asked for at the ${at}, and skip the second factor`, async () => {
        const flow = await SignInFlow.start(people());
        const device = await remembered(flow, at);
        should(devicesOf('emma')).match([{ key: device.deviceKey, remembered: true }]);
        const msg = await flow.signedIn(emma(device));
        should(metadataOf(msg)).be.undefined();
      });
    }

    it('do not let another browser in: it is asked for the second factor although one is remembered', async () => {
      const flow = await SignInFlow.start(people());
      await remembered(flow);
      await flow.challenged(emma(), 'EMAIL_OTP');
    });

    it('can be two of one user, each with its own proof', async () => {
      const flow = await SignInFlow.start(people());
      const browsers = [await remembered(flow), await remembered(flow)];
      should(new Set(browsers.map(({ deviceKey }) => deviceKey)).size).equal(2);
      for (const browser of browsers) await flow.signedIn(emma(browser));
      const [one, other] = browsers;
      const mixed = { ...one!, devicePassword: other!.devicePassword };
      const { error } = await flow.caught(emma(mixed), 'NotAuthorizedException');
      should(error.cause).have.property('deviceRefused', true);
    });

    it('are not remembered unless that was asked for', async () => {
      for (const rememberDevice of [undefined, false, '', 'off', 'false']) {
        const flow = await SignInFlow.start(people());
        const challenge = await flow.challenged({ payload: { ...emma().payload, rememberDevice } }, 'EMAIL_OTP');
        const { msg } = await flow.answer({ ...challenge, payload: { code: pool.codeOf('emma') } });
        should(metadataOf(msg)).have.only.keys('DeviceKey', 'DeviceGroupKey');
        should(devicesOf('emma')).be.empty();
      }
    });

    it('that the pool has forgotten are left out, and the second factor is asked for', async () => {
      const flow = await SignInFlow.start(people());
      const device = await remembered(flow);
      pool.user('emma').forgetDevice(device.deviceKey);
      const { cognito } = await flow.challenged(emma(device), 'EMAIL_OTP');
      should(cognito).not.have.property('deviceKey');
    });

    it('are left out at a start by password too', async () => {
      const flow = await SignInFlow.start(people({ settings: { authFlow: 'USER_PASSWORD_AUTH' } }));
      const device = await remembered(flow);
      await flow.signedIn(emma(device));
      pool.user('emma').forgetDevice(device.deviceKey);
      const { cognito } = await flow.challenged(emma(device), 'EMAIL_OTP');
      should(cognito).not.have.property('deviceKey');
    });

    it('of somebody else are left out', async () => {
      const flow = await SignInFlow.start(people());
      const device = await remembered(flow);
      await flow.challenged({ payload: { username: 'sam', password, ...device } }, 'SMS_MFA');
    });

    it('have their password erased from the message, whatever becomes of it', async () => {
      const flow = await SignInFlow.start(people());
      const device = await remembered(flow);
      const failed = await flow.caught(
        { payload: { ...emma(device).payload, password: 'Wrong-1' } },
        'NotAuthorizedException',
      );
      should(failed.payload).eql({
        username: 'emma',
        deviceKey: device.deviceKey,
        deviceGroupKey: device.deviceGroupKey,
      });
      pool.local.faults.inject({ operation: 'InitiateAuth', exception: 'InternalErrorException', times: 9 });
      const broken = await flow.caught(emma(device), 'InternalErrorException');
      should(JSON.stringify(broken)).not.containEql(device.devicePassword);
    });

    it('never have their password in msg.cognito or in the log', async () => {
      const flow = await SignInFlow.start(people());
      const device = await remembered(flow);
      const { cognito } = await flow.signedIn(emma(device));
      should(JSON.stringify([cognito, flow.logged])).not.containEql(device.devicePassword);
    });

    it('can prove themselves in a step of their own, when only the key came at the start', async () => {
      const flow = await SignInFlow.start(people());
      const { deviceKey, ...rest } = await remembered(flow);
      const challenge = await flow.challenged(emma({ deviceKey }), 'DEVICE_SRP_AUTH');
      const { by } = await flow.answer({ ...challenge, payload: rest });
      should(by).equal('port 1');
    });

    it('may keep their password to themselves: SRP_A and the proof are handed on', async () => {
      const flow = await SignInFlow.start(people());
      const { deviceKey, deviceGroupKey, devicePassword } = await remembered(flow);
      const challenge = await flow.challenged(emma({ deviceKey }), 'DEVICE_SRP_AUTH');
      const device = new SrpDevice('emma', devicePassword, poolId);
      const verifier = await flow.answer({ ...challenge, payload: { srpA: device.srpA } });
      should(verifier.by).equal('port 2');
      should(verifier.msg.payload).have.property('ChallengeName', 'DEVICE_PASSWORD_VERIFIER');
      const { ChallengeParameters } = verifier.msg.payload as { ChallengeParameters: Record<string, string> };
      const proof = device.proveDevice(ChallengeParameters, deviceGroupKey, devicePassword);
      const { by, msg } = await flow.answer({ ...verifier.msg, payload: proof });
      should(by).equal('port 1', msg.error?.message);
    });

    it('say what is missing for their proof', async () => {
      const flow = await SignInFlow.start(people());
      const { deviceKey } = await remembered(flow);
      const challenge = await flow.challenged(emma({ deviceKey }), 'DEVICE_SRP_AUTH');
      const { msg } = await flow.answer({ ...challenge, payload: { deviceGroupKey: '-AbCdEfGh' } });
      should(msg.error).have.property('code', 'InputMissing');
      should(msg.error!.cause).have.property('field', 'devicePassword');
    });

    it('are named on a refresh, which fails without', async () => {
      const flow = await SignInFlow.start(people());
      const device = await remembered(flow);
      const { payload, cognito } = await flow.signedIn(emma(device));
      const { RefreshToken: refreshToken } = payload as { RefreshToken: string };
      await SignInFlow.deploy(people({ settings: { authFlow: 'REFRESH_TOKEN_AUTH' } }));
      await flow.signedIn({ payload: { refreshToken }, cognito });
      await flow.signedIn({ payload: { refreshToken, deviceKey: device.deviceKey } });
      await flow.caught({ payload: { refreshToken } }, 'NotAuthorizedException');
    });

    it('mean nothing on the server-side API', async () => {
      const flow = await SignInFlow.start(people(pool.serverSide()));
      const payload = { username: 'emma', password, deviceKey: 'eu-west-1_any', rememberDevice: true };
      await flow.challenged({ payload }, 'EMAIL_OTP');
      const [start] = pool.requests('AdminInitiateAuth');
      should(start!.AuthParameters).not.have.property('DEVICE_KEY');
      should(start).have.property('UserPoolId', poolId);
    });
  });
});
