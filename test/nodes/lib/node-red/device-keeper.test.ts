import type { NodeAPI, NodeContextData } from 'node-red';
import should from 'should';
import { CognitoAuthError } from '../../../../nodes/lib/cognito/errors';
import type { Outcome } from '../../../../nodes/lib/cognito/outcome';
import { UserPool } from '../../../../nodes/lib/cognito/user-pool';
import { DeviceKeeper } from '../../../../nodes/lib/node-red/device-keeper';
import { SealedStore } from '../../../../nodes/lib/node-red/sealed-store';

const device = { DeviceKey: 'eu-west-1_key', DeviceGroupKey: '-group', DevicePassword: 'secret of the device' };
const state = { version: 1, userPoolId: 'p', clientId: 'c', api: 'client-side', authFlow: 'f', issuedAt: 0 } as const;

describe('what keeps a device, when its context store fails', () => {
  const fail = (...args: unknown[]): void => {
    (args.at(-1) as (error: Error) => void)(new Error('the disk is gone'));
  };
  const context = { get: fail, set: fail } as unknown as NodeContextData;
  const RED = { settings: { available: () => false } } as unknown as NodeAPI;
  const pool = new UserPool({
    userPoolId: 'eu-west-1_Pool',
    clientId: 'client',
    api: 'client-side',
    credentials: { source: 'default' },
    timeout: 1000,
  });
  const keeper = new DeviceKeeper(RED, new SealedStore(context, undefined, 'words', 'salt'), pool, 'tom');

  it('lets the sign-in go on without a device, with a warning', async () => {
    const outcome = await keeper.signIn({}, (given): Promise<Outcome> => {
      should(given).eql({ rememberDevice: true });
      return Promise.resolve({ signedIn: { AccessToken: 'token' }, state });
    });
    should(outcome.signedIn).eql({ AccessToken: 'token' });
    should(outcome.warning).match({ code: 'ContextStoreError', message: 'the disk is gone' });
  });

  it('lets a new device go that can’t be written, and keeps it off the message', async () => {
    const outcome = await keeper.signIn({}, () => Promise.resolve<Outcome>({ device, state }));
    should(outcome.device).be.undefined();
    should(outcome.warning).have.property('code', 'ContextStoreError');
  });

  it('reports Cognito’s refusal of a device, not the store’s', async () => {
    const refusal = new CognitoAuthError('NotAuthorizedException', { message: 'No.', deviceRefused: true });
    await keeper.signIn({}, () => Promise.reject(refusal)).should.be.rejectedWith('No.');
  });
});
