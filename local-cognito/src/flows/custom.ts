import { defineNext, refuseUnfit } from '../custom-auth';
import { refuse } from '../exceptions';
import type { AuthResponse } from '../proceed';
import { readSrpA } from '../protocol/srp';
import type { Service } from '../service';
import type { CustomAuth, SignIn } from '../sign-in';
import { hidesUsers } from '../user-existence';
import type { StartRequest } from './flow';
import { signInOf } from './sign-in';

/**
 * CUSTOM_AUTH: the pool's triggers decide. It starts plainly, or with SRP where CHALLENGE_NAME is SRP_A, which the API
 * reference alone writes ChallengeName (developer guide, "Define Auth challenge Lambda trigger").
 */
export async function startCustomAuth(service: Service, request: StartRequest): Promise<AuthResponse> {
  const { parameters, pool } = request;
  // Assumption: judged before the user, so that it tells nothing about users.
  if (!pool.triggers.defineAuthChallenge) throw refuse('customAuthNotConfigured');
  const signIn = signInOf(request);
  const first = parameters.get('CHALLENGE_NAME') ?? parameters.get('ChallengeName') ?? 'CUSTOM_CHALLENGE';
  if (first === 'CUSTOM_CHALLENGE') {
    // Assumption: who must not learn of users learns of these only once the triggers grant tokens.
    if (!hidesUsers(signIn.client)) refuseUnfit(signIn);
    return begin(service, signIn, { history: [], A: undefined });
  }
  if (first !== 'SRP_A') throw refuse('challengeNameUnknown');
  const A = readSrpA(parameters.need('SRP_A'));
  if (A === undefined) throw refuse('srpAInvalid');
  const given = { challengeName: 'SRP_A', challengeResult: true, challengeMetadata: null } as const;
  return begin(service, signIn, { history: [given], A });
}

function begin(service: Service, signIn: SignIn, custom: CustomAuth): Promise<AuthResponse> {
  return defineNext(service, { ...signIn, custom }, custom);
}
