import { AdminInitiateAuthCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { deploy } from './bench-node-red';
import { ServerProcess } from './server-process';

const keys = { accessKeyId: 'BENCH', secretAccessKey: 'bench' };
const ids = { userPoolId: 'eu-west-1_Bench1234', clientId: 'bench' };
const user = { username: 'bench', password: 'Bench-1234' };

/** The same sign-in without SRP, through the node and by the SDK alone; the server answers the same to both. */
export async function cannedFlow() {
  const server = await ServerProcess.start('canned-server');
  const { endpoint } = server;
  const client = new CognitoIdentityProviderClient({ region: 'eu-west-1', endpoint, credentials: keys });
  const flows = await deploy([
    // A machine that has much else to do is slow, which is no failure.
    { id: 'pool', type: 'cognito-user-pool', ...ids, endpoint, timeout: 120, credentialsSource: 'keys', credentials: keys },
    { id: 'initiate', type: 'cognito-initiate-auth', userPool: 'pool' },
  ]);
  return {
    server,
    throughNode: () => flows.pass('initiate', { payload: { ...user } }),
    bareCall: () =>
      client.send(
        new AdminInitiateAuthCommand({
          UserPoolId: ids.userPoolId,
          ClientId: ids.clientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: user.username, PASSWORD: user.password },
        }),
      ),
    stop: () => {
      client.destroy();
      server.stop();
    },
  };
}
