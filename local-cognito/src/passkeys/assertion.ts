import { randomBytes } from 'node:crypto';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { Begin } from '../challenges/challenge';
import { endingAttempt, refuse } from '../exceptions';
import { parseJson } from '../parse-json';
import type { Progress, SignIn } from '../sign-in';
import { type CredentialJson, readCredential } from './credential-json';
import { isOwnOrigin, type RelyingParty, relyingPartyOf, usablePasskeys, userHandleOf } from './relying-party';
import type { StoredPasskey } from './stored-passkey';

/**
 * Poses WEB_AUTHN: a challenge for one of the user's passkeys to sign, with CREDENTIAL, the assertion as JSON text, for
 * an answer. Each challenge is judged once: a refusal ends the attempt (assumption).
 */
export const beginAssertion: Begin = (_service, signIn) => {
  const party = relyingPartyOf(signIn.pool);
  if (!party) throw refuse('passkeysUnconfigured');
  const challenge = randomBytes(32).toString('base64url');
  return {
    parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(requestOptions(signIn, party, challenge)) },
    judge: (responses) => {
      const credential = readCredential(parseJson(responses.need('CREDENTIAL')), 'CREDENTIAL');
      return endingAttempt(async (): Promise<Progress> => {
        const { attachment } = await check(signIn, party, challenge, credential);
        return { alone: attachment === 'cross-platform' ? 'hwk' : 'swk' };
      });
    },
  };
};

/** WebAuthn's PublicKeyCredentialRequestOptionsJSON. The browser gives up with the session. */
function requestOptions({ pool, client, user }: SignIn, party: RelyingParty, challenge: string): object {
  return {
    challenge,
    timeout: (client.authSessionValidity ?? 3) * 60_000,
    rpId: party.id,
    allowCredentials: usablePasskeys(pool, user).map(({ id, transports }) => ({ type: 'public-key', id, transports })),
    userVerification: party.userVerification,
  };
}

/** @returns the passkey that signed. @throws NotAuthorizedException, the same for all that is wrong with an assertion */
async function check(
  { pool, user }: SignIn,
  party: RelyingParty,
  challenge: string,
  given: CredentialJson,
): Promise<StoredPasskey> {
  const passkey = usablePasskeys(pool, user).find(({ id }) => id === given.id);
  if (!passkey || !isOwnOrigin(given.origin, party.id)) throw refuse('passkeyRefused');
  if (given.userHandle !== undefined && given.userHandle !== userHandleOf(user)) throw refuse('passkeyRefused');
  const assertion = {
    id: given.id,
    rawId: given.rawId,
    type: 'public-key' as const,
    response: {
      clientDataJSON: given.need('clientDataJSON'),
      authenticatorData: given.need('authenticatorData'),
      signature: given.need('signature'),
    },
    clientExtensionResults: {},
  };
  const verification = await verifyAuthenticationResponse({
    response: assertion,
    expectedChallenge: challenge,
    expectedOrigin: given.origin,
    expectedRPID: party.id,
    // As it is now: an answer judged at the same time may have counted on.
    credential: passkey,
    requireUserVerification: party.userVerification === 'required',
  }).catch(() => undefined);
  if (!verification?.verified) throw refuse('passkeyRefused');
  passkey.counter = verification.authenticationInfo.newCounter;
  return passkey;
}
