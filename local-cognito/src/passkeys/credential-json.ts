import { decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import { isObject } from '../config-rules';
import { refuse } from '../exceptions';

/** A public key credential as a page sends it (WebAuthn: RegistrationResponseJSON, AuthenticationResponseJSON). */
export interface CredentialJson {
  readonly id: string;
  readonly rawId: string;
  readonly attachment: string | undefined;
  /** What the browser has had signed. */
  readonly challenge: string;
  readonly origin: string;
  /** A member of `response` that is there. @throws InvalidParameterException */
  readonly need: (member: string) => string;
  readonly transports: string[];
  readonly userHandle: string | undefined;
}

/** @param name how a refusal calls the credential @throws InvalidParameterException for anything else */
export function readCredential(value: unknown, name: string): CredentialJson {
  const unreadable = () => refuse('passkeyUnreadable', { name });
  if (!isObject(value) || value.type !== 'public-key' || !isObject(value.response)) throw unreadable();
  const { id, rawId, response, authenticatorAttachment } = value;
  if (typeof id !== 'string' || typeof rawId !== 'string') throw unreadable();
  const need = (member: string) => {
    const text = response[member];
    if (typeof text !== 'string') throw unreadable();
    return text;
  };
  const { challenge, origin } = clientData(need('clientDataJSON'));
  if (typeof challenge !== 'string' || typeof origin !== 'string') throw unreadable();
  const transports = Array.isArray(response.transports) ? response.transports : [];
  return {
    id,
    rawId,
    attachment: typeof authenticatorAttachment === 'string' ? authenticatorAttachment : undefined,
    challenge,
    origin,
    need,
    transports: transports.filter((transport): transport is string => typeof transport === 'string'),
    userHandle: typeof response.userHandle === 'string' ? response.userHandle : undefined,
  };
}

/** @returns nothing in it where the text is no JSON */
function clientData(text: string): { challenge?: unknown; origin?: unknown } {
  try {
    const data: unknown = decodeClientDataJSON(text);
    return isObject(data) ? data : {};
  } catch {
    return {};
  }
}
