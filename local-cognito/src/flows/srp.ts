import { refuse } from '../exceptions';
import type { AuthResponse } from '../proceed';
import { readSrpA } from '../protocol/srp';
import type { Service } from '../service';
import type { StartRequest } from './flow';
import { signInOf } from './sign-in';

/** USER_SRP_AUTH: the password is proven and never sent. The answer carries no Session. */
export function startWithSrp(service: Service, request: StartRequest): AuthResponse {
  const signIn = signInOf(request);
  const A = readSrpA(request.parameters.need('SRP_A'));
  if (A === undefined) throw refuse('srpAInvalid');
  return { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: service.srpStarts.start(signIn, A) };
}
