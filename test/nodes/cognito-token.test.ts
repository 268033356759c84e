import should from 'should';
import { SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';
import { bearerOf, ownAccount } from '../support/tokens';

describe('cognito-token', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const start = (username = 'ada') => SignInFlow.start(ownAccount(pool.clientSide(), username));

  it('puts the access token on the headers, and leaves the payload as it is', async () => {
    const flow = await start();
    const msg = await flow.leaves('port 1', { payload: { temperature: 21 } });
    should(msg.payload).deepEqual({ temperature: 21 });
    should(bearerOf(msg).split('.')).have.length(3);
  });

  it('signs in once for a thousand messages, and keeps their order', async () => {
    const flow = await start();
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const messages = await Promise.all(numbers.map((payload) => flow.leaves('port 1', { payload })));
    should(messages.map(({ payload }) => payload)).deepEqual(numbers);
    should(flow.arrivals.map(({ msg }) => msg.payload)).deepEqual(numbers);
    should(pool.requests('InitiateAuth')).have.length(1);
    should(new Set(messages.map(bearerOf)).size).equal(1);
  });

  it('gets another token when the one at hand was rejected', async () => {
    const flow = await start();
    const first = await flow.leaves('port 1', { payload: 1 });
    const token = bearerOf(first);
    const again = await flow.leaves('port 1', { ...first, forceRefresh: true });
    should(bearerOf(again)).not.equal(token);
    should(again).not.have.property('forceRefresh');
  });
});
