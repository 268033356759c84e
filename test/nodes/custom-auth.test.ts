import should from 'should';
import { openPools, password, poolId } from '../support/pools';
import { questions } from '../support/questions';
import { type Arrival, type Message, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

const answerTo = ({ payload }: Message): string => {
  const { ChallengeParameters } = payload as { ChallengeParameters: { question: string } };
  return ChallengeParameters.question.replace('Say ', '');
};

describe('custom authentication', () => {
  let rounds = 1;
  const pool = new TestPool(() => ({ pools: openPools(), triggers: { [poolId]: questions({ rounds }) } }));
  stopFlowAfterEach();

  const start = () =>
    SignInFlow.start({ ...pool.clientSide(), settings: typed('authFlow', 'str', 'CUSTOM_AUTH'), answer: {} });
  const reply = (flow: SignInFlow, msg: Message, answer = answerTo(msg)): Promise<Arrival> =>
    flow.answer({ payload: { answer }, cognito: structuredClone(msg.cognito) });
  const parameters = () => pool.requests('InitiateAuth')[0]?.AuthParameters;

  it('starts with the name alone, and shows what the trigger shows', async () => {
    const flow = await start();
    const { payload } = await flow.challenged({ payload: { username: 'ada@example.com' } }, 'CUSTOM_CHALLENGE');
    should(parameters()).deepEqual({ USERNAME: 'ada@example.com' });
    should(payload).have.property('ChallengeParameters', { USERNAME: 'ada', question: 'Say 1' });
  });

  it('starts with SRP where there is a password, and says so to Cognito', async () => {
    const flow = await start();
    const msg = await flow.challenged({ payload: { username: 'ada', password } }, 'CUSTOM_CHALLENGE');
    should(parameters()).match({ USERNAME: 'ada', CHALLENGE_NAME: 'SRP_A', SRP_A: /^[0-9a-f]{700,}$/ });
    should(JSON.stringify(pool.local.requests)).not.containEql(password);
    should(await reply(flow, msg)).have.property('by', 'port 1');
  });

  it('refuses a wrong password before it asks', async () => {
    const flow = await start();
    await flow.caught({ payload: { username: 'ada', password: 'Wrong-Password-1' } }, 'NotAuthorizedException');
  });

  it('erases the answer', async () => {
    const flow = await start();
    const { cognito } = await flow.challenged({ payload: { username: 'ada' } }, 'CUSTOM_CHALLENGE');
    const payload = { answer: '1' };
    await flow.answer({ payload, cognito });
    should(payload).not.have.property('answer');
  });

  describe('of ten rounds', () => {
    before(() => {
      rounds = 10;
    });
    after(() => {
      rounds = 1;
    });

    it('goes on through all of them, each with a session of its own', async () => {
      const flow = await start();
      let msg = await flow.challenged({ payload: { username: 'ada' } }, 'CUSTOM_CHALLENGE');
      const sessions = new Set<unknown>();
      for (let round = 1; round < 10; round += 1) {
        sessions.add((msg.cognito as { session: string }).session);
        const arrival = await reply(flow, msg);
        should(arrival).match({ by: 'port 2', msg: { payload: { ChallengeName: 'CUSTOM_CHALLENGE' } } });
        msg = arrival.msg;
      }
      should(sessions.size).equal(9);
      should(await reply(flow, msg)).match({ by: 'port 1', msg: { cognito: { username: 'ada' } } });
    });

    it('takes an answer of the round before no more, and the right one then', async () => {
      const flow = await start();
      const first = await flow.challenged({ payload: { username: 'ada' } }, 'CUSTOM_CHALLENGE');
      const second = await reply(flow, first);
      should(await reply(flow, first)).match({ by: 'Catch', msg: { error: { code: 'NotAuthorizedException' } } });
      should(await reply(flow, second.msg)).match({ by: 'port 2' });
    });
  });
});
