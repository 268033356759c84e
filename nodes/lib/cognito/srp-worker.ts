import { parentPort } from 'node:worker_threads';
import { answerTo, type GivenTo, type SrpTask } from './srp-tasks';

/* The thread that does SRP's work, one task after the other, for `srp-thread`. */

parentPort?.on('message', <Task extends SrpTask>([question, task, given]: [number, Task, GivenTo<Task>]) => {
  parentPort?.postMessage([question, answerTo(task, given)]);
});
