import { inspect } from 'node:util';
import should from 'should';
import { otherPoolId, password, poolId, publicClient, secretClient, temporaryPassword } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

const respond = 'cognito-respond-to-challenge';
const hour = 3_600_000;

/** What another program, or another day, makes of a carried sign-in. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A request as http-in hands it on: its body is the message's payload itself. */
function httpIn<Body extends object>(body: Body) {
  const socket: Record<string, unknown> = {};
  const req = { body, query: {}, headers: { cookie: 'a=b' }, socket };
  socket.parser = req; // requests refer to themselves
  return { payload: body, req, res: { _res: { end: () => undefined } } };
}

describe('the message contract', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const ada = () => ({ payload: { username: 'ada', password } });
  const start = (rest: Setup = {}) => SignInFlow.start({ ...pool.serverSide(), ...rest });

  async function meetSms(access = pool.serverSide()): Promise<Message> {
    const flow = await SignInFlow.start(access);
    return flow.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
  }

  describe('payload', () => {
    it('is the AuthenticationResult once signed in, and nothing else', async () => {
      const { payload } = await (await start()).signedIn(ada());
      should(payload).have.keys('AccessToken', 'IdToken', 'RefreshToken', 'TokenType', 'ExpiresIn');
      should(Object.keys(payload as object)).have.length(5);
    });

    it('is the challenge with its parameters, without the session', async () => {
      const { payload } = await meetSms();
      should(payload).deepEqual({
        ChallengeName: 'SMS_MFA',
        ChallengeParameters: {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
          CODE_DELIVERY_DESTINATION: (payload as { ChallengeParameters: Record<string, string> }).ChallengeParameters
            .CODE_DELIVERY_DESTINATION,
          USER_ID_FOR_SRP: 'sam',
        },
      });
    });
  });

  describe('msg.cognito', () => {
    it('tells an open challenge', async () => {
      const before = Date.now();
      const { cognito } = await meetSms();
      should(cognito).match({
        version: 1,
        userPoolId: poolId,
        clientId: secretClient,
        api: 'server-side',
        authFlow: 'ADMIN_USER_PASSWORD_AUTH',
        username: 'sam',
        challengeName: 'SMS_MFA',
      });
      const { issuedAt, session } = cognito as { issuedAt: number; session: string };
      should(issuedAt).be.within(before, Date.now());
      should(session.length).be.aboveOrEqual(20);
      should(cognito).not.have.any.keys('claims', 'expiresAt');
    });

    it('tells who signed in, with the claims of the ID token, and until when', async () => {
      const before = Date.now();
      const { cognito } = await (await start()).signedIn(ada());
      should(cognito).match({
        version: 1,
        userPoolId: poolId,
        clientId: secretClient,
        api: 'server-side',
        username: 'ada',
        claims: {
          token_use: 'id',
          aud: secretClient,
          'cognito:username': 'ada',
          'cognito:groups': ['engineers'],
          email: 'ada@example.com',
          email_verified: true,
          name: 'Ada',
        },
      });
      should((cognito as { expiresAt: number }).expiresAt).be.within(before + hour, Date.now() + hour);
      should(cognito).not.have.any.keys('session', 'challengeName', 'challengeParameters');
    });

    it('holds the time of the tokens by this machine’s clock, however wrong that is', async () => {
      pool.local.clock.advance(5 * hour);
      const { cognito } = await (await SignInFlow.start(pool.clientSide())).signedIn(ada());
      should((cognito as { expiresAt: number }).expiresAt).be.within(Date.now(), Date.now() + hour);
    });

    it('is plain JSON', async () => {
      const flow = await start();
      const { cognito } = await flow.signedIn(ada());
      should(throughJson(cognito)).deepEqual(cognito);
      const open = await meetSms();
      should(throughJson(open.cognito)).deepEqual(open.cognito);
    });

    it('lets another node answer after JSON and a redeploy', async () => {
      const { cognito } = await meetSms();
      await SignInFlow.stop();
      const flow = await start({ type: respond });
      const { payload } = await flow.signedIn({ payload: { code: pool.codeOf('sam') }, cognito: throughJson(cognito) });
      should(payload).have.property('AccessToken');
    });

    it('renews the time at each step', async () => {
      const flow = await start();
      const chosen = await flow.challenged({ payload: { username: 'lin', password } }, 'SELECT_MFA_TYPE');
      const answering = await start({ type: respond });
      const first = chosen.cognito as { issuedAt: number; session: string };
      while (Date.now() === first.issuedAt);
      const { cognito } = await answering.challenged({ payload: { choice: 'SMS_MFA' }, cognito: first }, 'SMS_MFA');
      const second = cognito as { issuedAt: number; session: string };
      should(second.issuedAt).be.above(first.issuedAt);
      should(second.session).not.equal(first.session);
    });

    it('is left for Catch by a wrong code; the right one then signs in', async () => {
      const { cognito } = await meetSms();
      const flow = await start({ type: respond });
      const wrong = pool.codeOf('sam') === '000000' ? '000001' : '000000';
      const failed = await flow.caught({ payload: { code: wrong }, cognito }, 'CodeMismatchException');
      should(failed.cognito).deepEqual(cognito);
      const { payload } = await flow.signedIn({ ...failed, payload: { code: pool.codeOf('sam') } });
      should(payload).have.property('AccessToken');
    });

    it('is left for Catch by a refused new password; a better one is then taken', async () => {
      const starting = await start();
      const { cognito } = await starting.challenged(
        { payload: { username: 'grace', password: temporaryPassword } },
        'NEW_PASSWORD_REQUIRED',
      );
      const flow = await start({ type: respond });
      const userAttributes = { name: 'Grace' };
      const failed = await flow.caught(
        { payload: { newPassword: 'weak', userAttributes }, cognito },
        'InvalidPasswordException',
      );
      should(failed.payload).deepEqual({ userAttributes });
      await flow.signedIn({ payload: { newPassword: 'Better-Password-2', userAttributes }, cognito: failed.cognito });
    });

    for (const [description, cognito] of [
      ['text', 'signed in'],
      ['a list', []],
      ['an empty object', {}],
      ['of a later version', { version: 2 }],
      ['null', null],
    ] as const) {
      it(`that is ${description} is refused`, async () => {
        const flow = await start({ type: respond });
        await flow.caught({ payload: { code: '123456' }, cognito }, 'SignInStateInvalid');
        should(pool.local.requests).be.empty();
      });
    }
  });

  describe('an answer for another', () => {
    const others: Record<string, () => Pick<Setup, 'pool' | 'poolCredentials'>> = {
      pool: () => pool.serverSide({ userPoolId: otherPoolId }),
      'app client': () => pool.serverSide({ clientId: publicClient }),
      API: () => pool.clientSide({ clientId: secretClient }),
    };
    for (const [what, other] of Object.entries(others)) {
      it(`${what} than the node’s is refused without asking Cognito`, async () => {
        const { cognito } = await meetSms();
        const asked = pool.local.requests.length;
        const flow = await SignInFlow.start({ type: respond, ...other() });
        const caught = await flow.caught(
          { payload: { code: pool.codeOf('sam') }, cognito },
          'ChallengeOfAnotherUserPool',
        );
        should(caught.cognito).deepEqual(cognito);
        should(caught.payload).deepEqual({});
        should(pool.local.requests).have.length(asked);
      });
    }
  });

  describe('other properties', () => {
    it('pass through untouched, the request and the response as the same objects', async () => {
      const http = httpIn({ username: 'ada', password });
      const nested = { deep: [1, { two: 2 }] };
      const sent = { ...http, topic: 'login', nested, count: 0, nothing: null };
      const msg = await (await start()).signedIn(sent);
      should(msg).equal(sent);
      should(msg.req).equal(http.req);
      should(msg.res).equal(http.res);
      should(msg.nested).equal(nested);
      should(nested).deepEqual({ deep: [1, { two: 2 }] });
      should(msg).match({ topic: 'login', count: 0, nothing: null });
      should(Object.keys(msg).sort()).deepEqual(
        ['_msgid', 'cognito', 'count', 'nested', 'nothing', 'payload', 'req', 'res', 'topic'].sort(),
      );
    });

    it('reach Catch too', async () => {
      const http = httpIn({ username: 'ada', password: 'Wrong-1' });
      const msg = await (await start()).caught({ ...http, topic: 'login' }, 'NotAuthorizedException');
      should(msg).have.property('topic', 'login');
      should(msg.req).equal(http.req);
      should(msg.res).equal(http.res);
    });
  });

  describe('a secret on the message', () => {
    it('is erased on success, from http-in’s request too', async () => {
      const http = httpIn({ username: 'ada', password });
      await (await start()).signedIn(http);
      should(http.req.body).deepEqual({ username: 'ada' });
    });

    it('is erased on failure, from http-in’s request too', async () => {
      const http = httpIn({ username: 'ada', password: 'Wrong-Password-9' });
      const msg = await (await start()).caught(http, 'NotAuthorizedException');
      should(http.req.body).deepEqual({ username: 'ada' });
      should(msg.payload).deepEqual({ username: 'ada' });
      should(inspect(msg, { depth: Infinity })).not.containEql('Wrong-Password-9');
    });

    it('is erased from the request even if the payload is a copy of its body', async () => {
      const http = httpIn({ username: 'ada', password });
      await (await start()).signedIn({ ...http, payload: { ...http.payload } });
      should(http.req.body).deepEqual({ username: 'ada' });
    });

    it('is erased from the query even if the payload is a copy of it', async () => {
      const http = httpIn({});
      http.req.query = { username: 'ada', password };
      await (await start()).signedIn({ ...http, payload: { username: 'ada', password } });
      should(http.req.query).deepEqual({ username: 'ada' });
    });

    it('that is an object is erased from the request too', async () => {
      const http = httpIn({ username: 'ada', password, extra: { NEW_PASSWORD: 'a-secret' } });
      const flow = await start({ settings: typed('extraParameters', 'msg', 'payload.extra') });
      await flow.signedIn({ ...http, payload: structuredClone(http.payload) });
      should(http.req.body).deepEqual({ username: 'ada' });
    });

    it('leaves what the request holds under the same name but is something else', async () => {
      const http = httpIn({ username: 'ada', password: 'something else' });
      await (await start()).signedIn({ ...http, payload: { username: 'ada', password } });
      should(http.req.body).deepEqual({ username: 'ada', password: 'something else' });
    });

    it('is erased from any nested place', async () => {
      const flow = await start({
        settings: { ...typed('password', 'msg', 'form.fields[1].value'), ...typed('username', 'msg', 'form.who') },
      });
      const form = { who: 'ada', fields: [{ value: 'x' }, { name: 'pw', value: password }] };
      const msg = await flow.signedIn({ form });
      should(msg.form).equal(form);
      should(form).deepEqual({ who: 'ada', fields: [{ value: 'x' }, { name: 'pw' }] });
    });

    it('is erased where it is the whole payload, and the request’s whole body', async () => {
      const http = { payload: 'Wrong-Password-9', req: { body: 'Wrong-Password-9' as string | undefined }, who: 'ada' };
      const flow = await start({
        settings: { ...typed('password', 'msg', 'payload'), ...typed('username', 'msg', 'who') },
      });
      const msg = await flow.caught(http, 'NotAuthorizedException');
      should(msg).not.have.property('payload');
      should(http.req.body).be.undefined();
    });

    it('is erased from an array without moving the entries beside it', async () => {
      const inputs = { ...typed('password', 'msg', 'payload[0]'), ...typed('username', 'msg', 'payload[1]') };
      const flow = await start({ settings: inputs });
      const payload = [password, 'ada', 'somebody-else'];
      await flow.signedIn({ payload });
      should(pool.lastRequest.AuthParameters).have.property('USERNAME', 'ada');
      should(payload).deepEqual([undefined, 'ada', 'somebody-else']);
    });

    it('is erased where it is read through a property that the request inherits', async () => {
      class Request {
        readonly #headers = { 'x-password': password, accept: '*/*' };
        get headers() {
          return this.#headers;
        }
      }
      const flow = await start({ settings: typed('password', 'msg', 'req.headers["x-password"]') });
      const req = new Request();
      await flow.signedIn({ payload: { username: 'ada' }, req });
      should(req.headers).deepEqual({ accept: '*/*' });
    });

    it('is erased from the payload of a copy when it is read from the request', async () => {
      const flow = await start({ settings: typed('password', 'msg', 'req.body.password') });
      const req = { body: { username: 'ada', password: 'Wrong-1234' } };
      const { payload } = await flow.caught({ payload: { ...req.body }, req }, 'NotAuthorizedException');
      should(req.body).deepEqual({ username: 'ada' });
      should(payload).deepEqual({ username: 'ada' });
    });

    it('is gone from the message even if the payload can’t be changed', async () => {
      class Form {
        readonly username = 'ada';
        readonly #password = 'Wrong-1234';
        get password() {
          return this.#password;
        }
      }
      const flow = await start();
      for (const payload of [Object.freeze({ username: 'ada', password: 'Wrong-1234' }), new Form()]) {
        const msg = await flow.caught({ payload }, 'NotAuthorizedException');
        should(msg.payload).deepEqual({ username: 'ada' });
      }
    });

    it('is erased with the request left as it is where its body can’t be changed', async () => {
      class Request {
        body: object = Object.freeze({ username: 'ada', password: 'Wrong-1234' });
      }
      const flow = await start();
      const req = new Request();
      const msg = await flow.caught({ payload: req.body, req }, 'NotAuthorizedException');
      should(msg.req).equal(req);
      should(req.body).deepEqual({ username: 'ada' });
      should(msg.payload).deepEqual({ username: 'ada' });
    });

    it('is erased like every other one where something on the message throws when it is looked at', async () => {
      const req = new Proxy(
        {},
        {
          get: () => {
            throw new Error('not to be looked at');
          },
        },
      );
      const msg = { payload: { username: 'ada', password: 'Wrong-1234', refreshToken: 'r', accessToken: 'a' }, req };
      const flow = await start({ settings: { userPool: 'nowhere' } });
      const { completed } = flow;
      flow.node.receive(msg); // Catch can't get a copy of it
      while (Object.keys(msg.payload).length > 1) await new Promise((resolve) => setImmediate(resolve));
      should(msg.payload).deepEqual({ username: 'ada' });
      should(completed).be.empty();
    });

    it('is nothing that all objects inherit, wherever it is looked for', async () => {
      const inherited = Reflect.ownKeys(Object.prototype);
      for (const path of ['__proto__.toString', 'payload.__proto__.toString', 'payload.constructor.prototype.toString']) {
        const flow = await start({ settings: typed('password', 'msg', path) });
        await flow.caught({ payload: { username: 'ada' } }, 'InputInvalid');
        should(Reflect.ownKeys(Object.prototype)).deepEqual(inherited);
      }
    });

    it('is erased before anything else: also when the node has no pool', async () => {
      const http = httpIn({ username: 'ada', password, refreshToken: 'r', accessToken: 'a' });
      const flow = await start({ settings: { userPool: 'nowhere' } });
      const msg = await flow.caught(http, 'UserPoolMissing');
      should(msg.payload).deepEqual({ username: 'ada' });
      should(http.req.body).deepEqual({ username: 'ada' });
    });

    it('is erased when another input is wrong', async () => {
      const http = httpIn({ password });
      const msg = await (await start()).caught(http, 'InputMissing');
      should(msg.payload).deepEqual({});
    });

    it('is erased when the answer has no challenge to go to', async () => {
      const http = httpIn({ code: '123456', newPassword: 'n', password: 'p', answer: 'a', credential: { c: 1 } });
      const flow = await start({ type: respond });
      const msg = await flow.caught(http, 'ChallengeMissing');
      should(msg.payload).deepEqual({});
      should(http.req.body).deepEqual({});
    });

    for (const [name, payload] of Object.entries({
      code: { code: '999999' },
      newPassword: { newPassword: 'weak' },
    })) {
      it(`${name} is erased by the answer, whatever becomes of it`, async () => {
        const starting = await start();
        const { cognito } =
          name === 'code'
            ? await starting.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA')
            : await starting.challenged(
                { payload: { username: 'grace', password: temporaryPassword } },
                'NEW_PASSWORD_REQUIRED',
              );
        const flow = await start({ type: respond });
        const http = httpIn({ ...payload, keep: 'this' });
        const { msg } = await flow.send({ ...http, cognito });
        should(msg.payload).deepEqual({ keep: 'this' });
        should(http.req.body).deepEqual({ keep: 'this' });
      });
    }
  });

  it('refuses a promise in place of a text, and does not wait for it', async () => {
    const forEver = new Promise(() => undefined);
    const flow = await start();
    await flow.caught({ payload: { username: forEver, password } }, 'InputInvalid');
    const verifying = await start({ type: 'cognito-verify-token', settings: typed('token', 'msg', 'token') });
    const { payload } = await verifying.leaves('port 2', { token: forEver });
    should(payload).have.property('reason', 'malformed');
  });

  describe('done', () => {
    it('is called once for each message, and each leaves once', async () => {
      const flow = await start();
      const ids = ['a', 'b', 'c', 'd'];
      const [a, b, c, d] = await Promise.all([
        flow.send({ ...ada(), _msgid: 'a' }),
        flow.send({ payload: { username: 'sam', password }, _msgid: 'b' }),
        flow.send({ payload: { username: 'ada', password: 'Wrong-1' }, _msgid: 'c' }),
        flow.send({ payload: {}, _msgid: 'd' }),
      ]);
      should([a, b, c, d].map(({ by }) => by)).deepEqual(['port 1', 'port 2', 'Catch', 'Catch']);
      await SignInFlow.stop();
      should(flow.arrivals.map(({ msg }) => msg._msgid).sort()).deepEqual(ids);
      should([...flow.completed].sort()).deepEqual(['a', 'b']);
    });
  });
});
