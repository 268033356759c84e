import { challengeNames } from '../challenges/names';
import { flowNames } from '../flows/names';
import type { Member, Shape } from './shape';

/** Members that several operations share, with the constraints of the API reference. */
export const userPoolId: Member = { type: 'text', required: true, min: 1, max: 55, pattern: /^[\w-]+_[0-9a-zA-Z]+$/ };
export const clientId: Member = { type: 'text', required: true, min: 1, max: 128, pattern: /^[\w+]+$/, secret: true };
export const session: Member = { type: 'text', min: 20, max: 2048, secret: true };
export const authFlow: Member = { type: 'text', required: true, choices: flowNames };
export const challengeName: Member = { type: 'text', required: true, choices: challengeNames };
export const accessToken: Member = { type: 'text', pattern: /^[A-Za-z0-9-_=.]+$/, secret: true };
export const refreshToken: Member = { ...accessToken, required: true };
/** The API wants 24 to 64 letters and digits; these pools may have any secret. */
export const clientSecret: Member = { type: 'text', secret: true };

export const username: Member = { type: 'text', required: true, min: 1, max: 128, secret: true };
export const optionalDeviceKey = { type: 'text', min: 1, max: 55, pattern: /^[\w-]+_[0-9a-f-]+$/ } as const;
export const deviceKey: Member = { ...optionalDeviceKey, required: true };

const optionalText: Member = { type: 'text' };
const requiredText: Member = { type: 'text', required: true };

const context: Shape = {
  ClientMetadata: { type: 'map' },
  AnalyticsMetadata: { type: 'object', members: { AnalyticsEndpointId: optionalText } },
};

/** What client-side sign-in operations take beside their own members. */
export const clientContext: Shape = {
  ...context,
  UserContextData: { type: 'object', members: { IpAddress: optionalText, EncodedData: optionalText } },
};

/** What server-side sign-in operations take beside their own members. */
export const adminContext: Shape = {
  ...context,
  ContextData: {
    type: 'object',
    members: {
      IpAddress: requiredText,
      ServerName: requiredText,
      ServerPath: requiredText,
      HttpHeaders: { type: 'list', required: true },
      EncodedData: optionalText,
    },
  },
};
