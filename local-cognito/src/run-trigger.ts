import { isObject } from './config-rules';
import { refuse } from './exceptions';
import type { SignIn } from './sign-in';
import type { CommonRequest, Trigger } from './triggers';
import { hidesUsers } from './user-existence';

/** How long a trigger may take, in ms (developer guide, "Things to know about Lambda triggers"). */
export const TRIGGER_TIMEOUT = 5000;
/** How often a trigger is called that does not answer in time (same place). */
const ATTEMPTS = 3;

/** The parts of an event that follow from the sign-in. `awsSdkVersion` as in aws-amplify/amplify-js#5834. */
export function commonEvent({ pool, client, user }: SignIn) {
  return {
    version: '1',
    region: pool.region,
    userPoolId: pool.id,
    userName: user.username,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.clientId },
  } as const;
}

/** Assumption: an unknown user has no attributes. `cognito:user_status` as in aws-amplify/amplify-js#5834. */
export function commonRequest(
  { client, user }: SignIn,
  clientMetadata: Readonly<Record<string, string>> | undefined,
): CommonRequest {
  return {
    userAttributes: user.simulated ? {} : { ...user.attributes, 'cognito:user_status': user.status },
    ...(hidesUsers(client) ? { userNotFound: user.simulated } : {}),
    ...(clientMetadata === undefined ? {} : { clientMetadata: { ...clientMetadata } }),
  };
}

/**
 * Calls a trigger with an event of its own.
 * @param timeout ms
 * @returns the response, as the trigger left it
 * @throws InvalidParameterException without a trigger, UserLambdaValidationException when it throws,
 * UnexpectedLambdaException when it is slow, InvalidLambdaResponseException when it returns no event
 */
export async function runTrigger<Event extends { triggerSource: string }>(
  trigger: Trigger<Event> | undefined,
  event: Event,
  timeout: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (!trigger) throw refuse('customAuthNotConfigured');
  const name = event.triggerSource.replace(/_.*/, '');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const response = await inTime(callOnce(trigger, structuredClone(event), name), timeout);
    if (response) return response;
  }
  throw refuse('triggerTooSlow', { name });
}

async function callOnce<Event>(trigger: Trigger<Event>, event: Event, name: string) {
  let result: unknown;
  try {
    result = (await trigger(event)) ?? event;
  } catch (error) {
    throw refuse('triggerFailed', { name, error: error instanceof Error ? error.message : String(error) });
  }
  const response = isObject(result) ? result.response : undefined;
  if (!isObject(response)) throw refuse('triggerAnswerMalformed');
  return response;
}

/** Undefined where the work takes longer. */
async function inTime<T>(work: Promise<T>, timeout: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeout, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
