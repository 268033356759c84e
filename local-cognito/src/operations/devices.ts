import type { Device } from '../device';
import { refuse } from '../exceptions';
import type { Pool } from '../pool';
import { readVerifier, type Verifier } from '../protocol/srp';
import type { Service } from '../service';
import type { User } from '../user';
import { administrator, type Caller, owner } from './caller';
import type { Input } from './input';
import { accessToken, deviceKey } from './members';
import type { Operation } from './operation';

/** Registers the device that the access token was given to. */
export const confirmDevice: Operation = {
  signed: false,
  shape: {
    AccessToken: { ...accessToken, required: true },
    DeviceKey: deviceKey,
    DeviceSecretVerifierConfig: {
      type: 'object',
      members: { PasswordVerifier: { type: 'text', secret: true }, Salt: { type: 'text', secret: true } },
    },
    DeviceName: { type: 'text', min: 1, max: 1024 },
  },
  run: ({ tokens, clock }, input) => {
    const { pool, user, deviceKey: own } = tokens.authorize(input.text('AccessToken'));
    const key = input.text('DeviceKey');
    if (own !== key) throw refuse('deviceKeyInvalid');
    if (user.devices.some((device) => device.key === key)) throw refuse('deviceKeyExists');
    const verifier = verifierOf(input.structure('DeviceSecretVerifierConfig'));
    const onPrompt = pool.config.deviceConfiguration?.deviceOnlyRememberedOnUserPrompt ?? false;
    const now = clock.now();
    user.devices.push({
      key,
      name: input.optionalText('DeviceName'),
      verifier,
      remembered: !onPrompt,
      createdAt: now,
      modifiedAt: now,
      lastAuthenticatedAt: now,
    });
    return { UserConfirmationNecessary: onPrompt };
  },
};

function verifierOf(config: Input | undefined): Verifier {
  const verifier = readVerifier(config?.text('Salt') ?? '', config?.text('PasswordVerifier') ?? '');
  if (!verifier) throw refuse('deviceVerifierInvalid');
  return verifier;
}

/** The device that a request names. */
function named(caller: Caller, service: Service, input: Input): { pool: Pool; user: User; device: Device } {
  const { pool, user } = caller.find(service, input);
  return { pool, user, device: user.device(input.text('DeviceKey')) };
}

function updating(caller: Caller): Operation {
  const status = { type: 'text', choices: ['remembered', 'not_remembered'] } as const;
  return {
    signed: caller.signed,
    shape: { ...caller.shape, DeviceKey: deviceKey, DeviceRememberedStatus: status },
    run: (service, input) => {
      const { device } = named(caller, service, input);
      // Assumption: without a status nothing changes.
      device.remembered = (input.optionalText('DeviceRememberedStatus') ?? statusOf(device)) === 'remembered';
      device.modifiedAt = service.clock.now();
      return {};
    },
  };
}

/** Its refresh tokens end with it, its access tokens live on. */
function forgetting(caller: Caller): Operation {
  return {
    signed: caller.signed,
    shape: { ...caller.shape, DeviceKey: deviceKey },
    run: (service, input) => {
      const { user, device } = named(caller, service, input);
      user.forgetDevice(device.key);
      return {};
    },
  };
}

function getting(caller: Caller): Operation {
  return {
    signed: caller.signed,
    shape: { ...caller.shape, DeviceKey: deviceKey },
    run: (service, input) => {
      const { pool, user, device } = named(caller, service, input);
      return { Device: describe(caller, device, pool, user) };
    },
  };
}

/** QueryLimitType; that a missing or zero Limit means all of them is an assumption. */
const MOST = 60;

/** Users see their remembered devices alone (aws-amplify/amplify-js#12171). */
function listing(caller: Caller): Operation {
  return {
    signed: caller.signed,
    shape: {
      ...caller.shape,
      Limit: { type: 'number', min: 0, max: MOST },
      PaginationToken: { type: 'text', min: 1 },
    },
    run: (service, input) => {
      const { pool, user } = caller.find(service, input);
      const devices = user.devices.filter(({ remembered }) => caller.signed || remembered);
      const start = startOf(devices, input.optionalText('PaginationToken'));
      const limit = input.optionalNumber('Limit');
      const page = devices.slice(start, start + (limit === undefined || limit === 0 ? MOST : limit));
      const last = page.at(-1);
      return {
        Devices: page.map((device) => describe(caller, device, pool, user)),
        ...(last && last !== devices.at(-1) ? { PaginationToken: last.key } : {}),
      };
    },
  };
}

/** Where the page after the token begins. The token is the key of the last device shown. */
function startOf(devices: readonly Device[], token: string | undefined): number {
  if (token === undefined) return 0;
  const last = devices.findIndex(({ key }) => key === token);
  if (last < 0) throw refuse('paginationTokenInvalid');
  return last + 1;
}

const statusOf = ({ remembered }: Device) => (remembered ? 'remembered' : 'not_remembered');

/** Attributes as in the examples of the AWS CLI and in aws-amplify/amplify-js#12171. Times are in s. */
function describe({ signed }: Caller, device: Device, { id }: Pool, { username: name }: User): object {
  const attributes = {
    device_status: 'valid',
    ...(device.name === undefined ? {} : { device_name: device.name }),
    last_ip_used: '127.0.0.1',
    ...(signed ? { 'dev:device_owner': `${name}.${id}`, 'dev:device_remembered_status': statusOf(device) } : {}),
  };
  return {
    DeviceKey: device.key,
    DeviceAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    DeviceCreateDate: device.createdAt / 1000,
    DeviceLastModifiedDate: device.modifiedAt / 1000,
    DeviceLastAuthenticatedDate: device.lastAuthenticatedAt / 1000,
  };
}

export const updateDeviceStatus = updating(owner);
export const forgetDevice = forgetting(owner);
export const getDevice = getting(owner);
export const listDevices = listing(owner);
export const adminUpdateDeviceStatus = updating(administrator);
export const adminForgetDevice = forgetting(administrator);
export const adminGetDevice = getting(administrator);
export const adminListDevices = listing(administrator);
