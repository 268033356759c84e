import { CognitoAuthError, type ErrorDetails } from './errors';
import { createEphemeral, passwordVerifier, provePassword, type SrpEphemeral, type SrpIdentity } from './srp';

/** The work of SRP that takes milliseconds of CPU: what it is given, and what comes of it. */
interface SrpTasks {
  createEphemeral: { readonly given: []; readonly result: SrpEphemeral };
  passwordVerifier: { readonly given: [salt: bigint, identity: SrpIdentity]; readonly result: bigint };
  provePassword: { readonly given: Parameters<typeof provePassword>; readonly result: ReturnType<typeof provePassword> };
}

export type SrpTask = keyof SrpTasks;
export type GivenTo<Task extends SrpTask> = SrpTasks[Task]['given'];
export type ResultOf<Task extends SrpTask> = SrpTasks[Task]['result'];

const tasks: { readonly [Task in SrpTask]: (...given: GivenTo<Task>) => ResultOf<Task> } = {
  createEphemeral: () => createEphemeral(),
  passwordVerifier,
  provePassword,
};

/** What came of a task, in a form that threads can hand to each other: of an error only its text gets across. */
export type SrpAnswer<Task extends SrpTask> =
  | { readonly result: ResultOf<Task> }
  | { readonly code: string; readonly details: ErrorDetails & { readonly message: string } };

/** Does a task in this thread. */
export function answerTo<Task extends SrpTask>(task: Task, given: GivenTo<Task>): SrpAnswer<Task> {
  try {
    return { result: tasks[task](...given) };
  } catch (error) {
    if (!(error instanceof CognitoAuthError)) throw error;
    return { code: error.code, details: { ...error.details, message: error.message } };
  }
}

/** @throws CognitoAuthError that the task ended with */
export function resultIn<Task extends SrpTask>(answer: SrpAnswer<Task>): ResultOf<Task> {
  if ('result' in answer) return answer.result;
  throw new CognitoAuthError(answer.code, answer.details);
}
