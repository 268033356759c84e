import type { NodeContextData } from 'node-red';
import should from 'should';
import { SealedStore } from '../../../../nodes/lib/node-red/sealed-store';

/** A context that keeps its values where the test can look at them and spoil them. */
function memoryContext() {
  const values = new Map<string, unknown>();
  const stores: (string | undefined)[] = [];
  const context = {
    get(name: string, store: string | undefined, done: (error: unknown, value: unknown) => void) {
      stores.push(store);
      done(undefined, values.get(name));
    },
    set(name: string, value: unknown, store: string | undefined, done: (error: unknown) => void) {
      stores.push(store);
      if (value === undefined) values.delete(name);
      else values.set(name, value);
      done(undefined);
    },
  } as unknown as NodeContextData;
  return { values, stores, context };
}

describe('a sealed store', () => {
  const record = { DevicePassword: 'of-the-device' };

  it('gives back what was written', async () => {
    const { context } = memoryContext();
    const store = new SealedStore(context, undefined, 'some words', 'salt');
    await store.write('name', record);
    should(await store.read('name')).eql(record);
    // Another one with the same words, as after a restart.
    should(await new SealedStore(context, undefined, 'some words', 'salt').read('name')).eql(record);
  });

  it('shows nothing of it in the context', async () => {
    const { context, values } = memoryContext();
    const store = new SealedStore(context, undefined, 'some words', 'salt');
    await store.write('name', record);
    const first = String(values.get('name'));
    should(Buffer.from(first, 'base64url').toString('latin1')).not.match(/of-the-device|DevicePassword/);
    await store.write('name', record);
    should(values.get('name')).not.equal(first);
  });

  it('forgets what is overwritten with nothing', async () => {
    const { context, values } = memoryContext();
    const store = new SealedStore(context, undefined, 'some words', 'salt');
    await store.write('name', record);
    await store.write('name', undefined);
    should(values.size).equal(0);
    should(await store.read('name')).be.undefined();
  });

  it('takes what it can’t open for nothing: of other words, another name, changed, cut off, or not its own', async () => {
    const { context, values } = memoryContext();
    const store = new SealedStore(context, undefined, 'some words', 'salt');
    await store.write('name', record);
    const sealed = String(values.get('name'));
    should(await new SealedStore(context, undefined, 'other words', 'salt').read('name')).be.undefined();
    should(await new SealedStore(context, undefined, 'some words', 'other salt').read('name')).be.undefined();
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const [name, value] of Object.entries({ other: sealed, name: changed })) {
      values.set(name, value);
      should(await store.read(name)).be.undefined();
    }
    for (const value of [sealed.slice(0, 30), 'x', '', 7, null, { sealed }, [sealed]]) {
      values.set('name', value);
      should(await store.read('name')).be.undefined();
    }
  });

  it('uses the store of the author’s choice', async () => {
    const { context, stores } = memoryContext();
    const store = new SealedStore(context, 'file', 'some words', 'salt');
    await store.write('name', record);
    await store.read('name');
    should(stores).eql(['file', 'file']);
  });

  it('hands on the errors of the store', async () => {
    const failing = {
      get: (...args: unknown[]) => {
        (args.at(-1) as (error: Error) => void)(new Error('the disk is full'));
      },
      set: (...args: unknown[]) => {
        (args.at(-1) as (error: Error) => void)(new Error('the disk is full'));
      },
    } as unknown as NodeContextData;
    const store = new SealedStore(failing, undefined, 'some words', 'salt');
    await store.read('name').should.be.rejectedWith('the disk is full');
    await store.write('name', record).should.be.rejectedWith('the disk is full');
  });
});
