import type { NodeAPI, NodeMessage } from 'node-red';
import { CognitoAuthError } from '../lib/cognito/errors';
import { isRecord } from '../lib/cognito/guards';
import type { TokenSet } from '../lib/cognito/token-set';
import { claimsOf } from '../lib/cognito/tokens';
import { propertyOf } from '../lib/node-red/message-properties';
import { textSetting, type Settings } from '../lib/node-red/typed-inputs';

type TokenName = 'accessToken' | 'idToken';

/** A token, and where it goes. */
interface Placement {
  readonly token: TokenName;
  /** The setting that names the place. */
  readonly setting: string;
  readonly path: string;
  /** For a header: its name. */
  readonly header: string | undefined;
  readonly isBearer: boolean;
}

const settingsOf: Readonly<Record<TokenName, string>> = { accessToken: 'accessTokenTo', idToken: 'idTokenTo' };

/** What an `http request` node leaves on the headers of its response. */
const responseMark = 'x-node-red-request-node';

/** Puts the tokens where a node's settings say. */
export class TokenPlacer {
  readonly #RED: NodeAPI;
  readonly #placements: readonly Placement[];

  /** @throws CognitoAuthError InputMissing, InputInvalid when the settings name no place, or none that can be */
  constructor(RED: NodeAPI, settings: Settings) {
    this.#RED = RED;
    this.#placements = (['accessToken', 'idToken'] as const).flatMap(
      (token) => placementOf(RED, settings, token) ?? [],
    );
    if (this.#placements.length === 0) throw new CognitoAuthError('InputMissing', { field: settingsOf.accessToken });
  }

  /** @throws CognitoAuthError InputInvalid when the message has something in that place that can't hold a property */
  place(msg: NodeMessage & { headers?: unknown }, tokens: TokenSet): void {
    for (const { token, setting, path, header, isBearer } of this.#placements) {
      const text = tokens[token] ?? '';
      const value = isBearer ? `Bearer ${text}` : text;
      if (header !== undefined) msg.headers = { ...otherHeaders(msg.headers, header), [header]: value };
      else if (!isPut(this.#RED, msg, path, value)) {
        throw new CognitoAuthError('InputInvalid', { field: setting, expected: `msg.${path}` });
      }
    }
  }

  /** The token that a message still carries in one of the places. */
  tokenOn(msg: NodeMessage): string | undefined {
    const values = this.#placements.map(({ path }) => propertyOf(this.#RED, msg, path));
    const texts = values.filter((value) => typeof value === 'string').map((value) => value.replace(/^Bearer /i, ''));
    return texts.find((text) => claimsOf(text) !== undefined);
  }
}

function placementOf(RED: NodeAPI, settings: Settings, token: TokenName): Placement | undefined {
  const setting = settingsOf[token];
  const path = textSetting(settings, setting).replace(/^msg\./, '');
  if (path === '') return undefined;
  const keys = keysOf(RED, path, setting);
  const [, name] = keys;
  const isHeader = keys.length === 2 && keys[0] === 'headers' && typeof name === 'string';
  return {
    token,
    setting,
    path,
    header: isHeader ? name : undefined,
    isBearer: String(keys.at(-1)).toLowerCase() === 'authorization',
  };
}

function keysOf(RED: NodeAPI, path: string, setting: string): readonly unknown[] {
  try {
    return RED.util.normalisePropertyExpression(path);
  } catch {
    throw new CognitoAuthError('InputInvalid', { field: setting, expected: 'headers.Authorization' });
  }
}

/** Sets a property of the message. @returns whether it is there then: what is frozen, or no object, takes none */
function isPut(RED: NodeAPI, msg: NodeMessage, path: string, value: string): boolean {
  try {
    RED.util.setMessageProperty(msg, path, value, true);
  } catch {
    return false;
  }
  return propertyOf(RED, msg, path) === value;
}

/** What is kept of a message's headers: nothing of a response's, and no other spelling of the one that is set. */
function otherHeaders(headers: unknown, name: string): Record<string, unknown> {
  if (!isRecord(headers) || responseMark in headers) return {};
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()));
}
