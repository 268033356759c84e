import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import should from 'should';
import { issuersOf } from '../../../../nodes/lib/cognito/issuers';

const regions = [
  'us-east-1',
  'eu-west-1',
  'il-central-1',
  'us-gov-west-1',
  'cn-north-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
];

describe('the issuers of a user pool', () => {
  for (const region of regions) {
    it(`are where the SDK sends its calls, in ${region}`, () => {
      const userPoolId = `${region}_AbCdEfGhI`;
      const client = new CognitoIdentityProviderClient({ region });
      const { url } = client.config.endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false });
      client.destroy();
      const [original, updated, ...others] = issuersOf({ userPoolId, endpoint: undefined });
      should(original).deepEqual({
        issuer: `https://${url.hostname}/${userPoolId}`,
        keysUrl: `https://${url.hostname}/${userPoolId}/.well-known/jwks.json`,
      });
      should(updated!.issuer).equal(`https://issuer-${url.hostname}/${userPoolId}`);
      should(others).be.empty();
    });
  }

  it('are AWS’s also for an endpoint of AWS’s', () => {
    const userPoolId = 'eu-west-1_AbCdEfGhI';
    const endpoint = 'https://vpce-1-2.cognito-idp.eu-west-1.vpce.amazonaws.com';
    should(issuersOf({ userPoolId, endpoint })).deepEqual(issuersOf({ userPoolId, endpoint: undefined }));
  });

  it('are those of a server in AWS’s place by any name of this machine, with its keys', () => {
    const found = issuersOf({ userPoolId: 'eu-west-1_A', endpoint: 'http://localhost:9339/' });
    const names = ['http://127.0.0.1:9339', 'http://localhost:9339', 'http://[::1]:9339'];
    should(found.map(({ issuer }) => issuer)).deepEqual([
      ...names.map((name) => `${name}/eu-west-1_A`),
      'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
    ]);
    for (const { keysUrl } of found) should(keysUrl).equal('http://localhost:9339/eu-west-1_A/.well-known/jwks.json');
  });
});
