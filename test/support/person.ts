import {
  CognitoIdentityProviderClient,
  CompleteWebAuthnRegistrationCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode, type User } from '@cognito-flows/local-cognito';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { Passkey } from './passkey';
import { poolId } from './pools';
import { type Setup, SignInFlow, type TestPool, typed } from './sign-in-flow';
import { SrpDevice } from './srp-device';

/** What a person types, as the payload of a message. */
export type Payload = Record<string, unknown>;

interface RememberedDevice {
  readonly DeviceKey: string;
  readonly DeviceGroupKey: string;
  readonly DevicePassword: string;
}

/** Somebody who signs in: what they know and what they have. */
export class Person {
  readonly passkey = newPasskey();
  device: RememberedDevice | undefined;
  /** base32; of the QR code that was scanned last. */
  scanned: string | undefined;
  #srp: SrpDevice | undefined;

  constructor(
    readonly pool: TestPool,
    readonly access: Pick<Setup, 'pool' | 'poolCredentials'>,
    readonly username: string,
    readonly password: string,
  ) {}

  /** Makes SRP_A and proofs outside of the nodes. */
  get srp(): SrpDevice {
    this.#srp ??= new SrpDevice(this.username, this.password, poolId);
    return this.#srp;
  }

  get user(): User {
    return this.pool.user(this.username);
  }

  /** What the authenticator app shows. */
  get totpCode(): string {
    const secret = this.scanned ?? this.user.totpSecret ?? '';
    return currentTotpCode(secret, this.pool.local.clock.now());
  }

  /** What a sign-in from the remembered device starts with. */
  get deviceKey(): Payload {
    return this.device ? { deviceKey: this.device.DeviceKey } : {};
  }

  /** The inputs that describe the remembered device. */
  get deviceInputs() {
    if (!this.device) throw new Error('no device is remembered');
    const { DeviceKey, DeviceGroupKey, DevicePassword } = this.device;
    return { deviceKey: DeviceKey, deviceGroupKey: DeviceGroupKey, devicePassword: DevicePassword };
  }

  /** Signs in by password alone, and has the device remembered. */
  async rememberDevice(): Promise<void> {
    const { NewDeviceMetadata } = await this.#signIn();
    this.device = NewDeviceMetadata as RememberedDevice;
  }

  /** Signs in by password alone, and registers the passkey. */
  async registerPasskey(): Promise<void> {
    const { AccessToken } = await this.#signIn();
    const sdk = new CognitoIdentityProviderClient({ endpoint: this.pool.local.endpoint, region: 'eu-west-1' });
    try {
      const started = await sdk.send(new StartWebAuthnRegistrationCommand({ AccessToken: String(AccessToken) }));
      const options = started.CredentialCreationOptions as unknown as PublicKeyCredentialCreationOptionsJSON;
      const Credential = JSON.parse(JSON.stringify(this.passkey.create(options))) as Record<string, string>;
      await sdk.send(new CompleteWebAuthnRegistrationCommand({ AccessToken: String(AccessToken), Credential }));
    } finally {
      sdk.destroy();
    }
  }

  async #signIn(): Promise<Payload> {
    const isClientSide = this.access.pool?.api === 'client-side';
    const authFlow = isClientSide ? 'USER_PASSWORD_AUTH' : 'ADMIN_USER_PASSWORD_AUTH';
    const flow = await SignInFlow.start({ ...this.access, settings: typed('authFlow', 'str', authFlow) });
    const { username, password } = this;
    const msg = await flow.signedIn({ payload: { username, password, rememberDevice: true } });
    return msg.payload as Payload;
  }
}

/** An authenticator whose passkeys are for the pool's relying party. */
export function newPasskey(): Passkey {
  return new Passkey({ origin: 'http://localhost:1880', rpId: 'localhost' });
}
