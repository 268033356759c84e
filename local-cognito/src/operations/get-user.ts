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
      ...(user.mfa.preferred === undefined ? {} : { PreferredMfaSetting: user.mfa.preferred }),
      ...(user.mfa.enabled.length > 0 ? { UserMFASettingList: user.mfa.enabled } : {}),
    };
  },
};
