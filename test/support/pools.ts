import { randomInt } from 'node:crypto';
import type { ExplicitAuthFlow, PoolConfig, UserConfig } from '@cognito-flows/local-cognito';

/** The pool that the nodes' tests sign in to. */
export const poolId = 'eu-west-1_NodesTest';
export const otherPoolId = 'eu-west-1_OtherPool';

/** Its app client with a secret, and the one without. */
export const secretClient = 'clientwithsecret';
export const clientSecret = 'the-client-secret-of-the-tests';
export const publicClient = 'clientwithoutsecret';
/** An app client on which no flow but custom authentication is enabled. */
export const bareClient = 'clientwithoutflows';

export const password = 'Right-Password-1';
export const temporaryPassword = 'Temporary-Password-1';

/** A TOTP secret that nothing has used: used codes are remembered as long as the process lives. */
export function newTotpSecret(): string {
  return Array.from({ length: 32 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(randomInt(32))).join('');
}

const email = (username: string) => ({ email: `${username}@example.com`, email_verified: 'true' });
const phone = { phone_number: '+12025550143', phone_number_verified: 'true' };

const users = (): UserConfig[] => [
  { username: 'ada', password, attributes: { ...email('ada'), name: 'Ada' }, groups: ['engineers'] },
  { username: 'grace', temporaryPassword, attributes: email('grace') },
  {
    username: 'tom',
    password,
    attributes: { ...email('tom'), name: 'Tom' },
    totpSecret: newTotpSecret(),
    totpDeviceName: 'Toms phone',
    mfa: { enabled: ['SOFTWARE_TOKEN_MFA'] },
  },
  { username: 'sam', password, attributes: { ...email('sam'), ...phone, name: 'Sam' }, mfa: { enabled: ['SMS_MFA'] } },
  { username: 'emma', password, attributes: { ...email('emma'), name: 'Emma' }, mfa: { enabled: ['EMAIL_OTP'] } },
  {
    username: 'lin',
    password,
    attributes: { ...email('lin'), ...phone, name: 'Lin' },
    totpSecret: newTotpSecret(),
    mfa: { enabled: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] },
  },
  { username: 'disabled', password, enabled: false, attributes: { ...email('disabled'), name: 'D' } },
  { username: 'unconfirmed', password, status: 'UNCONFIRMED', attributes: { name: 'U', email: 'u@example.com' } },
  { username: 'reset', password, status: 'RESET_REQUIRED', attributes: { ...email('reset'), name: 'R' } },
];

const flows: ExplicitAuthFlow[] = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
];

/** Fresh pools: what one test does to their users, no other test sees. */
export function testPools(): PoolConfig[] {
  return [
    {
      id: poolId,
      requiredAttributes: ['email', 'name'],
      aliasAttributes: ['email'],
      clients: [
        { clientId: secretClient, clientSecret, explicitAuthFlows: flows },
        { clientId: publicClient, explicitAuthFlows: flows },
        { clientId: bareClient, explicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] },
      ],
      users: users(),
    },
    { id: otherPoolId, clients: [{ clientId: 'otherclient', explicitAuthFlows: flows }], users: [] },
  ];
}

/** The first of these pools, with every flow and every first factor allowed, and changed. */
export function openPools(change: Partial<PoolConfig> = {}): PoolConfig[] {
  return testPools()
    .slice(0, 1)
    .map((pool) => ({
      ...pool,
      clients: pool.clients.map((client) => ({
        ...client,
        explicitAuthFlows: [...flows, 'ALLOW_USER_AUTH', 'ALLOW_CUSTOM_AUTH'],
      })),
      signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN', 'EMAIL_OTP', 'SMS_OTP'] },
      webAuthnConfiguration: { relyingPartyId: 'localhost' },
      autoVerifiedAttributes: ['email'],
      ...change,
    }));
}

/** The first of these pools, with refresh tokens that are replaced with each use. @param retryGracePeriodSeconds how long the old one is still good */
export function rotatingPools(retryGracePeriodSeconds: number): PoolConfig[] {
  return testPools()
    .slice(0, 1)
    .map((pool) => ({
      ...pool,
      clients: pool.clients.map((client) => ({
        ...client,
        explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds },
      })),
    }));
}
