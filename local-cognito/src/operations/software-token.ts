import { refuse } from '../exceptions';
import type { Pool } from '../pool';
import { newTotpSecret } from '../protocol/totp';
import type { Service } from '../service';
import { accessToken, session } from './members';
import type { Input } from './input';
import type { Operation } from './operation';

const shape = { AccessToken: accessToken, Session: session };

/** Gives out a TOTP secret, to a signed-in user or inside MFA_SETUP. */
export const associateSoftwareToken: Operation = {
  signed: false,
  shape,
  run: (service, input) => {
    const secret = newTotpSecret();
    const token = input.optionalText('AccessToken');
    if (token !== undefined) {
      const { pool, user } = service.tokens.authorize(token);
      refuseUnlessOffered(pool);
      user.pendingTotpSecret = secret;
      return { SecretCode: secret };
    }
    const { id, signIn } = setupSession(service, input);
    refuseUnlessOffered(signIn.pool);
    service.sessions.spend(id);
    return { SecretCode: secret, Session: service.sessions.start(signIn, 'MFA_SETUP', { totpSecret: secret }) };
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
    const token = input.optionalText('AccessToken');
    const now = service.clock.now();
    const code = input.text('UserCode');
    const deviceName = input.optionalText('FriendlyDeviceName');
    if (token !== undefined) {
      const { user } = service.tokens.authorize(token);
      if (user.pendingTotpSecret === undefined) throw refuse('softwareTokenNotAssociated');
      if (!user.registerTotp(user.pendingTotpSecret, code, deviceName, now)) throw refuse('enrolmentCodeWrong');
      return { Status: 'SUCCESS' };
    }
    const { id, signIn, memory } = setupSession(service, input);
    if (memory.totpSecret === undefined) throw refuse('softwareTokenNotAssociated');
    if (!signIn.user.registerTotp(memory.totpSecret, code, deviceName, now)) throw refuse('enrolmentCodeWrong');
    signIn.user.mfa = { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' };
    service.sessions.spend(id);
    return { Status: 'SUCCESS', Session: service.sessions.start(signIn, 'MFA_SETUP', { totpVerified: true }) };
  },
};

/** The session of MFA_SETUP. One that AdminInitiateAuth gave is as good as InitiateAuth's (developer guide, "TOTP software token MFA"). */
function setupSession(service: Service, input: Input) {
  const id = input.optionalText('Session');
  if (id === undefined) throw refuse('parameterMissing', { name: 'Session' });
  return { id, ...service.sessions.recall(id, 'MFA_SETUP') };
}

function refuseUnlessOffered(pool: Pool): void {
  if (!pool.enabledMfas.includes('SOFTWARE_TOKEN_MFA')) throw refuse('softwareTokenOff');
}
