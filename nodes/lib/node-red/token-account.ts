import { createHash } from 'node:crypto';
import { CognitoAuthError } from '../cognito/errors';
import { textEntriesOf, textOf } from '../cognito/input-text';
import { inputs, type InputName, type InputValues } from '../cognito/inputs';
import type { Account } from '../cognito/token-source';
import type { UserPool } from '../cognito/user-pool';
import type { SealedStore } from './sealed-store';
import { StoredTokens } from './stored-tokens';
import type { Source } from './typed-inputs';
import { userPoolNode } from './user-pool-node';

/**
 * The store of the user pool node.
 * @returns undefined where there is no encryption key: nothing is stored then
 * @throws CognitoAuthError for a key that can't be used
 */
export async function storeOf({ RED, settings }: Pick<Source, 'RED' | 'settings'>): Promise<SealedStore | undefined> {
  return userPoolNode(RED, settings.userPool)
    .sealedStore()
    .catch((error: unknown) => {
      const { code, details } = error as CognitoAuthError;
      if (code === 'UserPoolInvalid' && details.field === 'encryptionKey') return undefined;
      throw error;
    });
}

/** An account that only gets the tokens that others hand to it. */
function signInElsewhere(): Promise<never> {
  return Promise.reject(new CognitoAuthError('TokensMissing'));
}

/**
 * What of the inputs a refusal can depend on, as it is sent. Not the metadata: with the time or a number in it, it would
 * make each message another try, and five wrong passwords lock the user.
 * @throws CognitoAuthError InputInvalid, naming the input
 */
function decisiveTexts({ clientMetadata: _changing, ...values }: InputValues): unknown[] {
  return Object.keys(values).map((name) => {
    const input = name as InputName;
    return [name, inputs[input].kind === 'object' ? textEntriesOf(values, input) : textOf(values, input)];
  });
}

/**
 * An account as the token cache knows it.
 * @param values what says whose account it is, and what signs it in
 * @param signIn unless it is only signed in elsewhere
 * @throws CognitoAuthError InputInvalid, naming the input
 */
export function tokenAccount(
  pool: UserPool,
  values: InputValues,
  store: SealedStore | undefined,
  flow = '',
  signIn: Account['signIn'] = signInElsewhere,
): Account {
  const decisive = decisiveTexts(values);
  return {
    pool,
    values,
    signIn,
    record: store && new StoredTokens(store, pool, values),
    settingsDigest: () =>
      createHash('sha256')
        .update(JSON.stringify([pool.settingsDigest, flow, decisive]))
        .digest('base64'),
  };
}
