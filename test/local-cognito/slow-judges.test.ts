import { Clock } from '@cognito-flows/local-cognito/dist/clock';
import { Pool } from '@cognito-flows/local-cognito/dist/pool';
import { Sessions } from '@cognito-flows/local-cognito/dist/sessions';
import { samplePools } from '@cognito-flows/local-cognito';
import should from 'should';
import { refused } from './support';

describe('a session whose answer takes time to judge', () => {
  const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const;

  const start = () => {
    const pool = new Pool(samplePools()[0]!, 0);
    const sessions = new Sessions(new Clock());
    const signIn = { api: 'client', pool, client: pool.config.clients[0]!, user: pool.users[0]! } as const;
    return { sessions, id: sessions.start(signIn, 'SMS_MFA', () => 'second factor') };
  };
  const judged = async (accepts: boolean) => {
    await new Promise(setImmediate);
    if (!accepts) throw new Error('refused');
    return 'accepted';
  };

  it('is won by one of two right answers at once', async () => {
    const { sessions, id } = start();
    const first = sessions.use(id, () => judged(true));
    await refused(
      sessions.use(id, () => judged(true)),
      ...USED,
    );
    should(await first).equal('accepted');
    should(() => sessions.recall(id, 'SMS_MFA')).throw(USED[1]);
  });

  it('can be used again once an answer was refused', async () => {
    const { sessions, id } = start();
    await refused(
      sessions.use(id, () => judged(false)),
      'Error',
      'refused',
    );
    should(await sessions.use(id, () => judged(true))).equal('accepted');
  });

  it('counts as used while it is judged', async () => {
    const { sessions, id } = start();
    const judging = sessions.use(id, () => judged(false));
    should(() => sessions.recall(id, 'SMS_MFA')).throw(USED[1]);
    await judging.catch(() => undefined);
    should(sessions.recall(id, 'SMS_MFA')).have.property('challenge', 'SMS_MFA');
  });
});
