import should from 'should';
import { password } from '../support/pools';
import { type Message, SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';

const refused = { by: 'Catch', msg: { error: { code: 'NotAuthorizedException' } } };
const signedIn = { by: 'port 1', msg: { payload: { AccessToken: /^ey/ } } };

describe('an answer out of turn', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const start = () => SignInFlow.start({ ...pool.serverSide(), answer: {} });
  const meet = (flow: SignInFlow, username: string, name: string) =>
    flow.challenged({ payload: { username, password } }, name);
  const give = (flow: SignInFlow, payload: object, { cognito }: Message, change: object = {}) =>
    flow.answer({ payload: { ...payload }, cognito: { ...structuredClone(cognito as object), ...change } });

  it('to a challenge that was passed is refused; the open one can still be answered', async () => {
    const flow = await start();
    const choice = await meet(flow, 'lin', 'SELECT_MFA_TYPE');
    const { msg } = await give(flow, { choice: 'SMS_MFA' }, choice);
    should(await give(flow, { choice: 'EMAIL_OTP' }, choice)).match(refused);
    should(await give(flow, { code: pool.codeOf('lin') }, msg)).match(signedIn);
  });

  it('to another challenge than the open one is refused; the open one can still be answered', async () => {
    const flow = await start();
    const sms = await meet(flow, 'sam', 'SMS_MFA');
    const code = pool.codeOf('sam');
    should(await give(flow, { code }, sms, { challengeName: 'EMAIL_OTP' })).match(refused);
    should(await give(flow, { newPassword: 'New-Password-1' }, sms, { challengeName: 'NEW_PASSWORD_REQUIRED' })).match(
      refused,
    );
    should(await give(flow, { code }, sms)).match(signedIn);
  });

  it('with the session of another user’s sign-in is refused', async () => {
    const flow = await start();
    const sam = await meet(flow, 'sam', 'SMS_MFA');
    const lin = await meet(flow, 'lin', 'SELECT_MFA_TYPE');
    const { session } = sam.cognito as { session: string };
    should(await give(flow, { choice: 'SMS_MFA' }, lin, { session })).match(refused);
    should(await give(flow, { code: pool.codeOf('sam') }, sam, { username: 'lin' })).match(refused);
    should(await give(flow, { code: pool.codeOf('sam') }, sam)).match(signedIn);
  });

  it('with the code of another sign-in by the same user is refused; each has its own', async () => {
    const flow = await start();
    const one = await meet(flow, 'sam', 'SMS_MFA');
    const code = pool.codeOf('sam');
    let two = await meet(flow, 'sam', 'SMS_MFA');
    while (pool.codeOf('sam') === code) two = await meet(flow, 'sam', 'SMS_MFA'); // the same by chance
    should(await give(flow, { code }, two)).match({ by: 'Catch', msg: { error: { code: 'CodeMismatchException' } } });
    should(await give(flow, { code: pool.codeOf('sam') }, two)).match(signedIn);
    should(await give(flow, { code }, one)).match(signedIn);
  });

  it('is taken once, however often it comes at the same time', async () => {
    const flow = await start();
    const sms = await meet(flow, 'sam', 'SMS_MFA');
    const code = pool.codeOf('sam');
    const arrivals = await Promise.all([1, 2, 3].map(() => give(flow, { code }, sms)));
    should(arrivals.map(({ by }) => by).sort()).deepEqual(['Catch', 'Catch', 'port 1']);
  });
});
