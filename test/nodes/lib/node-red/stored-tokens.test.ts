import type { NodeContextData } from 'node-red';
import should from 'should';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';
import { SealedStore } from '../../../../nodes/lib/node-red/sealed-store';
import { forgetEverywhere, StoredTokens } from '../../../../nodes/lib/node-red/stored-tokens';

describe('the tokens in a store', () => {
  const pool = new UserPool({
    userPoolId: 'eu-west-1_Stored1',
    clientId: 'client',
    api: 'client-side',
    credentials: { source: 'default' },
    timeout: 1000,
  });

  /** A store of which several processes have one view each, and which answers a turn later. */
  function sharedStore(): () => SealedStore {
    const values = new Map<string, unknown>();
    const context = {
      get: (name: string, _store: unknown, done: (error: undefined, value: unknown) => void) => {
        const value = values.get(name);
        setImmediate(() => {
          done(undefined, value);
        });
      },
      set: (name: string, value: unknown, _store: unknown, done: () => void) => {
        values.set(name, value);
        setImmediate(done);
      },
    } as unknown as NodeContextData;
    return () => new SealedStore(context, undefined, 'one key', 'salt');
  }

  const signedOutAt = async (store: SealedStore, name: string): Promise<number | undefined> =>
    (await new StoredTokens(store, pool, { username: name }).read([name])).signedOutAt;

  it('keep every sign-out of many at once', async () => {
    const store = sharedStore();
    const users = Array.from({ length: 20 }, (_, index) => `user ${index}`);
    await Promise.all(users.map((name) => forgetEverywhere(pool, store(), [name])));
    for (const name of users) should(await signedOutAt(store(), name)).be.a.Number();
    should(await signedOutAt(store(), 'another')).be.undefined();
  });

  it('know a user by each name, whatever its case', async () => {
    const store = sharedStore()();
    await forgetEverywhere(pool, store, ['Ada', 'ada@example.com']);
    should(await signedOutAt(store, 'ADA')).be.a.Number();
    should(await signedOutAt(store, 'ADA@EXAMPLE.COM')).be.a.Number();
  });
});
