import { request as httpRequest } from 'node:http';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { currentTotpCode, LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import { apiType, changedPool, GATEWAY, MINUTE, PASSWORD, POOL, Practice, refused } from './support';

const good = {
  ClientId: GATEWAY,
  AuthFlow: 'USER_PASSWORD_AUTH' as const,
  AuthParameters: { USERNAME: 'ada', PASSWORD },
};

describe('the clock', () => {
  const practice = new Practice();
  const date = async () => Date.parse((await practice.call('InitiateAuth', good)).headers.get('date')!);

  it('is shown by the Date header of every answer', async () => {
    practice.local.clock.set(Date.UTC(2030, 0, 1));
    should(await date()).be.within(Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 1) + MINUTE);
    const page = await fetch(`${practice.local.endpoint}/outbox`);
    should(page.headers.get('date')).match(/01 Jan 2030/);
  });

  it('advances, and returns to real time', async () => {
    practice.local.clock.advance(60 * MINUTE);
    should((await date()) - Date.now()).be.within(59 * MINUTE, 61 * MINUTE);
    practice.local.clock.reset();
    should((await date()) - Date.now()).be.within(-MINUTE, MINUTE);
  });

  it('can be driven from outside', () => {
    let now = 1000;
    const local = new LocalCognito({ now: () => now });
    now += 500;
    should(local.clock.now()).equal(1500);
    local.clock.set(10);
    should(local.clock.now()).equal(10);
  });
});

describe('injected faults', () => {
  const practice = new Practice();

  it('answer with an exception, to the named operation alone', async () => {
    practice.local.faults.inject({
      operation: 'InitiateAuth',
      exception: 'TooManyRequestsException',
      message: 'Rate exceeded',
    });
    await refused(practice.password('ada'), 'TooManyRequestsException', 'Rate exceeded');
    should((await practice.call('GetUser', {})).body).not.have.property('__type', 'TooManyRequestsException');
    practice.local.faults.clear();
    should((await practice.password('ada')).AuthenticationResult).have.property('AccessToken');
  });

  it('answer InternalErrorException with 500', async () => {
    practice.local.faults.inject({ exception: 'InternalErrorException' });
    should((await practice.call('InitiateAuth', good)).status).equal(500);
  });

  it('happen as often and as late as told', async () => {
    practice.local.faults.inject({ status: 503, after: 1, times: 2 });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const response = await fetch(practice.local.endpoint, {
        method: 'POST',
        headers: { ...apiType, 'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
        body: JSON.stringify(good),
      });
      statuses.push(response.status);
    }
    should(statuses).deepEqual([200, 503, 503, 200]);
  });

  it('are overcome by the retries of the SDK', async () => {
    const sdk = new CognitoIdentityProviderClient({
      endpoint: practice.local.endpoint,
      region: 'us-east-1',
      maxAttempts: 3,
    });
    practice.local.faults.inject({ status: 503, times: 1 });
    practice.local.faults.inject({ drop: true, times: 1 });
    const { AuthenticationResult, $metadata } = await sdk.send(new InitiateAuthCommand(good));
    should(AuthenticationResult).have.property('AccessToken');
    should($metadata.attempts).equal(3);
    sdk.destroy();
  });

  it('drop the connection', async () => {
    practice.local.faults.inject({ drop: true });
    await practice.call('InitiateAuth', good).should.be.rejected();
  });

  it('delay an answer that is right', async () => {
    practice.local.faults.inject({ delay: 40 });
    const before = performance.now();
    should((await practice.call('InitiateAuth', good)).status).equal(200);
    should(performance.now() - before).be.aboveOrEqual(35);
  });

  it('do not keep a closing pool waiting', async () => {
    practice.local.faults.inject({ delay: 60_000 });
    const call = practice.call('InitiateAuth', good);
    while (practice.local.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const before = performance.now();
    await Promise.all([call.should.be.rejected(), practice.local.close()]);
    should(performance.now() - before).be.below(5000);
  });
});

describe('the outbox', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.users.push({
        username: '<b>eve</b>',
        password: PASSWORD,
        attributes: { email: '"><script>@example.com' },
        mfa: { enabled: ['EMAIL_OTP'] },
      });
    }),
  );
  const get = (path: string) => fetch(practice.local.endpoint + path);

  it('holds what was sent to whom, and when', async () => {
    practice.local.clock.set(Date.UTC(2030, 0, 1));
    await practice.password('emma');
    await practice.password('sam');
    should(practice.local.outbox.messages.map(({ username }) => username)).deepEqual(['emma', 'sam']);
    const message = practice.local.outbox.latest('emma')!;
    should(message).match({ userPoolId: POOL, medium: 'EMAIL', destination: 'emma@example.com' });
    should(message.sentAt).be.within(Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 1) + MINUTE);
    practice.local.outbox.clear();
    should(practice.local.outbox.latest('emma')).be.undefined();
  });

  it('is bounded', async () => {
    for (let count = 0; count < 205; count += 1) await practice.password('sam');
    should(practice.local.outbox.messages).have.length(200);
  });

  it('is read as JSON, newest first, with the codes of authenticator apps', async () => {
    await practice.password('emma');
    await practice.password('sam');
    practice.local.clock.set(Date.UTC(2030, 0, 1, 8, 0, 10));
    const content: unknown = await (await get('/outbox.json')).json();
    should(content).match({ messages: [{ username: 'sam' }, { username: 'emma', code: practice.codeOf('emma') }] });
    const code = currentTotpCode(practice.user('gateway').totpSecret!, practice.local.clock.now());
    should(content).match({ totpCodes: [{ userPoolId: POOL, username: 'gateway', code, secondsLeft: 20 }, {}, {}] });
  });

  it('is shown as a page that escapes what it shows', async () => {
    await practice.password('<b>eve</b>');
    const response = await get('/outbox');
    should(response.headers.get('content-type')).equal('text/html; charset=utf-8');
    should(response.headers.get('content-security-policy')).match(/default-src 'none'.*script-src 'sha256-/);
    const page = await response.text();
    should(page).containEql('&lt;b&gt;eve&lt;/b&gt;').and.containEql('&quot;&gt;&lt;script&gt;@example.com');
    should(page).not.containEql('<b>eve');
    should(page).containEql(practice.codeOf('<b>eve</b>'));
    should(page).match(/<html lang="en">[^]*<caption>Messages, newest first<\/caption>[^]*<th scope="col">Code<\/th>/);
  });

  it('is for this computer only, under whatever name a request comes', async () => {
    const statusFor = (host: string) =>
      new Promise<number>((resolve, reject) => {
        const { port } = new URL(practice.local.endpoint);
        httpRequest({ host: '127.0.0.1', port, path: '/outbox.json', headers: { Host: host } }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        })
          .on('error', reject)
          .end();
      });
    should(await statusFor('rebound.example.com')).equal(403);
    should(await statusFor('127.0.0.1.example.com:9339')).equal(403);
    should(await statusFor('localhost:9339')).equal(200);
    should((await get('/outbox.json')).headers.get('access-control-allow-origin')).equal(null);
  });
});

describe('listening', () => {
  it('is on loopback, at any free port for 0, and ends for good', async () => {
    const local = new LocalCognito();
    should(() => local.endpoint).throw('local-cognito is not listening');
    const endpoint = await local.listen(0);
    should(endpoint)
      .match(/^http:\/\/127\.0\.0\.1:\d+$/)
      .and.equal(local.endpoint);
    await local.listen(0).should.be.rejectedWith('local-cognito is listening already');
    await local.close();
    await local.close();
    await fetch(endpoint).should.be.rejected();
  });

  it('rejects with EADDRINUSE where the port is taken, and can be tried again', async () => {
    const [first, second] = [new LocalCognito(), new LocalCognito()];
    const port = Number(new URL(await first.listen(0)).port);
    await second.listen(port).should.be.rejectedWith({ code: 'EADDRINUSE' });
    await first.close();
    await second.listen(port);
    await second.close();
  });

  it('knows no user but its own', () => {
    should(() => new LocalCognito().user(POOL, 'nobody')).throw(`${POOL} has no user nobody`);
  });
});
