import 'should';
import { password } from '../support/pools';
import { type Message, type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

/** The token in a message's Authorization header. */
function tokenOn(msg: Message): string {
  const { Authorization = '' } = msg.headers as { Authorization?: string };
  const [, token = ''] = /^Bearer (.+)$/.exec(Authorization) ?? [];
  return token;
}

describe('cognito-token', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const ownAccount = (username: string): Setup => ({
    type: 'cognito-token',
    ...pool.clientSide(),
    settings: { ...typed('username', 'str', username), ...typed('password', 'cred') },
    credentials: { password },
  });

  it('puts the access token on the headers, and leaves the payload as it is', async () => {
    const flow = await SignInFlow.start(ownAccount('ada'));
    const msg = await flow.leaves('port 1', { payload: { temperature: 21 } });
    msg.payload!.should.eql({ temperature: 21 });
    tokenOn(msg).split('.').should.have.length(3);
  });

  it('signs in once for a thousand messages, and keeps their order', async () => {
    const flow = await SignInFlow.start(ownAccount('ada'));
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const messages = await Promise.all(numbers.map((payload) => flow.leaves('port 1', { payload })));
    messages.map(({ payload }) => payload).should.eql(numbers);
    flow.arrivals.map(({ msg }) => msg.payload).should.eql(numbers);
    pool.requests('InitiateAuth').should.have.length(1);
    new Set(messages.map(tokenOn)).size.should.equal(1);
  });

  it('gets another token when the one at hand was rejected', async () => {
    const flow = await SignInFlow.start(ownAccount('ada'));
    const first = await flow.leaves('port 1', { payload: 1 });
    const token = tokenOn(first);
    const again = await flow.leaves('port 1', { ...first, forceRefresh: true });
    tokenOn(again).should.not.equal(token);
    again.should.not.have.property('forceRefresh');
  });
});
