import 'should';
import { currentTotpCode } from '@cognito-flows/local-cognito';
import { password, poolId, testPools } from '../support/pools';
import { type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';

describe('cognito-token, with tokens that another node remembered', () => {
  const pool = new TestPool();
  const mfaPool = new TestPool(() => ({
    pools: testPools().map((each) => (each.id === poolId ? { ...each, mfaConfiguration: 'ON' } : each)),
  }));
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

  for (const [what, shared] of Object.entries({
    'an answer': { settings: typed('answer', 'cred'), credentials: { answer: 'shared' } },
    'extra parameters': { settings: typed('extraParameters', 'json', '{"TENANT":"shared"}') },
  })) {
    it(`gives nothing to who has to bring a password and brings none, though all share ${what}`, async () => {
      const { answer, ...others } = setup({ ...typed('password', 'msg', 'secret'), ...shared.settings });
      const flow = await SignInFlow.start({ ...others, answer: { ...answer, ...shared, settings: answer!.settings! } });
      await flow.signedIn({ payload: { username: 'ada', password } });
      const { msg } = await flow.answer({ user: 'ada' });
      msg.error!.code!.should.equal('InputMissing');
      msg.error!.cause!.should.containEql({ field: 'password' });
    });
  }

  it('goes on with them over refreshes', async () => {
    const flow = await SignInFlow.start(setup({}));
    await flow.signedIn({ payload: { username: 'ada', password } });
    const first = await flow.answer({ user: 'ada' });
    const second = await flow.answer({ ...first.msg, forceRefresh: true });
    second.by.should.equal('port 1');
    second.msg.headers!.should.not.eql(first.msg.headers);
    (await flow.answer({ user: 'ada' })).msg.headers!.should.eql(second.msg.headers);
    pool.requests('GetTokensFromRefreshToken').should.have.length(1);
    pool.requests('InitiateAuth').should.have.length(1);
  });

  it('remembers none where the sign-in is not set to', async () => {
    const flow = await SignInFlow.start({ ...setup({}), settings: {} });
    await flow.signedIn({ payload: { username: 'ada', password } });
    const { by, msg } = await flow.answer({ user: 'ada' });
    by.should.equal('Catch');
    msg.error!.code!.should.equal('TokensMissing');
  });

  it('gives those of a person who answered a challenge, by a node that remembers', async () => {
    const flow = await SignInFlow.start({
      ...setup({}),
      others: { respond: { type: 'cognito-respond-to-challenge', rememberTokens: true } },
    });
    const asked = await flow.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
    (await flow.answer({ user: 'sam' })).by.should.equal('Catch');
    const { msg } = await flow.sendTo('respond', { ...asked, payload: { code: pool.codeOf('sam') } });
    const { AccessToken = '' } = msg.payload as { AccessToken?: string };
    const got = await flow.answer({ user: 'sam' });
    got.msg.headers!.should.eql({ Authorization: `Bearer ${AccessToken}` });
  });

  it('gives those of a person who set up MFA inside the sign-in, by a node that remembers', async () => {
    const flow = await SignInFlow.start({
      ...setup({}),
      ...mfaPool.clientSide(),
      mfaSetup: { settings: { rememberTokens: true } },
    });
    const asked = await flow.challenged({ payload: { username: 'ada', password } }, 'MFA_SETUP');
    const qr = await flow.setUpMfa({ ...asked, payload: {} });
    qr.by.should.equal('port 3');
    const { SecretCode } = qr.msg.payload as { SecretCode: string };
    const done = await flow.setUpMfa({ ...qr.msg, payload: { code: currentTotpCode(SecretCode) } });
    done.by.should.equal('port 1');
    (await flow.answer({ user: 'ada' })).by.should.equal('port 1');
  });

  it('gives nothing to who brings no more than empty extra parameters', async () => {
    const flow = await SignInFlow.start(setup(typed('extraParameters', 'msg', 'secret')));
    await flow.signedIn({ payload: { username: 'ada', password } });
    for (const secret of [{}, '{}', '', { PASSWORD: '' }, { other: 'x' }]) {
      const { by } = await flow.answer({ user: 'ada', secret });
      by.should.equal('Catch');
    }
  });
});
