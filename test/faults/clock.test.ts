import should from 'should';
import { adviceFor } from '../../nodes/lib/cognito/error-advice';
import { CognitoAuthError } from '../../nodes/lib/cognito/errors';
import { password } from '../support/pools';
import { SignInFlow, stopFlowAfterEach, TestPool } from '../support/sign-in-flow';

const day = 24 * 60 * 60_000;

describe('a machine whose clock is far off, with calls that are signed,', () => {
  const pool = new TestPool();
  const saved = process.env.AWS_MAX_ATTEMPTS;
  stopFlowAfterEach();
  afterEach(() => {
    if (saved === undefined) Reflect.deleteProperty(process.env, 'AWS_MAX_ATTEMPTS');
    else process.env.AWS_MAX_ATTEMPTS = saved;
  });

  const ada = () => ({ payload: { username: 'ada', password } });

  for (const [side, offset] of [
    ['behind by ten years', 3_650 * day],
    ['ahead by ten years', -3_650 * day],
    ['behind by six minutes', 6 * 60_000],
  ] as const) {
    it(`${side}: signs anew by Cognito's time, and signs in`, async () => {
      pool.local.clock.advance(offset);
      const flow = await SignInFlow.start(pool.serverSide());
      await flow.signedIn(ada());
    });

    it(`${side}: where one attempt is all, tells of the clock once, and signs the next call by Cognito's`, async () => {
      process.env.AWS_MAX_ATTEMPTS = '1';
      pool.local.clock.advance(offset);
      const flow = await SignInFlow.start(pool.serverSide());
      const { error } = await flow.caught(ada(), 'InvalidSignatureException');
      const clockOffset = Number(error.cause?.clockOffset);
      should(Math.abs(clockOffset - offset)).be.below(5_000);
      const told = new CognitoAuthError('InvalidSignatureException', { message: error.message, clockOffset });
      should(adviceFor(told)).deepEqual(['wrongClock', 'InvalidSignatureException']);
      await flow.signedIn(ada());
    });
  }
});
