import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { samplePools } from '@cognito-flows/local-cognito';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploy } from './bench-node-red';
import { median, round, type Measurement } from './measurement';

const rounds = 7;
const count = 50;

/** The longest time that the event loop was held up while work was under way, in ms. */
async function longestStall(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  return longest;
}

/** How long 50 SRP sign-ins at once hold up everything else, against 50 bare SDK calls one after the other. */
export async function eventLoopStall(): Promise<Measurement[]> {
  const server = fork(path.join(__dirname, 'pool-server.js'));
  const [endpoint] = (await once(server, 'message')) as [string];
  const [pool] = samplePools();
  const clientId = 'practicegatewayclient';
  const client = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint });
  const AuthParameters = { USERNAME: 'ada', SRP_A: '2'.repeat(700) };
  const pacedCalls = async (): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      await client.send(new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters }));
    }
  };

  const ours: number[] = [];
  const bare: number[] = [];
  const flows = await deploy([
    { id: 'pool', type: 'cognito-user-pool', userPoolId: pool?.id, clientId, api: 'client-side', endpoint },
    { id: 'initiate', type: 'cognito-initiate-auth', userPool: 'pool' },
  ]);
  const user = { username: 'ada', password: 'Practice-1234' };
  const atOnce = () => Promise.all(Array.from({ length: count }, () => flows.pass('initiate', { payload: { ...user } })));
  await pacedCalls();
  await atOnce();
  for (let i = 0; i < rounds; i += 1) {
    bare.push(await longestStall(pacedCalls));
    await sleep(100);
    ours.push(await longestStall(atOnce));
    await sleep(100);
  }
  client.destroy();
  server.disconnect();

  return [
    {
      name: 'longest stall, 50 SRP sign-ins at once / 50 paced SDK calls',
      ratio: round(median(ours) / median(bare)),
      goal: 1.5,
      atLeast: false,
      details: { 'SRP sign-ins': `${round(median(ours))} ms`, 'SDK calls': `${round(median(bare))} ms` },
    },
  ];
}
