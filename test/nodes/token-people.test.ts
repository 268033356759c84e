import { setImmediate as nextTurn } from 'node:timers/promises';
import should from 'should';
import { otherPoolId, password, poolId, temporaryPassword, testPools } from '../support/pools';
import {
  type Arrival,
  type Message,
  type Setup,
  SignInFlow,
  stopFlowAfterEach,
  TestPool,
  typed,
} from '../support/sign-in-flow';
import { accountOfMessage, bearerOf, claimsOf, ownAccount, userOf } from '../support/tokens';

const remembers = { settings: { rememberTokens: true } };
const fromPayload = {
  ...typed('username', 'msg', 'payload.username'),
  ...typed('password', 'msg', 'payload.password'),
};

/** Waits until a message of the node's own arrives at port 2. */
async function question(flow: SignInFlow, count = 1): Promise<Message> {
  const asked = (): Arrival[] => flow.arrivals.filter(({ by }) => by === 'port 2');
  while (asked().length < count) await nextTurn();
  return asked()[count - 1]!.msg;
}

/** Gives what could happen the time to. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}

/** The messages wait, and none of them has left. */
async function goesOnWaiting(flow: SignInFlow): Promise<void> {
  await turns();
  should(flow.arrivals.filter(({ msg }) => 'headers' in msg)).be.empty();
}

/** Ends the waiting. */
async function aborted(flow: SignInFlow, messages: Promise<Arrival>[]): Promise<void> {
  await flow.stopNode();
  for (const { msg } of await Promise.all(messages)) should(msg.error).have.property('code', 'Aborted');
}

describe('cognito-token and people', () => {
  const pool = new TestPool(() => {
    const [first, other] = testPools();
    const namesake = { username: 'sam', temporaryPassword, attributes: { email: 'sam@other.example' } };
    return { pools: [first!, { ...other!, users: [namesake] }] };
  });
  stopFlowAfterEach();

  const signIns = (): number => pool.requests('InitiateAuth').length;

  describe('asks a person', () => {
    const start = (answer: Setup['answer'] & object = remembers) =>
      SignInFlow.start({ ...ownAccount(pool.clientSide(), 'sam'), answer });

    /** Has many messages wait for sam. */
    async function waiting(flow: SignInFlow): Promise<{ asked: Message; messages: Promise<Arrival>[] }> {
      const messages = Array.from({ length: 50 }, (_, payload) => flow.send({ payload }));
      return { asked: await question(flow), messages };
    }

    it('once, by port 2, in a message of its own, however many messages wait', async () => {
      const flow = await start();
      const { asked } = await waiting(flow);
      should(asked.payload).match({ ChallengeName: 'SMS_MFA', ChallengeParameters: {} });
      should(asked.cognito).match({ username: 'sam', challengeName: 'SMS_MFA' });
      should(asked).not.have.property('headers');
      const late = flow.send({});
      await turns();
      should(flow.arrivals).have.length(1);
      should(pool.local.outbox.messages).have.length(1);
      await flow.stopNode();
      should((await late).by).equal('Catch');
    });

    it('and goes on in order with those that wait, once that is answered', async () => {
      const flow = await start();
      const { asked, messages } = await waiting(flow);
      const answered = await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
      should(answered.by).equal('port 1');
      const left = await Promise.all(messages);
      for (const { by, msg } of left) {
        should(by).equal('port 1');
        should(userOf(msg)).equal('sam');
        should(bearerOf(msg)).equal((answered.msg.payload as { AccessToken: string }).AccessToken);
      }
      const order = flow.arrivals.map(({ msg }) => msg.payload).filter((payload) => typeof payload === 'number');
      should(order).deepEqual(left.map((_, index) => index));
      should(userOf(await flow.leaves('port 1', {}))).equal('sam');
      should(signIns()).equal(1);
    });

    it('and goes on after a code that was wrong', async () => {
      const flow = await start();
      const { asked, messages } = await waiting(flow);
      const wrong = await flow.answer({ ...structuredClone(asked), payload: { code: '000000' } });
      should(wrong).match({ by: 'Catch', msg: { error: { code: 'CodeMismatchException' } } });
      await flow.answer({ ...wrong.msg, payload: { code: pool.codeOf('sam') } });
      should(new Set((await Promise.all(messages)).map(({ by }) => by))).deepEqual(new Set(['port 1']));
    });

    it('and refreshes from then on', async () => {
      const flow = await start();
      const { asked, messages } = await waiting(flow);
      await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
      const [first] = await Promise.all(messages);
      const msg = await flow.leaves('port 1', { ...first!.msg, forceRefresh: true });
      should(bearerOf(msg)).not.equal(bearerOf(first!.msg));
      should(pool.requests('GetTokensFromRefreshToken')).have.length(1);
      should(signIns()).equal(1);
    });

    it('and goes on waiting when the node that is answered at does not remember tokens', async () => {
      const flow = await start({});
      const { asked, messages } = await waiting(flow);
      const answered = await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
      should(answered.by).equal('port 1');
      await turns();
      should(flow.arrivals).have.length(2);
      await aborted(flow, messages);
    });

    it('and takes no tokens of somebody else who says that they are for it', async () => {
      const flow = await SignInFlow.start({
        ...ownAccount(pool.clientSide(), 'sam'),
        answer: remembers,
        others: { initiate: { type: 'cognito-initiate-auth', ...fromPayload } },
      });
      const { asked, messages } = await waiting(flow);
      const code = pool.codeOf('sam');
      const { tokensFor } = asked.cognito as { tokensFor: string };
      const emma = (await flow.sendTo('initiate', { payload: { username: 'emma', password } })).msg;
      const cognito = { ...(emma.cognito as object), tokensFor };
      const { msg } = await flow.answer({ payload: { code: pool.codeOf('emma') }, cognito });
      should(msg.cognito).match({ username: 'emma', tokensFor });
      await goesOnWaiting(flow);
      await flow.answer({ ...asked, payload: { code } });
      for (const arrival of await Promise.all(messages)) should(userOf(arrival.msg)).equal('sam');
    });

    it('and takes no tokens of a user of another pool who has the same name', async () => {
      const { pool: other } = pool.clientSide({ userPoolId: otherPoolId, clientId: 'otherclient' });
      const flow = await SignInFlow.start({
        ...ownAccount(pool.clientSide(), 'sam'),
        answer: remembers,
        others: {
          otherPool: { type: 'cognito-user-pool', ...other },
          initiate: { type: 'cognito-initiate-auth', userPool: 'otherPool', ...fromPayload },
          respond: { type: 'cognito-respond-to-challenge', userPool: 'otherPool', rememberTokens: true },
        },
      });
      const { asked, messages } = await waiting(flow);
      const { tokensFor } = asked.cognito as { tokensFor: string };
      const namesake = await flow.sendTo('initiate', { payload: { username: 'sam', password: temporaryPassword } });
      const cognito = { ...(namesake.msg.cognito as object), tokensFor };
      const { by, msg } = await flow.sendTo('respond', { payload: { newPassword: password }, cognito });
      should(by).equal('port 1');
      should(msg.cognito).match({ username: 'sam', tokensFor });
      await goesOnWaiting(flow);
      await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
      for (const arrival of await Promise.all(messages)) {
        should(claimsOf(bearerOf(arrival.msg)).iss).match(new RegExp(`${poolId}$`));
      }
    });

    it('and tells who answers too late', async () => {
      const flow = await start();
      const { asked, messages } = await waiting(flow);
      const code = pool.codeOf('sam');
      pool.local.clock.advance(4 * 60_000);
      const late = await flow.answer({ ...asked, payload: { code } });
      should(late).match({ by: 'Catch', msg: { error: { code: 'NotAuthorizedException' } } });
      await aborted(flow, messages);
    });

    it('for the account of a message too, while other accounts go on', async () => {
      const flow = await SignInFlow.start({ ...accountOfMessage(pool.clientSide()), answer: remembers });
      const sam = flow.send({ username: 'sam', password });
      const asked = await question(flow);
      should(userOf(await flow.leaves('port 1', { username: 'ada', password }))).equal('ada');
      await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
      should(userOf((await sam).msg)).equal('sam');
      should(userOf(await flow.leaves('port 1', { username: 'sam', password }))).equal('sam');
      should(signIns()).equal(2);
    });

    it('and goes on after a deploy in between', async () => {
      const flow = await start();
      const { asked } = await waiting(flow);
      const code = pool.codeOf('sam');
      const again = await start();
      const msg = again.send({});
      await again.answer({ ...asked, payload: { code } });
      should(userOf((await msg).msg)).equal('sam');
      should(signIns()).equal(1);
    });
  });

  it('shows which challenge waits, and never for whom', async () => {
    const flow = await SignInFlow.start({ ...ownAccount(pool.clientSide(), 'sam'), answer: remembers });
    const msg = flow.send({});
    const asked = await question(flow);
    while (!JSON.stringify(flow.statuses).includes('SMS_MFA')) await flow.nextStatus();
    should(JSON.stringify(flow.statuses)).not.match(/\bsam\b/);
    await flow.answer({ ...asked, payload: { code: pool.codeOf('sam') } });
    should((await msg).by).equal('port 1');
  });
});
