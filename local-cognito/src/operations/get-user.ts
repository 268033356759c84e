import { configuredFactors } from '../challenges/first-factors';
import type { User } from '../user';
import { accessToken } from './members';
import type { Operation } from './operation';

/** The user of an access token, with the attributes that the client may read. */
export const getUser: Operation = {
  signed: false,
  shape: { AccessToken: { ...accessToken, required: true } },
  run: ({ tokens }, input) => {
    const { user, client } = tokens.authorize(input.text('AccessToken'));
    const { readAttributes } = client;
    const attributes = Object.entries(user.attributes).filter(
      ([name]) => name === 'sub' || (readAttributes?.includes(name) ?? true),
    );
    return {
      Username: user.username,
      UserAttributes: attributes.map(([Name, Value]) => ({ Name, Value })),
      ...mfaSettings(user),
    };
  },
};

/** What the user of an access token can sign in with. */
export const getUserAuthFactors: Operation = {
  signed: false,
  shape: { AccessToken: { ...accessToken, required: true } },
  run: ({ tokens }, input) => {
    const { pool, user } = tokens.authorize(input.text('AccessToken'));
    const ConfiguredUserAuthFactors = configuredFactors(pool, user);
    return { Username: user.username, ...mfaSettings(user), ConfiguredUserAuthFactors };
  },
};

function mfaSettings({ mfa: { preferred, enabled } }: User): object {
  return {
    ...(preferred === undefined ? {} : { PreferredMfaSetting: preferred }),
    ...(enabled.length > 0 ? { UserMFASettingList: enabled } : {}),
  };
}
