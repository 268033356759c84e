import 'should';
import { password } from '../support/pools';
import { type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

describe('cognito-token, with tokens that another node remembered', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  /** A sign-in that remembers its tokens, and a token node that takes the account from the message. */
  const setup = (account: object): Setup => ({
    ...pool.clientSide(),
    settings: { rememberTokens: true },
    answer: { type: 'cognito-token', settings: { ...typed('username', 'msg', 'user'), ...account } },
  });

  it('gives them to who names the user and is set to read no secret', async () => {
    const flow = await SignInFlow.start(setup({}));
    const before = await flow.answer({ user: 'ada' });
    before.msg.error!.code!.should.equal('TokensMissing');
    const { payload } = await flow.signedIn({ payload: { username: 'ada', password } });
    const { AccessToken = '' } = payload as { AccessToken?: string };
    const { msg } = await flow.answer({ user: 'ada' });
    msg.headers!.should.eql({ Authorization: `Bearer ${AccessToken}` });
    const other = await flow.answer({ user: 'tom' });
    other.msg.error!.code!.should.equal('TokensMissing');
    pool.requests('InitiateAuth').should.have.length(1);
  });

  for (const [what, missing] of Object.entries({
    nothing: undefined,
    null: null,
    'an empty text': '',
  })) {
    it(`gives nothing to who has to bring a password and brings ${what}`, async () => {
      const flow = await SignInFlow.start(setup(typed('password', 'msg', 'secret')));
      await flow.signedIn({ payload: { username: 'ada', password } });
      const { by, msg } = await flow.answer({ user: 'ada', secret: missing });
      by.should.equal('Catch');
      msg.error!.code!.should.equal('InputMissing');
      msg.should.not.have.property('headers');
    });
  }

  it('gives nothing to who brings no more than empty extra parameters', async () => {
    const flow = await SignInFlow.start(setup(typed('extraParameters', 'msg', 'secret')));
    await flow.signedIn({ payload: { username: 'ada', password } });
    for (const secret of [{}, '{}', '', { PASSWORD: '' }, { other: 'x' }]) {
      const { by } = await flow.answer({ user: 'ada', secret });
      by.should.equal('Catch');
    }
  });
});
