import { LocalCognito } from '@cognito-flows/local-cognito';
import 'should';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';
import { poolId, publicClient, testPools } from '../../../support/pools';
import { freePort } from '../../../support/servers';

describe('the clock of a user pool', () => {
  const hour = 60 * 60_000;
  const poolAt = (endpoint: string): UserPool =>
    new UserPool({
      userPoolId: poolId,
      clientId: publicClient,
      api: 'client-side',
      credentials: { source: 'default' },
      endpoint,
      timeout: 5_000,
    });

  const local = new LocalCognito({ pools: testPools() });
  before(() => local.listen(0));
  after(() => local.close());

  it('is Cognito’s before the first call, where that is asked for', async () => {
    // Clocks are known by endpoint; no other test writes it like this, also where it had the same port.
    const pool = poolAt(local.endpoint.replace('http:', 'HTTP:'));
    local.clock.advance(5 * hour);
    await pool.learnTime(5_000);
    pool.now().should.be.approximately(local.clock.now(), 2_000);
    local.requests.should.eql([]);
  });

  it('is this machine’s where Cognito can’t be reached', async () => {
    const pool = poolAt(`HTTP://127.0.0.1:${await freePort()}`);
    await pool.learnTime(5_000);
    pool.now().should.be.approximately(Date.now(), 1_000);
  });
});
