import { assertPoolsFile, LocalCognito, type PoolConfig, samplePools } from '@cognito-flows/local-cognito';
import should from 'should';

type Json = Record<string, unknown>;

/** A valid file with one thing changed in it, at a path such as `pools[0].clients[1].clientId`. */
function fileWith(path: string, value: unknown): unknown {
  const file: unknown = JSON.parse(JSON.stringify({ pools: samplePools() }));
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  let place = file as Json;
  for (const step of steps.slice(0, -1)) place = place[step] as Json;
  place[steps.at(-1)!] = value;
  return file;
}

function complaint(file: unknown): string {
  try {
    assertPoolsFile(file);
    return 'none';
  } catch (error) {
    should(error).match({ name: 'ConfigError' });
    return (error as Error).message;
  }
}

describe('a file of pools', () => {
  it('is accepted as the sample pools are', () => {
    should(complaint({ pools: samplePools() })).equal('none');
  });

  it('may be small', () => {
    const pools = [
      { id: 'eu-central-1_Small', clients: [{ clientId: 'c' }], users: [{ username: 'u', password: 'p' }] },
    ];
    should(complaint({ pools, iamUsers: [{ accessKeyId: 'LOCALCOGNITOANOTHER', secretAccessKey: 's' }] })).equal(
      'none',
    );
  });

  for (const [path, value, message] of [
    ['pools', undefined, 'pools is missing'],
    ['pools', {}, 'pools must be a list'],
    ['pools', [], 'pools must have at least one pool'],
    ['pool', [], 'pool is unknown; known are pools, iamUsers'],
    [
      'iamUsers',
      [{ accessKeyId: 'short', secretAccessKey: 's' }],
      'iamUsers[0].accessKeyId must be 16 to 128 letters or digits',
    ],
    ['pools[0]', 7, 'pools[0] must be an object'],
    ['pools[0].id', 'Practice', 'pools[0].id must be a user pool id such as us-east-1_Practice1'],
    ['pools[0].users', undefined, 'pools[0].users is missing'],
    ['pools[0].mfaConfiguration', 'MAYBE', 'pools[0].mfaConfiguration must be one of OFF, ON, OPTIONAL'],
    [
      'pools[0].passwordPolicy.minimumLength',
      5,
      'pools[0].passwordPolicy.minimumLength must be a whole number from 6 to 99',
    ],
    ['pools[0].clients[1].clientId', 'a b', 'pools[0].clients[1].clientId must be 1 to 128 letters, digits, _ or +'],
    ['pools[0].clients[1].clientId', 'practiceserverclient', 'pools must not have clientId practiceserverclient twice'],
    [
      'pools[0].clients[0].clientSecrets',
      'x',
      /^pools\[0\]\.clients\[0\]\.clientSecrets is unknown; known are clientId, /,
    ],
    [
      'pools[0].clients[0].explicitAuthFlows',
      ['ALLOW_MAGIC'],
      /^pools\[0\]\.clients\[0\]\.explicitAuthFlows\[0\] must be one of ALLOW_/,
    ],
    [
      'pools[0].clients[0].explicitAuthFlows',
      ['ALLOW_USER_SRP_AUTH', 'ADMIN_NO_SRP_AUTH'],
      'pools[0].clients[0].explicitAuthFlows cannot mix names that begin with ALLOW_ with the older ones',
    ],
    [
      'pools[0].clients[1].refreshTokenRotation',
      { feature: 'ENABLED' },
      'pools[0].clients[1].explicitAuthFlows cannot hold ALLOW_REFRESH_TOKEN_AUTH beside refreshTokenRotation',
    ],
    [
      'pools[0].clients[2].refreshTokenRotation.retryGracePeriodSeconds',
      61,
      'pools[0].clients[2].refreshTokenRotation.retryGracePeriodSeconds must be a whole number from 0 to 60',
    ],
    [
      'pools[0].clients[0].authSessionValidity',
      2,
      'pools[0].clients[0].authSessionValidity must be a whole number from 3 to 15',
    ],
    [
      'pools[0].clients[0].accessTokenValidity',
      25,
      'pools[0].clients[0].accessTokenValidity must lie between 5 minutes and 1 day',
    ],
    [
      'pools[0].clients[2].tokenValidityUnits',
      { accessToken: 'seconds', idToken: 'minutes' },
      'pools[0].clients[2].accessTokenValidity must lie between 5 minutes and 1 day',
    ],
    [
      'pools[0].clients[2]',
      { clientId: 'c', idTokenValidity: 2, refreshTokenValidity: 1, tokenValidityUnits: { refreshToken: 'hours' } },
      'pools[0].clients[2].idTokenValidity must not be longer than refreshTokenValidity',
    ],
    [
      'pools[0].clients[2].refreshTokenValidity',
      3651,
      'pools[0].clients[2].refreshTokenValidity must lie between 60 minutes and 3650 days',
    ],
    [
      'pools[0].clients[0].enableTokenRevocation',
      'yes',
      'pools[0].clients[0].enableTokenRevocation must be true or false',
    ],
    ['pools[0].users[1].username', 'gateway', 'pools[0].users must not have username gateway twice'],
    [
      'pools[1].users[0].password',
      undefined,
      'pools[1].users[0].password or temporaryPassword must be given, and not both',
    ],
    [
      'pools[0].signInPolicy',
      { allowedFirstAuthFactors: ['WEB_AUTHN'] },
      'pools[0].signInPolicy.allowedFirstAuthFactors must hold PASSWORD, EMAIL_OTP or SMS_OTP: passkeys are registered by users who have signed in before',
    ],
    [
      'pools[0].signInPolicy.allowedFirstAuthFactors',
      ['SOFTWARE_TOKEN'],
      'pools[0].signInPolicy.allowedFirstAuthFactors[0] must be one of PASSWORD, WEB_AUTHN, EMAIL_OTP, SMS_OTP',
    ],
    [
      'pools[0].webAuthnConfiguration.relyingPartyId',
      'https://localhost',
      'pools[0].webAuthnConfiguration.relyingPartyId must be a domain such as example.com, or localhost',
    ],
    [
      'pools[0].users[1].temporaryPassword',
      'x',
      'pools[0].users[1].password or temporaryPassword must be given, and not both',
    ],
    [
      'pools[0].users[1].status',
      'FORCE_CHANGE_PASSWORD',
      'pools[0].users[1].status is FORCE_CHANGE_PASSWORD with a temporaryPassword and only then',
    ],
    ['pools[0].users[1].attributes.email_verified', true, 'pools[0].users[1].attributes.email_verified must be a text'],
    [
      'pools[0].users[1].attributes.plant',
      '3',
      'pools[0].users[1].attributes.plant is neither a standard attribute nor begins with custom:',
    ],
    [
      'pools[0].users[0].totpSecret',
      'secret!',
      'pools[0].users[0].totpSecret must be base32 (A-Z, 2-7), at least 16 characters',
    ],
    [
      'pools[0].users[0].totpSecret',
      undefined,
      'pools[0].users[0].totpSecret is missing, and SOFTWARE_TOKEN_MFA needs it',
    ],
    [
      'pools[0].users[4].attributes.phone_number',
      '',
      'pools[0].users[4].attributes.phone_number is missing, and SMS_MFA needs it',
    ],
    ['pools[0].users[0].scopes', ['plant read'], 'pools[0].users[0].scopes[0] must be a scope such as plant/read'],
    ['pools[0].users[0].mfa.preferred', 'SMS_MFA', 'pools[0].users[0].mfa.preferred must be one of mfa.enabled'],
    ['pools[0].usernameAttributes', ['email'], 'pools[0].aliasAttributes cannot stand beside usernameAttributes'],
  ] as const) {
    it(`is refused: ${String(message)}`, () => {
      const found = complaint(fileWith(path, value));
      if (typeof message === 'string') should(found).equal(message);
      else should(found).match(message);
    });
  }

  it('of anything but an object is refused', () => {
    for (const file of [null, [], 'pools', 1]) should(complaint(file)).equal('must be an object: { "pools": [...] }');
  });

  it('is checked for a pool in a program too', () => {
    const pools = samplePools();
    pools[0]!.id = 'nonsense';
    should(() => new LocalCognito({ pools })).throw('pools[0].id must be a user pool id such as us-east-1_Practice1');
  });

  it('names users of a pool without usernames by their e-mail address', () => {
    const pool: PoolConfig = {
      id: 'eu-west-1_Mail',
      usernameAttributes: ['email'],
      clients: [],
      users: [{ username: 'u', password: 'p', attributes: { email: 'u@example.com' } }],
    };
    should(complaint({ pools: [pool] })).equal("pools[0].users[0].username must be the user's email");
  });
});
