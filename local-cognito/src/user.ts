import { createHash } from 'node:crypto';
import type { MfaType } from './challenges/names';
import type { UserConfig, UserStatus } from './config';
import type { Device } from './device';
import { refuse } from './exceptions';
import { Lockout } from './lockout';
import type { StoredPasskey } from './passkeys/stored-passkey';
import { sameBytes } from './protocol/same-bytes';
import { makeVerifier, type Verifier } from './protocol/srp';
import { totpStep } from './protocol/totp';
import type { SignIn } from './sign-in';
import { hidesUsers } from './user-existence';

/** Where a user belongs, and how that decides its canonical username. */
export interface UserHome {
  poolId: string;
  /** In pools with usernameAttributes the canonical username is the sub. */
  usernameIsSub: boolean;
  /** ms since 1970; from then on temporary passwords age that say nothing else. */
  startedAt: number;
  /** The pool's own secret, which salts follow from. */
  secret: Buffer;
}

/** A user of the pool. Tests may change any public property; it holds from the next request on. */
export class User {
  /** The canonical username: what tokens and USER_ID_FOR_SRP carry. */
  readonly username: string;
  readonly attributes: Record<string, string>;
  status: UserStatus;
  groups: string[];
  /** Added to the scope of access tokens. */
  scopes: string[];
  /** base32 */
  totpSecret: string | undefined;
  totpDeviceName: string | undefined;
  mfa: { enabled: MfaType[]; preferred?: MfaType };
  /**
   * Has a server-side sign-in that starts with a password ask for it again by ADMIN_NO_SRP_AUTH, the given one not
   * looked at.
   * Assumption: AWS lists this challenge but does not say when it arises.
   */
  adminNoSrpAuth = false;
  /** The latest secret that AssociateSoftwareToken gave out for an access token and that is not confirmed yet; base32. */
  pendingTotpSecret: string | undefined;
  /** ms since 1970 */
  temporaryPasswordSetAt: number;
  /** Registered passkeys, oldest first. */
  passkeys: StoredPasskey[] = [];
  /** Stands in for a user who does not exist; accepts nothing, and is sent nothing. */
  readonly simulated: boolean;
  /** Those that the user has confirmed, oldest first. */
  devices: Device[] = [];

  readonly #home: UserHome;
  readonly #lockout = new Lockout();
  #password: string | undefined;
  #verifier: Verifier | undefined;
  #usedTotpSteps: number[] = [];
  #enabled: boolean;
  #revocations = 0;

  constructor(config: UserConfig, home: UserHome, simulated = false) {
    const sub = config.attributes?.sub ?? derivedSub(home.poolId, config.username);
    this.username = home.usernameIsSub ? sub : config.username;
    this.attributes = { sub, ...config.attributes };
    this.#enabled = config.enabled ?? true;
    this.status = config.status ?? (config.temporaryPassword === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD');
    this.groups = [...(config.groups ?? [])];
    this.scopes = [...(config.scopes ?? [])];
    this.totpSecret = config.totpSecret;
    this.totpDeviceName = config.totpDeviceName;
    this.mfa = { ...config.mfa, enabled: [...(config.mfa?.enabled ?? [])] };
    this.temporaryPasswordSetAt = config.temporaryPasswordSetAt
      ? Date.parse(config.temporaryPasswordSetAt)
      : home.startedAt;
    this.simulated = simulated;
    this.#home = home;
    this.#password = config.password ?? config.temporaryPassword;
  }

  get sub(): string {
    return this.attributes.sub ?? '';
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /**
   * Tokens from before do not come back with the user ("when you disable a user account (which revokes refresh and access
   * tokens), the revoked tokens don't become active if you enable the user account again", developer guide, "Ending user
   * sessions with token revocation").
   */
  set enabled(enabled: boolean) {
    if (!enabled) this.revokeTokens();
    this.#enabled = enabled;
  }

  /** How often all tokens of the user have been revoked; those issued before the latest time are refused. */
  get revocations(): number {
    return this.#revocations;
  }

  /** Revokes all tokens of the user, whichever client and sign-in they came from. */
  revokeTokens(): void {
    this.#revocations += 1;
  }

  /** Turns a kind of MFA on or off, and makes it the preferred one or no longer. */
  setMfa(type: MfaType, enabled: boolean, preferred: boolean): void {
    const others = this.mfa.enabled.filter((other) => other !== type);
    const otherPreferred = this.mfa.preferred === type ? undefined : this.mfa.preferred;
    const nowPreferred = preferred ? type : otherPreferred;
    this.mfa = {
      enabled: enabled ? [...others, type] : others,
      ...(nowPreferred ? { preferred: nowPreferred } : {}),
    };
  }

  /** @throws ResourceNotFoundException for a device that was never confirmed, or is forgotten */
  device(key: string): Device {
    const device = this.devices.find((candidate) => candidate.key === key);
    if (!device) throw refuse('deviceNotFound');
    return device;
  }

  forgetDevice(key: string): void {
    const forgotten = this.device(key);
    this.devices = this.devices.filter((device) => device !== forgotten);
  }

  /** Sets a permanent password; the user is then CONFIRMED. The policy is the caller's matter. */
  setPassword(password: string): void {
    this.#password = password;
    this.#verifier = undefined;
    this.status = 'CONFIRMED';
  }

  /** Sets a temporary password, to be changed at the next sign-in. @param setAt ms since 1970, on the pool's clock */
  setTemporaryPassword(password: string, setAt: number): void {
    this.setPassword(password);
    this.status = 'FORCE_CHANGE_PASSWORD';
    this.temporaryPasswordSetAt = setAt;
  }

  /** Is this the user's password? Without an argument: is there one? A passwordless user has none. */
  hasPassword(password?: string): boolean {
    if (this.#password === undefined) return false;
    return password === undefined || sameBytes(password, this.#password);
  }

  /** The user's salt and verifier, computed when first needed; of a password that nobody knows where there is none. */
  get verifier(): Verifier {
    const { poolId, secret } = this.#home;
    this.#verifier ??= makeVerifier(poolId, this.username, this.#password ?? secret.toString('base64'), secret);
    return this.#verifier;
  }

  /**
   * Lets a password or its proof count, as Cognito does. The order of these checks is an assumption, but for the
   * unconfirmed user, who learns it only after a right password, and the one who has to reset it: a client that must not
   * learn of users takes a wrong password for just that (developer guide, "Managing error responses", Imported users).
   */
  provePassword(isRight: () => boolean, now: number, { client, pool }: Pick<SignIn, 'client' | 'pool'>): void {
    if (this.#lockout.isLocked(now)) throw refuse('passwordAttemptsExceeded');
    if (this.status === 'RESET_REQUIRED' && !hidesUsers(client)) throw refuse('passwordResetRequired');
    if (!isRight()) {
      this.#lockout.fail(now);
      throw refuse('wrongPassword');
    }
    this.#lockout.clear();
    if (this.status === 'RESET_REQUIRED') throw refuse('passwordResetRequired');
    if (this.status === 'UNCONFIRMED') throw refuse('userNotConfirmed');
    const validUntil = this.temporaryPasswordSetAt + pool.passwordPolicy.temporaryPasswordValidityDays * 86_400_000;
    if (this.status === 'FORCE_CHANGE_PASSWORD' && now >= validUntil) throw refuse('temporaryPasswordExpired');
  }

  /** Checks a TOTP code and marks it used. @throws CodeMismatchException, or ExpiredCodeException for a used one */
  spendTotpCode(code: string, now: number): void {
    const step = this.totpSecret === undefined ? undefined : totpStep(this.totpSecret, code, now);
    if (step === undefined) throw refuse('totpWrong');
    if (this.#usedTotpSteps.includes(step)) throw refuse('totpUsed');
    this.#markUsed(step);
  }

  /**
   * Registers an authenticator app with its first code, which thereby is used.
   * Assumption: wrong ones are not counted.
   * @returns false for a wrong code
   */
  registerTotp(secret: string, code: string, deviceName: string | undefined, now: number): boolean {
    const step = totpStep(secret, code, now);
    if (step === undefined) return false;
    this.totpSecret = secret;
    this.totpDeviceName = deviceName;
    this.pendingTotpSecret = undefined;
    this.#usedTotpSteps = [step];
    return true;
  }

  /** Only the last three steps can ever be accepted again. */
  #markUsed(step: number): void {
    this.#usedTotpSteps = [...this.#usedTotpSteps, step].slice(-3);
  }
}

/** The same sub at every start, so that what a program stored about a user stays true. */
function derivedSub(poolId: string, username: string): string {
  const hex = createHash('sha256').update(`${poolId}/${username}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
