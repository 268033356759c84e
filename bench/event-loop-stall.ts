import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { samplePools } from '@cognito-flows/local-cognito';
// The widely used client is deprecated, and what many compare with.
/* eslint-disable @typescript-eslint/no-deprecated */
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { createSrpSession, signSrpSession } from 'cognito-srp-helper';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploy } from './bench-node-red';
import type { Figures } from './figures';
import { median, repeat, round } from './measurement';
import { ServerProcess } from './server-process';

const rounds = 21;
const count = 50;

const [pool] = samplePools();
const userPoolId = pool?.id ?? '';
const clientId = 'practicegatewayclient';
const user = { username: 'ada', password: 'Practice-1234' };

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

function identityJsSignIn(endpoint: string): Promise<unknown> {
  const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint });
  const details = new AuthenticationDetails({ Username: user.username, Password: user.password });
  return new Promise((onSuccess, onFailure) => {
    new CognitoUser({ Username: user.username, Pool }).authenticateUser(details, { onSuccess, onFailure });
  });
}

async function srpHelperSignIn(client: CognitoIdentityProviderClient): Promise<unknown> {
  const session = createSrpSession(user.username, user.password, userPoolId, false);
  const { ChallengeName = '', ChallengeParameters = {} } = await startSrp(client, session.largeA);
  const signed = signSrpSession(session, { ChallengeName, ChallengeParameters });
  return client.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: {
        USERNAME: user.username,
        PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
        PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
        TIMESTAMP: signed.timestamp,
      },
    }),
  );
}

function startSrp(client: CognitoIdentityProviderClient, srpA: string) {
  const AuthParameters = { USERNAME: user.username, SRP_A: srpA };
  return client.send(new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters }));
}

/** How long 50 SRP sign-ins at once hold up everything else, against 50 bare SDK calls one after the other. */
export async function eventLoopStall(): Promise<Figures['stall']> {
  const server = await ServerProcess.start('pool-server');
  const { endpoint } = server;
  const client = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint });
  const flows = await deploy([
    { id: 'pool', type: 'cognito-user-pool', userPoolId, clientId, api: 'client-side', endpoint, timeout: 120 },
    { id: 'initiate', type: 'cognito-initiate-auth', userPool: 'pool' },
  ]);
  const pacedCalls = () => repeat(count, 1, () => startSrp(client, '2'.repeat(700)));
  const atOnce = () => repeat(count, count, () => flows.pass('initiate', { payload: { ...user } }));

  const ours: number[] = [];
  const bare: number[] = [];
  await pacedCalls();
  await atOnce();
  for (let i = 0; i < rounds; i += 1) {
    bare.push(await longestStall(pacedCalls));
    await sleep(100);
    ours.push(await longestStall(atOnce));
    await sleep(100);
  }
  // Each of these takes the better part of a minute: once is enough.
  const identityJs = await longestStall(() => repeat(count, count, () => identityJsSignIn(endpoint)));
  // It holds up the process for longer than a server keeps a connection that is not used.
  const requestHandler = { httpAgent: { keepAlive: false } };
  const unkept = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint, requestHandler });
  const srpHelper = await longestStall(() => repeat(count, count, () => srpHelperSignIn(unkept)));
  unkept.destroy();
  client.destroy();
  server.stop();

  return {
    oursMs: round(median(ours)),
    bareSdkMs: round(median(bare)),
    amazonCognitoIdentityJsMs: round(identityJs),
    cognitoSrpHelperMs: round(srpHelper),
  };
}
