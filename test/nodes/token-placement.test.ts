import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { type Settings, SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';
import { bearerOf, claimsOf, ownAccount } from '../support/tokens';

describe('the place where cognito-token puts tokens', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const start = (settings: Settings = {}) => SignInFlow.start(ownAccount(pool.clientSide(), 'ada', settings));

  const isAccessToken = (token: unknown): object => should(claimsOf(token)).match({ token_use: 'access' });
  const isIdToken = (token: unknown): object => should(claimsOf(token)).match({ token_use: 'id' });

  it('is the header Authorization for the access token, unless anything else is set', async () => {
    const flow = await start();
    const msg = await flow.leaves('port 1', {});
    should(Object.keys(msg)).deepEqual(['_msgid', 'headers']);
    should(Object.keys(msg.headers as object)).deepEqual(['Authorization']);
    isAccessToken(bearerOf(msg));
  });

  it('can be any property, which gets the bare token', async () => {
    const flow = await start({ accessTokenTo: 'broker.password' });
    const msg = await flow.leaves('port 1', { broker: { broker: 'mqtts://broker.example' } });
    const { password, ...broker } = msg.broker as Settings;
    isAccessToken(password);
    should(broker).deepEqual({ broker: 'mqtts://broker.example' });
    should(msg).not.have.property('headers');
  });

  it('can be another property named authorization, with Bearer before the token', async () => {
    const flow = await start({ accessTokenTo: 'payload.connection.authorization' });
    const { payload } = await flow.leaves('port 1', { payload: {} });
    const { connection } = payload as { connection: { authorization: string } };
    isAccessToken(connection.authorization.replace(/^Bearer /, ''));
    should(connection.authorization).match(/^Bearer \w/);
  });

  it('can be written as authors write it elsewhere', async () => {
    for (const path of ['msg.headers.Authorization', 'headers["Authorization"]', "headers['Authorization']"]) {
      const flow = await start({ accessTokenTo: path });
      const { headers } = await flow.leaves('port 1', { headers: { authorization: 'Basic YTpi', accept: '*/*' } });
      should(Object.keys(headers as object)).deepEqual(['accept', 'Authorization']);
    }
  });

  it('can be for the ID token alone', async () => {
    const flow = await start({ accessTokenTo: '', idTokenTo: 'headers.Authorization' });
    isIdToken(bearerOf(await flow.leaves('port 1', {})));
  });

  it('can be two, one for each token', async () => {
    const flow = await start({ idTokenTo: 'headers.X-Id-Token' });
    const msg = await flow.leaves('port 1', { headers: { accept: '*/*' } });
    isAccessToken(bearerOf(msg));
    isIdToken((msg.headers as Settings)['X-Id-Token']);
    should(msg.headers).have.property('accept', '*/*');
  });

  it('holds no other spelling of the header beside the new one', async () => {
    const flow = await start();
    for (const name of ['authorization', 'AUTHORIZATION', 'Authorization']) {
      const msg = await flow.leaves('port 1', { headers: { [name]: 'Basic YTpi', accept: '*/*' } });
      should(Object.keys(msg.headers as object)).deepEqual(['accept', 'Authorization']);
      isAccessToken(bearerOf(msg));
    }
  });

  it('leaves a headers object as it is that others may hold, frozen or not', async () => {
    const flow = await start();
    for (const headers of [{ accept: '*/*' }, Object.freeze({ accept: '*/*' })]) {
      for (const round of [1, 2]) {
        const msg = await flow.leaves('port 1', { headers, payload: round });
        should(msg.headers).have.property('accept', '*/*');
        isAccessToken(bearerOf(msg));
      }
      should(headers).deepEqual({ accept: '*/*' });
    }
  });

  it('can have its name on the message', async () => {
    const flow = await start({ accessTokenTo: 'headers[msg.topic]' });
    const { headers } = await flow.leaves('port 1', { topic: 'X-Token' });
    should(headers).have.only.keys('X-Token');
    isAccessToken((headers as Settings)['X-Token']);
  });

  it('is made where headers are no object', async () => {
    const flow = await start();
    for (const headers of ['accept: */*', null, ['accept'], 1]) {
      const msg = await flow.leaves('port 1', { headers });
      should(Object.keys(msg.headers as object)).deepEqual(['Authorization']);
    }
  });

  it('is the only thing on the message that changes', async () => {
    const flow = await start();
    const sent = {
      payload: Buffer.from('a reading'),
      req: { body: {}, params: {} },
      res: { _res: { end: () => undefined } },
      cognito: { username: 'somebody else' },
      parts: { id: 'parts', index: 0, count: 1 },
      topic: 'a topic',
    };
    // The first waits for the sign-in, the second does not.
    for (const round of [1, 2]) {
      const { _msgid, headers, ...others } = await flow.leaves('port 1', { ...sent, round });
      should(others).have.only.keys(...Object.keys(sent), 'round');
      for (const [name, value] of Object.entries(sent)) should(others[name]).equal(value);
      should(headers).have.only.keys('Authorization');
      should(_msgid).be.a.String();
    }
  });

  it('is told in the error where a message can’t hold the token', async () => {
    const settings = { accessTokenTo: 'payload.token', idTokenTo: 'config.connection.token' };
    const flow = await start(settings);
    const good = { payload: {}, config: { connection: {} } };
    const connection = Object.freeze({});
    for (const [msg, field] of [
      [{ ...good, payload: 'a reading' }, 'accessTokenTo'],
      [{ ...good, payload: null }, 'accessTokenTo'],
      [{ ...good, payload: Object.freeze({}) }, 'accessTokenTo'],
      [{ payload: {}, config: 1 }, 'idTokenTo'],
      [{ payload: {}, config: { connection } }, 'idTokenTo'],
      [{ payload: {}, config: Object.freeze({}) }, 'idTokenTo'],
    ] as const) {
      for (const round of [1, 2]) {
        const { error } = await flow.caught({ ...msg, round }, 'InputInvalid');
        should(error.cause).match({ field, expected: `msg.${settings[field]}` });
        should(error.source).match({ id: 'node', count: 1 });
      }
    }
    await flow.leaves('port 1', good);
  });

  it('has to be set', async () => {
    const flow = await start({ accessTokenTo: '', idTokenTo: '' });
    const { error } = await flow.caught({}, 'InputMissing');
    should(error.cause).match({ field: 'accessTokenTo' });
    should(pool.local.requests).be.empty();
  });

  it('has to be a property', async () => {
    const flow = await start({ idTokenTo: 'payload..token' });
    const { error } = await flow.caught({}, 'InputInvalid');
    should(error.cause).match({ field: 'idTokenTo' });
    should(pool.local.requests).be.empty();
  });

  describe('on the way to an API', () => {
    const received: IncomingHttpHeaders[] = [];
    let api: Server;

    before(async () => {
      api = createServer((request, response) => {
        received.push(request.headers);
        response.writeHead(200, { 'X-Of-The-Response': 'yes', 'Set-Cookie': 'a=b' }).end('{}');
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    });
    beforeEach(() => received.splice(0));
    after(() => new Promise((resolve) => api.close(resolve)));

    const startWithRequest = () => {
      const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/`;
      const request = { type: 'http request', method: 'GET', ret: 'obj', url, headers: [], persist: false };
      return SignInFlow.start({ ...ownAccount(pool.clientSide(), 'ada'), others: { request } });
    };

    it('arrives there, with the author’s own headers', async () => {
      const flow = await startWithRequest();
      const msg = await flow.leaves('port 1', { headers: { 'X-Of-The-Author': 'kept' } });
      const token = bearerOf(msg);
      should(await flow.sendTo('request', msg)).match({ by: 'port 1', msg: { statusCode: 200 } });
      should(received[0]).match({ authorization: `Bearer ${token}`, 'x-of-the-author': 'kept' });
    });

    it('holds nothing of the response before it, when a message makes two requests', async () => {
      const flow = await startWithRequest();
      let msg = await flow.leaves('port 1', { headers: { 'X-Of-The-Author': 'for the first' } });
      const token = bearerOf(msg);
      ({ msg } = await flow.sendTo('request', msg));
      should(msg.headers).match({ 'x-of-the-response': 'yes' });
      msg = await flow.leaves('port 1', msg);
      should(msg.headers).deepEqual({ Authorization: `Bearer ${token}` });
      await flow.sendTo('request', msg);
      should(received).have.length(2);
      should(received[1]).have.property('authorization', `Bearer ${token}`);
      should(Object.keys(received[1]!)).not.containEql('x-of-the-response');
      should(Object.keys(received[1]!)).not.containEql('x-node-red-request-node');
    });
  });
});
