import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';

interface PasskeyOptions {
  /** Where the page runs, such as `http://localhost:1880`. */
  origin: string;
  rpId: string;
  /** Does the authenticator verify its user by PIN, finger or face? Default true. */
  verifiesUser?: boolean;
}

/** COSE: key type EC2, algorithm ES256, curve P-256 (RFC 9053). */
const EC2 = 2;
const ES256 = -7;
const P256 = 1;

/** Flags of authenticator data (WebAuthn, "Authenticator Data"). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/**
 * An authenticator in software, with the browser before it: it answers the options that a page hands to
 * `navigator.credentials`, as objects or as JSON text, with what the page would send back as JSON. It holds one
 * credential, and counts its signatures as a security key does. Like a browser, it does not look at what it signs for.
 */
export class Passkey {
  /** base64url */
  readonly id = randomBytes(16).toString('base64url');
  /** Signatures so far. A test may set it back, as a cloned key would. */
  counter = 0;
  readonly #privateKey: KeyObject;
  readonly #cosePublicKey: Uint8Array;
  #userHandle: string | undefined;

  constructor(private readonly options: PasskeyOptions) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    this.#privateKey = privateKey;
    this.#cosePublicKey = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, EC2],
        [3, ES256],
        [-1, P256],
        [-2, bytes(x ?? '')],
        [-3, bytes(y ?? '')],
      ]),
    );
  }

  /** `navigator.credentials.create`: the registration, without attestation. */
  create(options: PublicKeyCredentialCreationOptionsJSON | string): RegistrationResponseJSON {
    const { challenge, user } = parse(options);
    this.#userHandle = user.id;
    const id = bytes(this.id);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, this.#cosePublicKey]);
    const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', Buffer.concat([this.#authenticatorData(HAS_CREDENTIAL), credential])],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge).toString('base64url'),
        attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
        transports: ['internal'],
      },
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
    };
  }

  /** `navigator.credentials.get`: the signed assertion. */
  get(options: PublicKeyCredentialRequestOptionsJSON | string): AuthenticationResponseJSON {
    const { challenge } = parse(options);
    this.counter += 1;
    const clientData = this.#clientData('webauthn.get', challenge);
    const authenticatorData = this.#authenticatorData();
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
        ...(this.#userHandle === undefined ? {} : { userHandle: this.#userHandle }),
      },
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
    };
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.options.origin, crossOrigin: false }));
  }

  #authenticatorData(flags = 0): Buffer {
    const verified = this.options.verifiesUser === false ? 0 : USER_VERIFIED;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(this.options.rpId), Buffer.from([flags | USER_PRESENT | verified]), counter]);
  }
}

function parse<T>(options: T | string): T {
  return typeof options === 'string' ? (JSON.parse(options) as T) : options;
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
