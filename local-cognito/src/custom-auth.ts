import { createCustomChallenge } from './challenges/custom-challenge';
import type { ChallengeName, MfaType } from './challenges/names';
import { refuse } from './exceptions';
import { type AuthResponse, complete, nextChallenge, pose, posed } from './proceed';
import { commonEvent, commonRequest, runTrigger } from './run-trigger';
import type { Service } from './service';
import type { CustomAuth, Progress, SignIn } from './sign-in';
import type { ChallengeResult } from './triggers';

type Texts = Readonly<Record<string, string>>;

/** An answer that has been accepted, if only as the wrong answer to a custom challenge. */
interface Step {
  readonly name: ChallengeName;
  readonly progress: Progress;
  readonly clientMetadata: Texts | undefined;
}

/** The challenges that defineAuthChallenge is told of (developer guide, "Define Auth challenge request parameters"). */
const told: readonly ChallengeName[] = [
  'CUSTOM_CHALLENGE',
  'PASSWORD_VERIFIER',
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
  'NEW_PASSWORD_REQUIRED',
  'ADMIN_NO_SRP_AUTH',
];

/**
 * Goes on after an answer. A password is followed by NEW_PASSWORD_REQUIRED and MFA as in any flow, and only then
 * defineAuthChallenge is asked, which finds their results in the session (developer guide, "Define Auth challenge Lambda
 * trigger"). Without a password nobody asks for MFA (aws-amplify/amplify-js#12887).
 */
export async function continueCustomAuth(
  service: Service,
  signIn: SignIn,
  custom: CustomAuth,
  { name, progress, clientMetadata }: Step,
): Promise<AuthResponse> {
  const now = {
    ...custom,
    history: [...custom.history, ...resultOf(name, progress)],
    provenDevice: progress === 'device' ? signIn.device : custom.provenDevice,
  };
  const next = nextChallenge(signIn, progress);
  if (next) return pose(service, { ...signIn, custom: now }, next);
  return defineNext(service, { ...signIn, custom: now }, now, clientMetadata);
}

function resultOf(name: ChallengeName, progress: Progress): ChallengeResult[] {
  if (typeof progress === 'object' && 'result' in progress) return [progress.result];
  return told.includes(name) ? [{ challengeName: name, challengeResult: true, challengeMetadata: null }] : [];
}

/** Asks defineAuthChallenge, and does what it says: tokens, refusal, or another challenge. */
export async function defineNext(
  service: Service,
  signIn: SignIn,
  custom: CustomAuth,
  clientMetadata?: Texts,
): Promise<AuthResponse> {
  const { challengeName, issueTokens, failAuthentication } = await runTrigger(
    signIn.pool.triggers.defineAuthChallenge,
    {
      ...commonEvent(signIn),
      triggerSource: 'DefineAuthChallenge_Authentication',
      request: { ...commonRequest(signIn, clientMetadata), session: [...custom.history] },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    },
    service.triggerTimeout,
  );
  // Assumption: of several things that it says, the first of these holds.
  if (readFlag(failAuthentication)) throw refuse('wrongPassword');
  if (readFlag(issueTokens)) return issue(service, signIn, custom);
  const chosen = posable.find(({ name }) => name === challengeName);
  // Assumption: so is refused what cannot be posed.
  if (!chosen?.when(signIn, custom)) throw refuse('triggerAnswerMalformed');
  if (chosen.name === 'PASSWORD_VERIFIER') return startSrp(service, signIn, custom);
  if (chosen.name !== 'CUSTOM_CHALLENGE') return pose(service, signIn, { ask: chosen.name });
  const challenge = await createCustomChallenge(service, signIn, custom, clientMetadata);
  return posed(service, signIn, chosen.name, challenge);
}

/** Null and undefined count as false: that is how the event arrives at the trigger. */
function readFlag(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'boolean') throw refuse('triggerAnswerMalformed');
  return value;
}

/**
 * Assumption: a user who is simulated gets no tokens, whatever the trigger says. A remembered device that has not proven
 * itself after a password does so now (aws-amplify/amplify-flutter#3541), and the trigger is not asked again (assumption).
 */
function issue(service: Service, signIn: SignIn, { provenDevice }: CustomAuth): AuthResponse | Promise<AuthResponse> {
  const plain = { ...signIn, custom: undefined };
  if (plain.user.simulated) throw refuse('wrongPassword');
  refuseUnfit(plain);
  const isProven = plain.device !== undefined && plain.device === provenDevice;
  const device = isProven ? undefined : nextChallenge(plain, 'second factor');
  return device ? pose(service, plain, device) : complete(service, plain);
}

/** As in USER_SRP_AUTH there is no Session (assumption). */
function startSrp({ srpStarts }: Service, signIn: SignIn, { A }: CustomAuth): AuthResponse {
  if (A === undefined) throw refuse('triggerAnswerMalformed');
  return { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: srpStarts.start(signIn, A) };
}

/**
 * What defineAuthChallenge may name, and when. MFA takes a password before it: without one AWS does not support it
 * (aws-amplify/amplify-js#12887). The rest is an assumption.
 */
const posable: readonly { name: ChallengeName; when: (signIn: SignIn, custom: CustomAuth) => boolean }[] = [
  { name: 'CUSTOM_CHALLENGE', when: () => true },
  { name: 'PASSWORD_VERIFIER', when: (_signIn, { A }) => A !== undefined },
  { name: 'ADMIN_NO_SRP_AUTH', when: ({ api }) => api === 'admin' },
  mfaAfterPassword('SMS_MFA'),
  mfaAfterPassword('EMAIL_OTP'),
  mfaAfterPassword('SOFTWARE_TOKEN_MFA'),
];

function mfaAfterPassword(name: MfaType) {
  const passwords: readonly string[] = ['PASSWORD_VERIFIER', 'ADMIN_NO_SRP_AUTH'];
  return {
    name,
    when: ({ pool, user }: SignIn, { history }: CustomAuth) =>
      pool.mfaOf(user).includes(name) && history.some(({ challengeName }) => passwords.includes(challengeName)),
  };
}

/**
 * A user who is not confirmed does not sign in without a password either (aws-amplify/docs#4290).
 * Assumption: nor does one whose password has to be reset.
 */
export function refuseUnfit({ user }: SignIn): void {
  if (user.status === 'UNCONFIRMED') throw refuse('userNotConfirmed');
  if (user.status === 'RESET_REQUIRED') throw refuse('passwordResetRequired');
}
