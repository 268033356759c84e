import { refuse } from '../exceptions';
import type { Pool } from '../pool';
import { newTotpSecret } from '../protocol/totp';
import type { Service } from '../service';
import type { Judge } from '../sign-in';
import type { User } from '../user';
import type { Input } from './input';
import { accessToken, session } from './members';
import type { Operation } from './operation';

const shape = { AccessToken: accessToken, Session: session };

/** Gives out a TOTP secret, to a signed-in user or inside MFA_SETUP. */
export const associateSoftwareToken: Operation = {
  signed: false,
  shape,
  run: (service, input) => {
    const { pool, user, goOn } = enrolment(service, input);
    if (!pool.enabledMfas.includes('SOFTWARE_TOKEN_MFA')) throw refuse('softwareTokenOff');
    user.pendingTotpSecret = newTotpSecret();
    return { SecretCode: user.pendingTotpSecret, ...goOn?.() };
  },
};

/** Confirms the secret with a first code, which counts as used. Inside MFA_SETUP it also turns TOTP on for the user. */
export const verifySoftwareToken: Operation = {
  signed: false,
  shape: {
    ...shape,
    UserCode: { type: 'text', required: true, min: 6, max: 6, pattern: /^[0-9]+$/, secret: true },
    FriendlyDeviceName: { type: 'text', max: 131_072 },
  },
  run: (service, input) => {
    const { user, goOn } = enrolment(service, input);
    const secret = user.pendingTotpSecret;
    if (secret === undefined) throw refuse('softwareTokenNotAssociated');
    const deviceName = input.optionalText('FriendlyDeviceName');
    const registered = user.registerTotp(secret, input.text('UserCode'), deviceName, service.clock.now());
    if (!registered) throw refuse('enrolmentCodeWrong');
    if (goOn) user.mfa = { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' };
    return { Status: 'SUCCESS', ...goOn?.(() => 'second factor') };
  },
};

interface Enrolment {
  readonly pool: Pool;
  readonly user: User;
  /** Inside MFA_SETUP: a new session in place of the one used, with the same judge unless another is given. */
  readonly goOn?: (judge?: Judge) => { Session: string };
}

/**
 * Who enrols, by access token or by the session of MFA_SETUP. One that AdminInitiateAuth gave is as good as
 * InitiateAuth's (developer guide, "TOTP software token MFA").
 */
function enrolment({ tokens, sessions }: Service, input: Input): Enrolment {
  const token = input.optionalText('AccessToken');
  if (token !== undefined) return tokens.authorize(token);
  const id = input.optionalText('Session');
  if (id === undefined) throw refuse('parameterMissing', { name: 'Session' });
  const { signIn, judge } = sessions.recall(id, 'MFA_SETUP');
  const goOn = (next = judge) => {
    sessions.spend(id);
    return { Session: sessions.start(signIn, 'MFA_SETUP', next) };
  };
  return { pool: signIn.pool, user: signIn.user, goOn };
}
