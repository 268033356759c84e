import should from 'should';
import { password } from '../../../support/pools';
import { SignInFlow, stopFlowAfterEach, TestPool } from '../../../support/sign-in-flow';

describe('a node’s status', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  /** The status that matches, as soon as it is shown. */
  async function status(flow: SignInFlow, accepts: (text: string) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const shown = flow.statuses.findLast(({ text }) => typeof text === 'string' && accepts(text));
      if (shown) return shown;
      await flow.nextStatus();
    }
  }

  it('counts what is under way, then tells that the last one signed in', async () => {
    pool.local.faults.inject({ delay: 100 });
    const flow = await SignInFlow.start(pool.serverSide());
    const ada = () => flow.signedIn({ payload: { username: 'ada', password } });
    const both = Promise.all([ada(), ada()]);
    should(await status(flow, (text) => text.includes('2'))).match({ fill: 'blue', shape: 'dot' });
    await both;
    should(await status(flow, (text) => text === 'signedIn')).match({ fill: 'green', shape: 'dot' });
  });

  it('names the challenge that was met, not who met it', async () => {
    const flow = await SignInFlow.start(pool.serverSide());
    await flow.challenged({ payload: { username: 'sam', password } }, 'SMS_MFA');
    should(await status(flow, (text) => text === 'SMS_MFA')).match({ fill: 'yellow', shape: 'ring' });
    should(JSON.stringify(flow.statuses)).not.containEql('"sam"');
  });

  it('names errors by their code', async () => {
    const flow = await SignInFlow.start(pool.serverSide());
    await flow.caught({ payload: { username: 'ada', password: 'Wrong-1' } }, 'NotAuthorizedException');
    should(await status(flow, (text) => text === 'NotAuthorizedException')).match({ fill: 'red', shape: 'ring' });
  });

  it('changes at most once a second, however many messages there are', async function () {
    this.timeout(10_000);
    const flow = await SignInFlow.start(pool.serverSide());
    const began = Date.now();
    let sent = 0;
    while (Date.now() - began < 1_200) {
      await flow.signedIn({ payload: { username: 'ada', password } });
      sent += 1;
    }
    should(sent).be.above(20);
    // At once, after one second, and once more if the last second has just begun.
    should(flow.statuses.length).be.within(2, 3);
  });

  it('is cleared when the node closes', async () => {
    const flow = await SignInFlow.start(pool.serverSide());
    await flow.signedIn({ payload: { username: 'ada', password } });
    await status(flow, (text) => text === 'signedIn');
    const { length } = flow.statuses;
    await flow.stopNode();
    while (flow.statuses.length === length) await flow.nextStatus();
    should(flow.statuses.at(-1)).not.have.property('text');
  });
});
