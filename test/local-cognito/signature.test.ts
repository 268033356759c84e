import { createHash, createHmac } from 'node:crypto';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { practiceCredentials, samplePools } from '@cognito-flows/local-cognito';
import should from 'should';
import { changedPool, MINUTE, POOL, Practice, refused, SERVER } from './support';

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

describe('the signature of Admin and Describe operations', () => {
  const practice = new Practice();
  const request = { UserPoolId: POOL, ClientId: SERVER };

  const describeWith = async (settings: {
    region?: string;
    accessKeyId?: string;
    secretAccessKey?: string;
    sessionToken?: string;
    maxAttempts?: number;
  }) => {
    const { region = 'us-east-1', maxAttempts = 1, ...credentials } = settings;
    const sdk = new CognitoIdentityProviderClient({
      endpoint: practice.local.endpoint,
      region,
      maxAttempts,
      credentials: { ...practiceCredentials, ...credentials },
    });
    return sdk.send(new DescribeUserPoolClientCommand(request)).finally(() => {
      sdk.destroy();
    });
  };

  const operations = ['AdminInitiateAuth', 'AdminRespondToAuthChallenge', 'DescribeUserPool', 'DescribeUserPoolClient'];
  for (const operation of operations) {
    it(`is compulsory for ${operation}`, async () => {
      const { status, body } = await practice.call(operation, request);
      should(status).equal(400);
      should(body).deepEqual({
        __type: 'MissingAuthenticationTokenException',
        message: 'Missing Authentication Token',
      });
    });
  }

  it('is accepted from the SDK', async () => {
    should((await describeWith({})).UserPoolClient).have.property('ClientId', SERVER);
  });

  it('must be made with a known key', async () => {
    const unknown = ['UnrecognizedClientException', 'The security token included in the request is invalid.'] as const;
    await refused(describeWith({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }), ...unknown);
    await refused(describeWith({ sessionToken: 'stranger' }), ...unknown);
  });

  it('must be made with the right secret', () =>
    refused(describeWith({ secretAccessKey: 'wrong' }), 'InvalidSignatureException', MISMATCH));

  it('must be at most five minutes old', async () => {
    practice.local.clock.set(Date.UTC(2030, 0, 31, 8, 0, 0));
    const outcome = await describeWith({}).catch((error: unknown) => error);
    should(outcome).match({ name: 'InvalidSignatureException' });
    should((outcome as Error).message).match(
      /^Signature expired: \d{8}T\d{6}Z is now earlier than 20300131T0755\d\dZ \(20300131T0800\d\dZ - 5 min\.\)$/,
    );
  });

  it('must not come from the future', async () => {
    practice.local.clock.advance(-6 * MINUTE);
    const outcome = await describeWith({}).catch((error: unknown) => error);
    should((outcome as Error).message).match(
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    );
  });

  it('is made again by the SDK once the Date header has shown it the time', async () => {
    practice.local.clock.set(Date.UTC(2030, 0, 31));
    should((await describeWith({ maxAttempts: 2 })).UserPoolClient).have.property('ClientId', SERVER);
  });

  describe('made by hand', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

    /** A correct signature of a body, and the headers to send; `change` spoils one thing. */
    const signed = (
      body: string,
      change: { service?: string; scopeDate?: string; names?: string[]; extra?: Record<string, string> } = {},
    ) => {
      const date = new Date(practice.local.clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
      const {
        service = 'cognito-idp',
        scopeDate = date.slice(0, 8),
        names = ['host', 'x-amz-date', 'x-amz-target'],
        extra = {},
      } = change;
      const target = 'AWSCognitoIdentityProviderService.DescribeUserPoolClient';
      const headers: Record<string, string> = { 'x-amz-date': date, 'X-Amz-Target': target, ...extra };
      const host = new URL(practice.local.endpoint).host;
      const all: Record<string, string> = { ...headers, host, 'x-amz-target': target };
      const canonicalHeaders = names.map((name) => `${name}:${all[name] ?? ''}\n`).join('');
      const canonical = ['POST', '/', '', canonicalHeaders, names.join(';'), sha256(body)].join('\n');
      const scope = `${scopeDate}/us-east-1/${service}/aws4_request`;
      const key = [scopeDate, 'us-east-1', service, 'aws4_request'].reduce<string | Buffer>(
        hmac,
        `AWS4${practiceCredentials.secretAccessKey}`,
      );
      const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
      const credential = `${practiceCredentials.accessKeyId}/${scope}`;
      return {
        ...headers,
        Authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
      };
    };
    const body = JSON.stringify(request);
    const call = (headers: Record<string, string>, sent = body) =>
      practice.call('DescribeUserPoolClient', sent, headers);
    const type = async (headers: Record<string, string>, sent = body) =>
      (await call(headers, sent)).body as { __type: string; message: string };

    it('is accepted', async () => {
      should((await call(signed(body))).status).equal(200);
    });

    it('covers the body, whatever hash the client declares', async () => {
      const other = JSON.stringify({ ...request, ClientId: 'practicegatewayclient' });
      should(await type(signed(body), other)).deepEqual({ __type: 'InvalidSignatureException', message: MISMATCH });
      const declared = {
        names: ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-target'],
        extra: { 'x-amz-content-sha256': sha256(body) },
      };
      should((await call(signed(body, declared))).status).equal(200);
      should(await type(signed(body, declared), other)).deepEqual({
        __type: 'InvalidSignatureException',
        message: MISMATCH,
      });
    });

    it('is for this service', async () => {
      const message = "Credential should be scoped to correct service: 'cognito-idp'.";
      should(await type(signed(body, { service: 's3' }))).deepEqual({ __type: 'InvalidSignatureException', message });
    });

    it('is for this day', async () => {
      const message = 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP';
      should(await type(signed(body, { scopeDate: '20200101' }))).deepEqual({
        __type: 'InvalidSignatureException',
        message,
      });
    });

    it('covers the host', async () => {
      should(await type(signed(body, { names: ['x-amz-date', 'x-amz-target'] }))).deepEqual({
        __type: 'InvalidSignatureException',
        message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      });
    });

    for (const [name, names] of [
      ['x-amz-date', ['host', 'x-amz-target']],
      ['x-amz-target', ['host', 'x-amz-date']],
      ['x-amz-meta', ['host', 'x-amz-date', 'x-amz-target']],
    ] as const) {
      it(`covers ${name}`, async () => {
        should(
          await type({ ...signed(body, { names: [...names] }), ...(name === 'x-amz-meta' ? { [name]: '1' } : {}) }),
        ).deepEqual({
          __type: 'InvalidSignatureException',
          message: `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
        });
      });
    }

    it('serves no other operation', async () => {
      const headers = { ...signed(body), 'X-Amz-Target': 'AWSCognitoIdentityProviderService.DescribeUserPool' };
      should((await practice.call('DescribeUserPool', body, headers)).body).deepEqual({
        __type: 'InvalidSignatureException',
        message: MISMATCH,
      });
    });

    it('is complete', async () => {
      should(await type({ Authorization: 'AWS4-HMAC-SHA256 nonsense' })).have.property(
        '__type',
        'IncompleteSignatureException',
      );
      should(await type({ ...signed(body), 'x-amz-date': 'today' })).have.property(
        '__type',
        'IncompleteSignatureException',
      );
    });
  });

  it('is not asked of client-side operations', async () => {
    const call = {
      ClientId: 'practicegatewayclient',
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Practice-1234' },
    };
    should((await practice.call('InitiateAuth', call, { Authorization: 'nonsense' })).status).equal(200);
  });
});

describe('a signature for a region', () => {
  const elsewhere = 'eu-west-1_Elsewhere';
  const practice = new Practice(() => ({
    pools: [...samplePools(), { ...samplePools()[0]!, id: elsewhere, clients: [] }],
  }));

  it('reaches the pools of that region, and no other', async () => {
    const { endpoint } = practice.local;
    const sdk = new CognitoIdentityProviderClient({ endpoint, region: 'eu-west-1', credentials: practiceCredentials });
    const describeAt = (UserPoolId: string) => sdk.send(new DescribeUserPoolCommand({ UserPoolId }));
    should((await describeAt(elsewhere)).UserPool).have.property('Id', elsewhere);
    await refused(describeAt(POOL), 'ResourceNotFoundException', `User pool ${POOL} does not exist.`);
    sdk.destroy();
  });
});

describe('IAM keys of the configuration', () => {
  const practice = new Practice(() => ({
    iamUsers: [{ accessKeyId: 'LOCALCOGNITOANOTHER', secretAccessKey: 'another' }],
  }));

  it('replace the practice credentials', () =>
    refused(
      practice.sdk.send(new DescribeUserPoolCommand({ UserPoolId: POOL })),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ));
});

describe('describing', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      Object.assign(pool.clients[0]!, {
        accessTokenValidity: 10,
        tokenValidityUnits: { accessToken: 'minutes' },
        refreshTokenRotation: { feature: 'ENABLED' },
        explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      });
    }),
  );

  it('an app client tells its settings, its secret too', async () => {
    const { UserPoolClient } = await practice.sdk.send(
      new DescribeUserPoolClientCommand({ UserPoolId: POOL, ClientId: SERVER }),
    );
    should(UserPoolClient).match({
      UserPoolId: POOL,
      ClientId: SERVER,
      ClientName: 'Practice server client',
      ClientSecret: 'practice-client-secret',
      AccessTokenValidity: 10,
      TokenValidityUnits: { AccessToken: 'minutes' },
      RefreshTokenValidity: 30,
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AuthSessionValidity: 3,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
  });

  it('a pool tells its policy and aliases', async () => {
    const { UserPool } = await practice.sdk.send(new DescribeUserPoolCommand({ UserPoolId: POOL }));
    should(UserPool).match({
      Id: POOL,
      MfaConfiguration: 'OPTIONAL',
      AliasAttributes: ['email'],
      Policies: { PasswordPolicy: { MinimumLength: 8 } },
    });
  });

  it('names what does not exist', async () => {
    const describeClient = (UserPoolId: string, ClientId: string) =>
      practice.sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    await refused(
      describeClient(POOL, 'stranger'),
      'ResourceNotFoundException',
      'User pool client stranger does not exist.',
    );
    await refused(
      describeClient('us-east-1_Other', SERVER),
      'ResourceNotFoundException',
      'User pool us-east-1_Other does not exist.',
    );
  });
});
