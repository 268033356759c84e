import {
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import should from 'should';

const POOL = 'us-east-1_Practice1';

describe('lists of user pools and app clients', () => {
  const limited = { accessKeyId: 'AKIAMAYDESCRIBENOTHING', secretAccessKey: 'right' };
  const local = new LocalCognito({ iamUsers: [practiceCredentials, { ...limited, denied: ['DescribeUserPool'] }] });
  let sdk: CognitoIdentityProviderClient;
  const connect = (region: string, credentials = { ...practiceCredentials }) =>
    new CognitoIdentityProviderClient({ region, endpoint: local.endpoint, credentials, maxAttempts: 1 });

  before(async () => {
    await local.listen(0);
    sdk = connect('us-east-1');
  });
  after(async () => {
    sdk.destroy();
    await local.close();
  });

  it('are given page by page', async () => {
    const first = await sdk.send(new ListUserPoolClientsCommand({ UserPoolId: POOL, MaxResults: 2 }));
    should(first.UserPoolClients).have.length(2);
    const { NextToken } = first;
    const second = await sdk.send(new ListUserPoolClientsCommand({ UserPoolId: POOL, MaxResults: 2, NextToken }));
    should(second.UserPoolClients).deepEqual([
      { ClientId: 'practicerotationclient', UserPoolId: POOL, ClientName: 'Practice rotation client' },
    ]);
    should(second.NextToken).be.undefined();
  });

  it('have the pools of the region that the request is signed for', async () => {
    const { UserPools } = await sdk.send(new ListUserPoolsCommand({ MaxResults: 60 }));
    should(UserPools).deepEqual([{ Id: POOL, Name: 'Practice1' }, { Id: 'us-east-1_Practice2', Name: 'Practice2' }]);
    const far = connect('eu-west-1');
    should((await far.send(new ListUserPoolsCommand({ MaxResults: 1 }))).UserPools).deepEqual([]);
    far.destroy();
  });

  it('have 1 to 60 entries a page, and take no token but their own', async () => {
    const refused = { name: 'InvalidParameterException' };
    for (const MaxResults of [0, 61, undefined]) {
      await should(sdk.send(new ListUserPoolsCommand({ MaxResults }))).be.rejectedWith(refused);
    }
    await should(sdk.send(new ListUserPoolsCommand({ MaxResults: 1, NextToken: 'made-up' }))).be.rejectedWith(refused);
  });

  it('are no business of keys that may not, whatever the pool', async () => {
    const weak = connect('us-east-1', limited);
    for (const UserPoolId of [POOL, 'us-east-1_Nowhere']) {
      await should(weak.send(new DescribeUserPoolCommand({ UserPoolId }))).be.rejectedWith({
        name: 'AccessDeniedException',
        message: /not authorized to perform: cognito-idp:DescribeUserPool on resource: arn:aws:cognito-idp:us-east-1:/,
      });
    }
    should((await weak.send(new GetUserPoolMfaConfigCommand({ UserPoolId: POOL }))).MfaConfiguration).equal('OPTIONAL');
    weak.destroy();
  });
});
