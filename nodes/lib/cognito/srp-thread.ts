import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CognitoAuthError } from './errors';
import { answerTo, resultIn, type GivenTo, type ResultOf, type SrpAnswer, type SrpTask } from './srp-tasks';
import { turn } from './turns';
import { unlessAborted } from './unless-aborted';

/** How long the thread is kept with nothing to do, in ms. A gateway that stays signed in needs it once in weeks. */
const idleTime = 10_000;

/** What waits for the thread's answers, by the number of the question. */
interface Waiting {
  readonly resolve: (answer: SrpAnswer<SrpTask>) => void;
  readonly reject: (error: unknown) => void;
}

const waiting = new Map<number, Waiting>();
let thread: Worker | undefined;
let ending: NodeJS.Timeout | undefined;
let questions = 0;

/** Tells all who wait that nothing will come. */
function loseThread(error: unknown): void {
  thread = undefined;
  for (const { reject } of waiting.values()) reject(error);
}

/** @throws where this process may start no threads */
function startThread(): Worker {
  // What this process was started with, a debugger for instance, is not for its threads.
  const worker = new Worker(path.join(__dirname, 'srp-worker.js'), { execArgv: [] });
  worker.on('message', ([question, answer]: [number, SrpAnswer<SrpTask>]) => waiting.get(question)?.resolve(answer));
  worker.on('error', loseThread);
  return worker;
}

function endThread(): void {
  void thread?.terminate();
  thread = undefined;
}

async function askThread<Task extends SrpTask>(task: Task, given: GivenTo<Task>): Promise<SrpAnswer<Task>> {
  clearTimeout(ending);
  const worker = (thread ??= startThread());
  const question = (questions += 1);
  try {
    const answer = new Promise<SrpAnswer<SrpTask>>((resolve, reject) => waiting.set(question, { resolve, reject }));
    worker.ref();
    worker.postMessage([question, task, given]);
    return await answer;
  } finally {
    waiting.delete(question);
    if (waiting.size === 0) {
      worker.unref();
      ending = setTimeout(endThread, idleTime).unref();
    }
  }
}

async function inThisThread<Task extends SrpTask>(task: Task, given: GivenTo<Task>, signal: AbortSignal) {
  await turn();
  if (signal.aborted) throw new CognitoAuthError('Aborted');
  return answerTo(task, given);
}

/**
 * Has SRP's work done in a thread of its own, in the order in which it is asked for, so that sign-ins hold up nothing
 * else in this process, however many there are, and are not held up by it. Where no thread can be had, each task takes a
 * turn of the event loop.
 * @param given what the task takes
 * @param signal ends the waiting
 * @throws CognitoAuthError Aborted, or what the task ends with
 */
export async function inSrpThread<Task extends SrpTask>(
  task: Task,
  given: GivenTo<Task>,
  signal: AbortSignal,
): Promise<ResultOf<Task>> {
  await turn();
  const answer = askThread(task, given).catch(() => inThisThread(task, given, signal));
  return resultIn(await unlessAborted(signal, answer));
}
