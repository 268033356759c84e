import { checkPassword } from '../challenges/admin-no-srp-auth';
import { type AuthResponse, proceed } from '../proceed';
import type { Service } from '../service';
import type { StartRequest } from './flow';
import { signInOf, withUserId } from './sign-in';

/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself is sent. */
export async function startWithPassword(service: Service, request: StartRequest): Promise<AuthResponse> {
  const signIn = signInOf(request);
  const { api, user } = signIn;
  // RespondToAuthChallenge can't answer it (API reference).
  const progress =
    user.adminNoSrpAuth && api === 'admin'
      ? ({ ask: 'ADMIN_NO_SRP_AUTH' } as const)
      : checkPassword(service, signIn, request.parameters);
  return withUserId(await proceed(service, signIn, progress), user);
}
