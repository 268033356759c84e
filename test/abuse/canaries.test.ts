import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import { newTotpSecret, openPools, poolId, publicClient, secretClient } from '../support/pools';
import { TestProxy } from '../support/proxy';
import { fixedServer, type TestServer } from '../support/servers';
import { leaks, newAccessKeyId, newMark, SearchedNodeRed, type Secrets, shapes } from './canaries';
import { canaryFlows, canaryNames, picked } from './canary-flows';

/** Refuses everything, in the words of whoever asked: as a gateway may that is set to help with finding faults. */
function echoingServer(): Server {
  return createServer((request, response) => {
    void text(request).then((body) => {
      const message = `Not understood: ${body} ${JSON.stringify(request.headers)}`;
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'InvalidParameterException', message }));
    });
  });
}

for (const [shape, written] of Object.entries(shapes)) {
  describe(`${shape} secrets in every secret field of a real Node-RED`, function () {
    this.timeout(120_000);

    const secrets: Secrets = {
      ...Object.fromEntries(canaryNames.map((name) => [name, written(newMark())])),
      totpSecret: newTotpSecret(),
      accessKeyId: newAccessKeyId(),
    };
    const of = <Name extends string>(...names: readonly Name[]) => picked(secrets, names);

    const [main] = openPools();
    const local = new LocalCognito({
      pools: [
        {
          ...main!,
          clients: main!.clients.map((client) => ({ ...client, ...(client.clientSecret && of('clientSecret')) })),
          users: main!.users.map((user) => ({
            ...user,
            ...(user.password && of('password')),
            ...(user.temporaryPassword && of('temporaryPassword')),
            ...(user.username === 'tom' && of('totpSecret')),
          })),
        },
      ],
      iamUsers: [of('accessKeyId', 'secretAccessKey')],
    });
    const echoing = echoingServer();
    const proxy = new TestProxy();
    let refusingProxy: TestServer;
    let nodeRed: SearchedNodeRed;
    let places: Readonly<Record<string, string>>;
    const toldToEditors: string[] = [];

    const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const codeOf = async (name: string, body: object): Promise<string> =>
      (await nodeRed.send(name, body)).error?.code ?? 'none';

    const { password, wrongPassword, temporaryPassword, newPassword, totpSecret, code, answer, devicePassword } = secrets;
    const wrong = { username: 'ada', password: wrongPassword };
    const right = { username: 'ada', password };

    before(async () => {
      await Promise.all([local.listen(0), proxy.listen(), new Promise<void>((done) => echoing.listen(0, '127.0.0.1', done))]);
      refusingProxy = await fixedServer(407, {}, 'Who are you?');
      nodeRed = await SearchedNodeRed.start();
      const servers = { local: local.endpoint, echoing: urlOf(echoing), proxy: `http://${proxy.host}` };
      const refusing = `http://127.0.0.1:${refusingProxy.port}`;
      await nodeRed.deploy(canaryFlows(secrets, { ...servers, refusingProxy: refusing }));
    });
    after(async () => {
      await nodeRed.runtime.stop();
      await Promise.all([local.close(), proxy.close(), refusingProxy.close()]);
      echoing.close();
    });

    it('are in all of them', async () => {
      const filled = await nodeRed.filledIn();
      should([...filled.keys()]).have.length(7); // every type but cognito-verify-token, which has none
      for (const nodes of filled.values()) should(nodes).containEql(true);
    });

    it('go by when a sign-in goes well', async () => {
      for (const name of ['start', 'srp', 'srp-client', 'by-proxy', 'by-proxy']) should(await codeOf(name, right)).equal('none', name);
      for (const name of ['own', 'extra', 'choice']) should(await codeOf(name, { username: 'ada' })).equal('none', name);
      const device = { deviceKey: 'eu-west-1_none', deviceGroupKey: '-none' };
      should(await codeOf('device', { username: 'ada', ...device })).equal('none');
      for (const name of ['token', 'token', 'token-mfa']) should(await codeOf(name, {})).equal('none', name);
      should(proxy.requests.map(({ credentials }) => credentials)).containEql(`gateway:${secrets.proxyPassword}`);
      should((await nodeRed.srp()).sources).be.above(1);
    });

    it('go by when challenges are answered', async () => {
      const challenged = async (body: object) => (await nodeRed.send('start', body)).rest;
      const grace = await challenged({ username: 'grace', password: temporaryPassword });
      should(await codeOf('answer', { cognito: grace.cognito, newPassword, userAttributes: {} })).not.equal('none');
      const attributes = { userAttributes: { name: 'Grace' } };
      should(await codeOf('answer', { cognito: grace.cognito, newPassword, ...attributes })).equal('none');
      const tom = async (): Promise<unknown> => {
        local.clock.advance(60_000); // so that the codes of before have expired
        return (await challenged({ username: 'tom', password })).cognito;
      };
      should(await codeOf('answer', { cognito: await tom(), code })).not.equal('none');
      should(await codeOf('answer', { cognito: await tom(), totpSecret })).equal('none');
      should(await codeOf('answer-own', { cognito: await tom() })).not.equal('none'); // its code comes first
      should(await codeOf('answer-totp', { cognito: await tom() })).equal('none');
    });

    it('go by when they are refused', async () => {
      const { credential, accessToken, refreshToken } = secrets;
      const cases: readonly (readonly [name: string, body: object])[] = [
        ['start', wrong],
        ['srp', wrong],
        ['srp-client', wrong],
        ['refresh', { username: 'ada', refreshToken }],
        ['answer', { code, newPassword, answer, credential, devicePassword, password, totpSecret }],
        ['answer', { cognito: { version: 1 }, code, newPassword, answer, credential, password: wrongPassword }],
        ['mfa', { AccessToken: accessToken, code }],
        ['mfa-own', {}],
        ['passkey', { AccessToken: accessToken, credential: { id: credential } }],
        ['passkey-own', {}],
        ['out-everywhere', {}],
        ['token-refused', { username: 'disabled' }],
      ];
      for (const [name, body] of cases) should(await codeOf(name, body)).not.equal('none', name);
      should(await codeOf('out-refreshToken', {})).be.a.String(); // which may have been revoked before
      should(await codeOf('verify', { taken: accessToken })).be.a.String();
    });

    it('go by when the server is at fault, or not there', async () => {
      for (const name of ['temporary', 'dead', 'by-refusing-proxy', 'by-dead-proxy']) {
        should(await codeOf(name, wrong)).not.equal('none', name);
      }
      for (const fault of [
        { drop: true },
        { status: 503 },
        { exception: 'InternalErrorException' },
        { exception: 'TooManyRequestsException' },
        { exception: 'NotInAnyManualException', message: 'Something new.' },
      ] as const) {
        local.faults.inject({ ...fault, times: 3 });
        should(await codeOf('start', wrong)).not.equal('none');
        local.faults.clear();
      }
    });

    it('go by when the server repeats what it was sent', async () => {
      should(await codeOf('echoing', wrong)).equal('InvalidParameterException');
      should(await codeOf('echoing-client', wrong)).equal('InvalidParameterException');
    });

    it('go by when a deploy comes in mid sign-in', async () => {
      local.faults.inject({ delay: 1_500 });
      const heard = codeOf('start', right);
      const abandoned = new AbortController();
      const unheard = nodeRed.send('own', { username: 'ada' }, abandoned.signal).catch(() => 'never answered');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await nodeRed.change('node start', 'nodes');
      should(await heard).equal('Aborted');
      await nodeRed.change('node start', 'full');
      abandoned.abort();
      should(await unheard).equal('never answered');
      should(nodeRed.runtime.output).match(/\[warn\] \[cognito-initiate-auth:node own\] Aborted while under way/);
      local.faults.clear();
    });

    it('go by when a user pool is tested', async () => {
      const { typedSecret } = secrets;
      const typed = { clientSecret: typedSecret, secretAccessKey: typedSecret, sessionToken: typedSecret };
      const settings = { endpoint: urlOf(echoing), clientId: `${publicClient}x` };
      for (const id of ['server', 'temporary', 'dead', 'client', 'echoing', 'by proxy', 'by dead proxy', 'never deployed']) {
        for (const action of ['test', 'pools', 'clients']) {
          for (const body of [{}, { secrets: typed }, { settings, secrets: { ...typed, ...of('accessKeyId') } }]) {
            const response = await nodeRed.runtime.post(`/cognito-user-pool/${encodeURIComponent(id)}/${action}`, body);
            should(response.status).equalOneOf(200, 400); // the longest may be too long for a setting
            toldToEditors.push(await response.text());
          }
        }
      }
      should(toldToEditors.filter((told) => told.includes('"outcome":"ok"')).length).be.above(2);
    });

    it('have left nothing behind where they can be read', async () => {
      places = { ...(await nodeRed.places()), 'answers to editors': toldToEditors.join('\n') };
      should(places['the log']).match(/\[trace\]/).and.match(/NotAuthorizedException/).and.match(/"event":"flows.set"/);
      should(leaks(places, secrets)).deepEqual([]);
    });

    it('are found where they are', async () => {
      const known = { poolId, notSecret: secretClient };
      should(leaks(places, known)).containDeep(['poolId in messages', 'poolId in exported flows', 'notSecret in files']);
      should(leaks(places, known)).containDeep(['poolId in nodes looked into', 'poolId in what nodes hide']);
      // Nothing in JavaScript hides a property of an object from a look that is set to show what is hidden.
      const found = leaks({ credentials: await nodeRed.look('credentials') }, secrets);
      should(found).containDeep(['password in credentials', 'clientSecret in credentials', 'sessionToken in credentials']);
    });
  });
}
