import { refuse } from '../exceptions';
import type { StoredPasskey } from '../passkeys/stored-passkey';
import { accessToken } from './members';
import type { Operation } from './operation';

const signedIn = { AccessToken: { ...accessToken, required: true } } as const;

/** What a browser needs for `navigator.credentials.create`, for a signed-in user. */
export const startWebAuthnRegistration: Operation = {
  signed: false,
  shape: signedIn,
  run: ({ tokens, registrations }, input) => {
    const owner = tokens.authorize(input.text('AccessToken'));
    return { CredentialCreationOptions: registrations.start(owner) };
  },
};

/** Registers what the browser made of it. */
export const completeWebAuthnRegistration: Operation = {
  signed: false,
  shape: { ...signedIn, Credential: { type: 'object', required: true, members: {} } },
  run: async ({ tokens, registrations }, input) => {
    await registrations.complete(tokens.authorize(input.text('AccessToken')), input.json('Credential'));
    return {};
  },
};

/** The signed-in user's passkeys. All stand in one answer: a user has at most 20, as many as one answer may hold. */
export const listWebAuthnCredentials: Operation = {
  signed: false,
  shape: signedIn,
  run: ({ tokens }, input) => {
    const { user } = tokens.authorize(input.text('AccessToken'));
    return { Credentials: user.passkeys.map(describe) };
  },
};

export const deleteWebAuthnCredential: Operation = {
  signed: false,
  shape: { ...signedIn, CredentialId: { type: 'text', required: true } },
  run: ({ tokens }, input) => {
    const { user } = tokens.authorize(input.text('AccessToken'));
    const id = input.text('CredentialId');
    if (!user.passkeys.some((passkey) => passkey.id === id)) throw refuse('passkeyNotFound', { id });
    user.passkeys = user.passkeys.filter((passkey) => passkey.id !== id);
    return {};
  },
};

function describe(passkey: StoredPasskey): object {
  return {
    CredentialId: passkey.id,
    FriendlyCredentialName: passkey.friendlyName,
    RelyingPartyId: passkey.relyingPartyId,
    AuthenticatorAttachment: passkey.attachment,
    AuthenticatorTransports: passkey.transports,
    CreatedAt: Math.floor(passkey.createdAt / 1000),
  };
}
