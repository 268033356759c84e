import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { answerTo, resultIn, type GivenTo, type ResultOf, type SrpAnswer, type SrpTask } from './srp-tasks';
import { inTurn } from './turns';

/** How long the thread is kept with nothing to do, in ms. A gateway that stays signed in needs it once in weeks. */
const idleTime = 10_000;

let thread: Worker | undefined;
let ending: NodeJS.Timeout | undefined;

function forget(worker: Worker): void {
  if (thread === worker) thread = undefined;
}

/** @throws where this process may start no threads */
function startThread(): Worker {
  // What this process was started with, a debugger for instance, is not for its threads.
  const worker = new Worker(path.join(__dirname, 'srp-worker.js'), { execArgv: [] });
  worker.on('error', () => {
    forget(worker); // who waits for it is told as well
  });
  return worker;
}

function endThread(): void {
  void thread?.terminate();
  thread = undefined;
}

async function askThread<Task extends SrpTask>(task: Task, given: GivenTo<Task>): Promise<SrpAnswer<Task>> {
  clearTimeout(ending);
  const worker = (thread ??= startThread());
  worker.ref();
  try {
    const answer = once(worker, 'message');
    worker.postMessage([task, given]);
    const [message] = (await answer) as [SrpAnswer<Task>];
    return message;
  } finally {
    worker.unref();
    ending = setTimeout(endThread, idleTime).unref();
  }
}

/**
 * Has SRP's work done in a thread of its own, one task at a time, so that sign-ins hold up nothing else in this
 * process, however many there are. Where no thread can be had, each task takes a turn of the event loop.
 * @param given what the task takes, asked for when its turn has come
 * @param signal a task whose turn comes after it has fired is not done
 * @throws CognitoAuthError Aborted, or what the task ends with
 */
export function inSrpThread<Task extends SrpTask>(
  task: Task,
  given: () => GivenTo<Task>,
  signal: AbortSignal,
): Promise<ResultOf<Task>> {
  return inTurn(async () => {
    const values = given();
    return resultIn(await askThread(task, values).catch(() => answerTo(task, values)));
  }, signal);
}
