import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AdminInitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { apiType, GATEWAY, PASSWORD, POOL, Practice, refused, secretHash, SERVER } from './support';

/** As `node --expose-gc` gives it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('requests', () => {
  const practice = new Practice();
  const good = { ClientId: GATEWAY, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } };
  const outcome = async (operation: string, body: unknown) => (await practice.call(operation, body)).body;
  const invalid = (message: string) => ({ __type: 'InvalidParameterException', message });

  it('are answered with exception, message and request id in body and headers', async () => {
    const { status, headers, body } = await practice.call('InitiateAuth', {
      ...good,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'no' },
    });
    should(status).equal(400);
    should(body).deepEqual({ __type: 'NotAuthorizedException', message: 'Incorrect username or password.' });
    should(headers.get('content-type')).equal('application/x-amz-json-1.1');
    should(headers.get('x-amzn-errortype')).equal('NotAuthorizedException:');
    should(headers.get('x-amzn-errormessage')).equal('Incorrect username or password.');
    should(headers.get('x-amzn-requestid')).match(/^[0-9a-f-]{36}$/);
  });

  it('are checked for what is missing', async () => {
    should(await outcome('InitiateAuth', {})).deepEqual(
      invalid(
        "2 validation errors detected: Value at 'authFlow' failed to satisfy constraint: Member must not be null; " +
          "Value at 'clientId' failed to satisfy constraint: Member must not be null",
      ),
    );
  });

  it('are checked against the known flows', async () => {
    should(await outcome('InitiateAuth', { ...good, AuthFlow: 'MAGIC' })).deepEqual(
      invalid(
        "1 validation error detected: Value 'MAGIC' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: " +
          '[USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH]',
      ),
    );
  });

  it('are checked against patterns, without showing secrets', async () => {
    should(await outcome('InitiateAuth', { ...good, ClientId: 'not a client' })).deepEqual(
      invalid(
        "1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+",
      ),
    );
  });

  it('must complete ContextData', () =>
    refused(
      practice.sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId: POOL,
          ClientId: SERVER,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD, SECRET_HASH: secretHash('ada') },
          ContextData: {
            IpAddress: '192.0.2.1',
            ServerName: 'example.com',
            ServerPath: undefined,
            HttpHeaders: undefined,
          },
        }),
      ),
      'InvalidParameterException',
      "2 validation errors detected: Value at 'contextData.serverPath' failed to satisfy constraint: Member must not be null; " +
        "Value at 'contextData.httpHeaders' failed to satisfy constraint: Member must not be null",
    ));

  it('may carry context and metadata, unknown members and nulls', async () => {
    const body = {
      ...good,
      ClientMetadata: { plant: '3' },
      AnalyticsMetadata: { AnalyticsEndpointId: 'x' },
      UserContextData: { IpAddress: '192.0.2.1', EncodedData: 'x' },
      Session: null,
      AuthParameters: { ...good.AuthParameters, DEVICE_KEY: null },
      Tomorrow: 1,
    };
    should((await practice.call('InitiateAuth', body)).status).equal(200);
  });

  it('must be JSON objects with members of the right types', async () => {
    for (const body of ['', '{', 'null', '[]', '"text"', '1']) {
      should(await outcome('InitiateAuth', body)).have.property('__type', 'SerializationException');
    }
    for (const wrong of [
      { ClientId: 1 },
      { AuthParameters: 'x' },
      { AuthParameters: { USERNAME: 1 } },
      { UserContextData: [] },
    ]) {
      should(await outcome('InitiateAuth', { ...good, ...wrong })).have.property('__type', 'SerializationException');
    }
  });

  it('must name an operation', async () => {
    for (const target of ['AWSCognitoIdentityProviderService.MakeCoffee', 'Elsewhere.InitiateAuth', '']) {
      const { status, body } = await practice.call('', good, { 'X-Amz-Target': target });
      should(status).equal(404);
      should(body).have.property('__type', 'UnknownOperationException');
    }
  });

  for (const type of ['application/x-amz-json-1.0', 'application/X-Amz-JSON-1.1; charset=utf-8']) {
    it(`may be of type ${type}`, async () => {
      should((await practice.call('InitiateAuth', good, { 'Content-Type': type })).status).equal(200);
    });
  }

  for (const type of ['', 'text/plain', 'application/json', 'text/plain; application/x-amz-json-1.1']) {
    it(`of type '${type}' change nothing`, async () => {
      practice.local.faults.inject({ status: 503, times: 1 });
      const { status, body } = await practice.call('InitiateAuth', good, { 'Content-Type': type });
      should(status).equal(404);
      should(body).have.property('__type', 'UnknownOperationException');
      should(practice.local.requests).be.empty();
      should(await practice.password('ada').catch((error: unknown) => error)).match({
        $metadata: { httpStatusCode: 503 },
      });
    });
  }

  it('have no query', async () => {
    const response = await fetch(`${practice.local.endpoint}/?Action=InitiateAuth`, {
      method: 'POST',
      headers: { ...apiType, 'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
      body: JSON.stringify(good),
    });
    should(response.status).equal(404);
    should(await response.json()).have.property('__type', 'UnknownOperationException');
  });

  it('are answered with short headers, however much is echoed', async () => {
    const AuthFlow = 'é'.repeat(20_000);
    const { headers, body } = await practice.call('InitiateAuth', { ...good, AuthFlow });
    should((body as Error).message).containEql(AuthFlow);
    should(headers.get('x-amzn-errormessage'))
      .match(/^1 validation error detected: Value '\?+$/)
      .and.have.length(1024);
    const outcome = await practice
      .start(AuthFlow as 'USER_SRP_AUTH', good.AuthParameters)
      .catch((error: unknown) => error);
    should(outcome).have.property('name', 'InvalidParameterException');
  });

  it('name users by at most 2048 characters', async () => {
    const name = (length: number) =>
      outcome('InitiateAuth', { ...good, AuthParameters: { USERNAME: 'a'.repeat(length), PASSWORD } });
    should(await name(2048)).have.property('__type', 'NotAuthorizedException');
    should(await name(2049)).deepEqual(
      invalid(
        "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 2048",
      ),
    );
  });

  it('must not be too large', async () => {
    const { status, body } = await practice.call('InitiateAuth', ' '.repeat(300 * 1024));
    should(status).equal(413);
    should(body).have.property('__type', 'RequestEntityTooLargeException');
  });

  it('may come from any web page, as at Cognito', async () => {
    const preflight = await fetch(practice.local.endpoint, { method: 'OPTIONS' });
    should(preflight.status).equal(200);
    should(preflight.headers.get('access-control-allow-origin')).equal('*');
    const { headers } = await practice.call('InitiateAuth', good);
    should(headers.get('access-control-allow-origin')).equal('*');
    should(headers.get('access-control-expose-headers')).match(/x-amzn-ErrorType/);
  });

  it('are recorded, the latest 200 of them', async () => {
    await practice.call('InitiateAuth', good);
    should(practice.local.requests).have.length(1);
    should(practice.local.requests[0]).match({ operation: 'InitiateAuth', body: good });
    for (let count = 0; count < 205; count += 1) await practice.call('Nothing', 'no JSON');
    should(practice.local.requests).have.length(200);
    should(practice.local.requests.at(-1)).match({ operation: 'Nothing', body: undefined });
  });

  it('are recorded up to 4 MB in all', async () => {
    const large = { ...good, Padding: 'x'.repeat(250 * 1024) };
    for (let count = 0; count < 20; count += 1) await practice.call('InitiateAuth', large);
    should(practice.local.requests).have.length(16);
    should(practice.local.requests[0]).match({ operation: 'InitiateAuth', body: large });
  });

  it('take about the memory of their text', async () => {
    const nested = `{"a":[${Array(85_000).fill('{}').join(',')}]}`;
    for (let count = 0; count < 2; count += 1) await practice.call('InitiateAuth', nested);
    const used = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    collectGarbage();
    const before = used();
    for (let count = 0; count < 14; count += 1) await practice.call('InitiateAuth', nested);
    collectGarbage();
    should(used() - before).be.below(20 * 1024 * 1024);
    should(practice.local.requests).have.length(16);
  });

  it('of other kinds get 404', async () => {
    should((await fetch(`${practice.local.endpoint}/nowhere`)).status).equal(404);
    should((await fetch(practice.local.endpoint, { method: 'DELETE' })).status).equal(404);
  });

  describe('full of nonsense', () => {
    const alive = async () => {
      should((await practice.call('InitiateAuth', good)).status).equal(200);
    };

    it('never end the pool, whatever the members hold', async () => {
      const odd: unknown[] = [
        null,
        true,
        -1,
        1e308,
        '',
        ' ',
        '\u0000',
        '\ud800',
        'ß'.repeat(500),
        [],
        {},
        { a: { b: [] } },
        '__proto__',
        'constructor',
      ];
      const names = [
        'AuthFlow',
        'ClientId',
        'AuthParameters',
        'Session',
        'ChallengeName',
        'ChallengeResponses',
        'AccessToken',
        'UserCode',
        'UserContextData',
      ];
      const challenge = {
        ...good,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: { USERNAME: 'ada' },
        UserCode: '123456',
      };
      for (const operation of [
        'InitiateAuth',
        'RespondToAuthChallenge',
        'AssociateSoftwareToken',
        'VerifySoftwareToken',
        'GetUser',
      ]) {
        for (const name of names) {
          for (const value of odd) {
            const { status } = await practice.call(operation, { ...challenge, [name]: value });
            should(status).be.oneOf(200, 400);
          }
        }
      }
      await alive();
    });

    it('never end the pool, whatever the parameters hold', async () => {
      const odd = [
        '\u0000',
        '\ud800',
        '__proto__',
        'constructor',
        '0',
        '-1',
        'f'.repeat(5000),
        '==',
        '{"a":1}',
        'é\r\nX: y',
      ];
      for (const value of odd) {
        for (const [ChallengeName, key] of [
          ['PASSWORD_VERIFIER', 'PASSWORD_CLAIM_SIGNATURE'],
          ['PASSWORD_VERIFIER', 'PASSWORD_CLAIM_SECRET_BLOCK'],
          ['PASSWORD_VERIFIER', 'TIMESTAMP'],
          ['SMS_MFA', 'SMS_MFA_CODE'],
          ['SELECT_MFA_TYPE', 'ANSWER'],
          ['NEW_PASSWORD_REQUIRED', 'userAttributes.__proto__'],
        ] as const) {
          const proof =
            ChallengeName === 'PASSWORD_VERIFIER'
              ? { PASSWORD_CLAIM_SIGNATURE: 'x', PASSWORD_CLAIM_SECRET_BLOCK: 'x', TIMESTAMP: 'x' }
              : {};
          const ChallengeResponses = { USERNAME: 'ada', ...proof, [key]: value };
          const { status } = await practice.call('RespondToAuthChallenge', {
            ClientId: GATEWAY,
            ChallengeName,
            ChallengeResponses,
            Session: 'A'.repeat(30),
          });
          should(status).equal(400);
        }
        for (const name of ['USERNAME', 'SRP_A', 'SECRET_HASH']) {
          const AuthParameters = { USERNAME: 'ada', SRP_A: 'ff', [name]: value };
          should(
            (await practice.call('InitiateAuth', { ClientId: GATEWAY, AuthFlow: 'USER_SRP_AUTH', AuthParameters }))
              .status,
          ).be.oneOf(200, 400);
        }
      }
      await alive();
    });

    it('never end the pool, even when they are not HTTP or break off', async () => {
      const port = Number(new URL(practice.local.endpoint).port);
      for (const text of [
        '\u0000\u0001\u0002',
        'POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n{',
        'GET //../../etc/passwd HTTP/1.1\r\n\r\n',
      ]) {
        await new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.end(text));
          socket
            .on('error', () => undefined)
            .on('close', () => {
              resolve();
            })
            .resume();
        });
      }
      await new Promise<void>((resolve) => {
        const sending = httpRequest(practice.local.endpoint, { method: 'POST', headers: { 'Content-Length': '100' } });
        sending.on('error', () => {
          resolve();
        });
        sending.write('{"', () => sending.destroy(new Error('hung up')));
      });
      await alive();
    });
  });
});
