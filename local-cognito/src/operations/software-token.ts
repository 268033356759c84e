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
    const { pool, keep } = enrolment(service, input);
    if (!pool.enabledMfas.includes('SOFTWARE_TOKEN_MFA')) throw refuse('softwareTokenOff');
    const secret = newTotpSecret();
    return { SecretCode: secret, ...keep(secret) };
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
    const { user, pendingSecret, finish } = enrolment(service, input);
    if (pendingSecret === undefined) throw refuse('softwareTokenNotAssociated');
    const deviceName = input.optionalText('FriendlyDeviceName');
    const registered = user.registerTotp(pendingSecret, input.text('UserCode'), deviceName, service.clock.now());
    if (!registered) throw refuse('enrolmentCodeWrong');
    return { Status: 'SUCCESS', ...finish() };
  },
};

interface Enrolment {
  readonly pool: Pool;
  readonly user: User;
  /** The secret given out and not confirmed yet; base32. */
  readonly pendingSecret: string | undefined;
  /** Remembers a secret given out. @returns what to answer beside it */
  readonly keep: (secret: string) => { Session?: string };
  /** Ends the registration. @returns what to answer beside its success */
  readonly finish: () => { Session?: string };
}

/** Who enrols, by access token or by the session of MFA_SETUP. */
function enrolment(service: Service, input: Input): Enrolment {
  const token = input.optionalText('AccessToken');
  if (token !== undefined) return enrolmentByToken(service, token);
  const session = input.optionalText('Session');
  if (session === undefined) throw refuse('parameterMissing', { name: 'Session' });
  return enrolmentBySession(service, session);
}

function enrolmentByToken({ tokens }: Service, token: string): Enrolment {
  const { pool, user } = tokens.authorize(token);
  const keep = (secret: string) => {
    user.pendingTotpSecret = secret;
    return {};
  };
  return { pool, user, pendingSecret: user.pendingTotpSecret, keep, finish: () => ({}) };
}

/**
 * Each step gives a new session in place of the one used. One that AdminInitiateAuth gave is as good as InitiateAuth's
 * (developer guide, "TOTP software token MFA").
 */
function enrolmentBySession({ sessions }: Service, id: string): Enrolment {
  const { signIn, judge, pendingTotpSecret } = sessions.recall(id, 'MFA_SETUP');
  const { pool, user } = signIn;
  if (!user.enabled) throw refuse('userDisabled');
  // Assumption: of several sign-ins that meet MFA_SETUP the first to enrol wins; the message too.
  if (pool.mfaOf(user).length > 0) throw refuse('sessionBogus');
  const goOn = (next: Judge, secret?: string) => {
    sessions.spend(id);
    return { Session: sessions.start(signIn, 'MFA_SETUP', next, secret) };
  };
  const finish = () => {
    user.mfa = { enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' };
    return goOn(() => 'second factor');
  };
  return { pool, user, pendingSecret: pendingTotpSecret, keep: (secret) => goOn(judge, secret), finish };
}
