import { createHmac } from 'node:crypto';
import { User, type UserHome } from './user';

/**
 * Stands in for a user who does not exist: a password that nobody knows, and the same one every time, so that the salt
 * is stable. USER_AUTH asks unknown users for any of what the pool allows (developer guide, "Managing user existence
 * error responses"); so this one has addresses, a passkey and an authenticator app as its name decides. Assumption: it
 * always has a password, and is asked for the same every time.
 * @param rpId the pool's relying party, if any
 */
export function simulateUser(username: string, home: UserHome, rpId: string | undefined): User {
  const digest = (purpose: string) => createHmac('sha256', home.secret).update(`${purpose}:${username}`).digest();
  const has = (trait: string) => digest(trait).readUInt8() < 128;
  const letter = (purpose: string) => String.fromCharCode(97 + (digest(purpose).readUInt8() % 26));
  const email = `${letter('mailbox')}@${letter('domain')}`;
  const phone = `+1${2_000_000_000 + (digest('number').readUInt32BE() % 1_000_000_000)}`;
  const attributes = {
    ...(has('email') ? { email, email_verified: 'true' } : {}),
    ...(has('phone') ? { phone_number: phone, phone_number_verified: 'true' } : {}),
  };
  const mfa = { enabled: has('authenticator app') ? ['SOFTWARE_TOKEN_MFA' as const] : [] };
  const user = new User({ username, password: digest('password').toString('base64'), attributes, mfa }, home, true);
  if (rpId !== undefined && has('passkey')) {
    user.passkeys.push({
      id: digest('credential').toString('base64url'),
      publicKey: new Uint8Array(),
      counter: 0,
      relyingPartyId: rpId,
      friendlyName: '',
      attachment: undefined,
      transports: ['internal'],
      createdAt: 0,
    });
  }
  return user;
}
