import { constants, setPriority } from 'node:os';
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { answerTo, type GivenTo, type SrpTask } from './srp-tasks';

/*
 * The thread that does SRP's work, one task after the other, for `srp-thread`. What ends a sign-in comes first: the
 * fewer are under way at once, the sooner each is through, and the less of them the memory has to hold.
 */

type Question = [question: number, task: SrpTask, given: GivenTo<SrpTask>];

const port = parentPort;
const proofs: Question[] = [];
const others: Question[] = [];

function takeIn(question: Question): void {
  (question[1] === 'provePassword' ? proofs : others).push(question);
}

/** Takes in what has come since, without waiting for it. */
function takeInAll(): void {
  for (;;) {
    const received = port && (receiveMessageOnPort(port) as { message: Question } | undefined);
    if (!received) return;
    takeIn(received.message);
  }
}

/**
 * Has the event loop go first where there are too few cores for both. Only Linux gives each thread a priority of its own;
 * elsewhere it would be the whole process's.
 * https://man7.org/linux/man-pages/man2/setpriority.2.html
 */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // where that is forbidden, the work is done all the same
  }
}

giveWay();
port?.on('message', (first: Question) => {
  takeIn(first);
  for (;;) {
    takeInAll();
    const next = proofs.shift() ?? others.shift();
    if (!next) return;
    const [question, task, given] = next;
    port.postMessage([question, answerTo(task, given)]);
  }
});
