import { withProof } from '../acr-levels';
import { challengeNames } from '../challenges/names';
import { answerBySession } from '../challenges/challenge';
import { challenges } from '../challenges/table';
import { continueCustomAuth } from '../custom-auth';
import { type AuthResponse, proceed } from '../proceed';
import { checkSecretHash } from '../protocol/secret-hash';
import type { Service } from '../service';
import type { Api } from '../sign-in';
import type { Input } from './input';
import { adminContext, challengeName, clientContext, clientId, session as sessionMember, userPoolId } from './members';
import type { Operation } from './operation';

const shape = {
  ChallengeName: challengeName,
  ChallengeResponses: { type: 'map' },
  ClientId: clientId,
  Session: sessionMember,
} as const;

export const respondToAuthChallenge: Operation = {
  signed: false,
  shape: { ...shape, ...clientContext },
  run: (service, input) => respond(service, 'client', input),
};

export const adminRespondToAuthChallenge: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId, ...shape, ...adminContext },
  run: (service, input) => respond(service, 'admin', input),
};

async function respond(service: Service, api: Api, input: Input): Promise<AuthResponse> {
  const id = input.text('ClientId');
  const pool = api === 'admin' ? service.pools.get(input.text('UserPoolId')) : service.pools.ofClient(id);
  const client = pool.client(id);
  const name = input.choice('ChallengeName', challengeNames);
  const challenge = challenges[name];
  const responses = input.parameters('ChallengeResponses');
  const username = responses.need('USERNAME');
  for (const needed of challenge.needs) responses.need(needed);
  checkSecretHash(client, username, responses.get('SECRET_HASH'));
  const session = input.optionalText('Session');
  const clientMetadata = input.optionalTexts('ClientMetadata');
  const request = { api, pool, client, name, username, responses, session, clientMetadata };
  const { signIn, progress } = await (challenge.answer ?? answerBySession)(service, request);
  return signIn.custom
    ? continueCustomAuth(service, signIn, signIn.custom, { name, progress, clientMetadata })
    : proceed(service, withProof(signIn, name, progress), progress);
}
