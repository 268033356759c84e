import should from 'should';
import { CognitoAuthError, toCognitoAuthError } from '../../../../nodes/lib/cognito/errors';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';
import { fixedServer, freePort, plainServer, selfSignedServer, silentServer } from '../../../support/servers';

const never = new AbortController().signal;

function poolAt(endpoint: string, timeout = 10_000): UserPool {
  return new UserPool({
    userPoolId: 'eu-west-1_AbCdEfGhI',
    clientId: '1example23456789',
    api: 'client-side',
    credentials: { source: 'default' },
    endpoint,
    timeout,
  });
}

/** Starts a sign-in that has to fail, and returns how it did. */
async function failureOf(pool: UserPool, signal = never): Promise<CognitoAuthError> {
  const request = { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD: 'Secret-1234' } };
  try {
    await pool.initiateAuth(request, signal);
  } catch (error) {
    should(error).be.instanceof(CognitoAuthError);
    return error as CognitoAuthError;
  } finally {
    await pool.close();
  }
  throw new Error('the call succeeded');
}

describe('what goes wrong on the way to Cognito', () => {
  it('is a NetworkError where nobody listens', async () => {
    const error = await failureOf(poolAt(`http://127.0.0.1:${await freePort()}`));
    should(error.code).equal('NetworkError');
    should(error.details.systemCode).equal('ECONNREFUSED');
  });

  it('is a NetworkError where both addresses of a name refuse', async () => {
    const error = await failureOf(poolAt(`http://localhost:${await freePort()}`));
    should(error.code).equal('NetworkError');
  });

  it('is HostNotFound for a name that does not exist', async () => {
    should((await failureOf(poolAt('https://cognito.invalid'))).code).equal('HostNotFound');
  });

  it('is a CertificateError where nobody vouches for the server', async () => {
    const server = await selfSignedServer();
    const error = await failureOf(poolAt(`https://127.0.0.1:${server.port}`)).finally(server.close);
    should(error.code).equal('CertificateError');
    should(error.details.systemCode).equal('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('is a NetworkError where the server does not speak TLS', async () => {
    const server = await plainServer();
    const error = await failureOf(poolAt(`https://127.0.0.1:${server.port}`)).finally(server.close);
    should(error.code).equal('NetworkError');
  });

  it('is a TimeoutError where no answer comes within the timeout', async () => {
    const server = await silentServer();
    const began = Date.now();
    const error = await failureOf(poolAt(`http://127.0.0.1:${server.port}`, 150)).finally(server.close);
    should(error.code).equal('TimeoutError');
    should(Date.now() - began).be.within(140, 2_000);
  });

  it('is Aborted when the caller gives up', async () => {
    const server = await silentServer();
    const controller = new AbortController();
    const failing = failureOf(poolAt(`http://127.0.0.1:${server.port}`), controller.signal);
    controller.abort();
    should((await failing.finally(server.close)).code).equal('Aborted');
  });

  it('never repeats the password', async () => {
    const error = await failureOf(poolAt(`http://127.0.0.1:${await freePort()}`));
    should(JSON.stringify([error.message, error.stack, error.details])).not.containEql('Secret-1234');
  });
});

describe('the words of a refusal', () => {
  /** How a sign-in fails where the server gives this reason. */
  async function refusedFor(message: string): Promise<CognitoAuthError> {
    const body = JSON.stringify({ __type: 'InvalidParameterException', message });
    const server = await fixedServer(400, { 'content-type': 'application/x-amz-json-1.1' }, body);
    return failureOf(poolAt(`http://127.0.0.1:${server.port}`)).finally(server.close);
  }

  it('are Cognito’s', async () => {
    const { message, details } = await refusedFor('The user ada does not exist.');
    should([message, details.message]).deepEqual(Array(2).fill('The user ada does not exist.'));
  });

  it('are dropped where they repeat a secret', async () => {
    const error = await refusedFor("Value 'Secret-1234' at 'password' failed to satisfy constraint");
    should(error).match({ code: 'InvalidParameterException', message: 'InvalidParameterException' });
    should(error.details).match({ httpStatusCode: 400, message: 'InvalidParameterException' });
    should(error.stack).not.containEql('Secret-1234');
  });
});

describe('an error’s code', () => {
  const answered = { httpStatusCode: 400, requestId: 'the-request' };
  const refusal = (name: string, message: string) =>
    Object.assign(new Error(message), { name, $fault: 'client', $metadata: answered });

  it('is the name of Cognito’s exception, with Cognito’s message', () => {
    const error = toCognitoAuthError(refusal('NotAuthorizedException', 'Incorrect username or password.'), 5_000);
    should(error.code).equal('NotAuthorizedException');
    should(error.message).equal('Incorrect username or password.');
    should(error.details).match({ httpStatusCode: 400, requestId: 'the-request', clockOffset: 5_000 });
  });

  it('is the name of an exception that nobody knows yet', () => {
    should(toCognitoAuthError(refusal('TomorrowException', 'Not today.')).code).equal('TomorrowException');
  });

  it('is not taken from a name that every object has', () => {
    should(toCognitoAuthError(Object.assign(new Error('odd'), { code: 'constructor', name: 'toString' })).code).equal(
      'UnexpectedError',
    );
  });

  it('is found below the errors that wrap it', () => {
    const inner = Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' });
    should(toCognitoAuthError(new Error('proxy', { cause: new Error('agent', { cause: inner }) })).code).equal(
      'NetworkError',
    );
    should(toCognitoAuthError(new AggregateError([inner], 'both failed')).code).equal('NetworkError');
  });

  it('survives errors that cause each other', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    should(toCognitoAuthError(error).code).equal('UnexpectedError');
  });

  it('is something also for what is no error', () => {
    for (const thrown of [undefined, null, 'text', 5, {}]) {
      should(toCognitoAuthError(thrown)).be.instanceof(CognitoAuthError);
    }
  });

  it('is something also for what throws when it is looked at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const computed = {
      get name(): string {
        throw new Error('not to be looked at');
      },
    };
    for (const thrown of [proxy, computed, new Error('outer', { cause: proxy })]) {
      should(toCognitoAuthError(thrown).code).equal('UnexpectedError');
    }
  });

  it('stays what it is', () => {
    const error = new CognitoAuthError('Aborted');
    should(toCognitoAuthError(error)).equal(error);
  });
});
