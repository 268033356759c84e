import { CognitoAuthError } from '../lib/cognito/errors';
import { tokenUses, type TokenRules } from '../lib/cognito/token-verifier';
import type { UserPool } from '../lib/cognito/user-pool';
import { assertResolved, type Settings } from '../lib/node-red/typed-inputs';

/** The largest clock tolerance, in s. */
const mostTolerance = 600;

function text(settings: Settings, name: string): string {
  const value = settings[name];
  assertResolved(name, value);
  if (typeof value !== 'string') throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
  return value.trim();
}

/** @throws CognitoAuthError InputInvalid for a list with nothing in it: a comma alone must not let everybody pass */
function list(settings: Settings, name: string): string[] {
  const value = text(settings, name);
  const entries = value.split(/[\s,]+/).filter((entry) => entry !== '');
  if (value !== '' && entries.length === 0) {
    throw new CognitoAuthError('InputInvalid', { field: name, expected: 'a, b' });
  }
  return entries;
}

function flag(settings: Settings, name: string): boolean {
  const value = settings[name];
  if (typeof value !== 'boolean') throw new CognitoAuthError('InputInvalid', { field: name, expected: 'true, false' });
  return value;
}

/** The issuer that is set; undefined where it follows from the user pool. @throws CognitoAuthError */
export function issuerIn(settings: Settings): string | undefined {
  return text(settings, 'issuer') || undefined;
}

/**
 * What the node's settings ask of a token. What can't be understood is refused, never left out.
 * @throws CognitoAuthError InputInvalid or EnvironmentVariableUnset, naming the setting
 */
export function readRules(settings: Settings, pool: UserPool): TokenRules {
  const use = tokenUses.find((name) => name === settings.tokenUse);
  if (!use) throw new CognitoAuthError('InputInvalid', { field: 'tokenUse', expected: tokenUses.join(', ') });
  const asksCognito = flag(settings, 'askCognito');
  // Cognito says so of access tokens only.
  if (asksCognito && use !== 'access') {
    throw new CognitoAuthError('InputInvalid', { field: 'tokenUse', expected: 'access' });
  }
  assertResolved('clockTolerance', settings.clockTolerance);
  const clockTolerance = settings.clockTolerance === '' ? NaN : Number(settings.clockTolerance);
  if (!(clockTolerance >= 0 && clockTolerance <= mostTolerance)) {
    throw new CognitoAuthError('InputInvalid', { field: 'clockTolerance', expected: `0 - ${mostTolerance}` });
  }
  const issuer = issuerIn(settings);
  return {
    use,
    clientIds: [pool.clientId, ...list(settings, 'clientIds')],
    groups: list(settings, 'groups'),
    scopes: list(settings, 'scopes'),
    clockTolerance: clockTolerance * 1000,
    asksCognito,
    ...(issuer !== undefined && { issuer }),
  };
}
