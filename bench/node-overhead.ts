import { AdminInitiateAuthCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { median, milliseconds, round, type Measurement } from './measurement';
import { deploy } from './bench-node-red';

const rounds = 15;
const signInsPerRound = 400;
const atOnce = 20;

/** Does a number of sign-ins, so many at once; answers how many ms it took. */
function load(signIn: () => Promise<unknown>): Promise<number> {
  let left = signInsPerRound;
  async function worker(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await signIn();
    }
  }
  return milliseconds(() => Promise.all(Array.from({ length: atOnce }, worker)));
}

/** Sign-ins through the node against the same SDK calls without Node-RED; the server answers the same to both. */
export async function nodeOverhead(): Promise<Measurement[]> {
  const server = fork(path.join(__dirname, 'canned-server.js'));
  const [port] = (await once(server, 'message')) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { accessKeyId: 'BENCH', secretAccessKey: 'bench' };
  const ids = { userPoolId: 'eu-west-1_Bench1234', clientId: 'bench' };
  const user = { username: 'bench', password: 'Bench-1234' };

  const client = new CognitoIdentityProviderClient({ region: 'eu-west-1', endpoint, credentials: keys });
  const bareCall = () =>
    client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: ids.userPoolId,
        ClientId: ids.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: user.username, PASSWORD: user.password },
      }),
    );

  const node: number[] = [];
  const bare: number[] = [];
  const flows = await deploy([
    { id: 'pool', type: 'cognito-user-pool', ...ids, endpoint, credentialsSource: 'keys', credentials: keys },
    { id: 'initiate', type: 'cognito-initiate-auth', userPool: 'pool' },
  ]);
  const throughNode = () => flows.pass('initiate', { payload: { ...user } });
  await load(bareCall);
  await load(throughNode);
  for (let i = 0; i < rounds; i += 1) {
    // Taking turns at going first: the garbage of one is often collected in the time of the next.
    if (i % 2 === 0) bare.push(await load(bareCall));
    node.push(await load(throughNode));
    if (i % 2 === 1) bare.push(await load(bareCall));
  }
  client.destroy();
  server.disconnect();

  const each = (times: readonly number[]): number => (median(times) / signInsPerRound) * 1000;
  const ratios = node.map((time, i) => (bare[i] ?? Number.NaN) / time);
  return [
    {
      name: 'sign-ins per second through the node / bare SDK calls',
      ratio: round(median(ratios)),
      goal: 0.95,
      atLeast: true,
      details: {
        'SDK call': `${round(each(bare))} µs`,
        'through the node': `${round(each(node))} µs`,
        added: `${round(each(node) - each(bare))} µs`,
      },
    },
  ];
}
