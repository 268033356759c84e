/** How long the pieces of work of one turn of the event loop may take together, in ms; a piece that is begun is done. */
const slice = 1;

const line: (() => void)[] = [];
/** Whether somebody in the line goes ahead, or waits for the next turn. */
let isMoving = false;
let hasBegun = false;
let begin = 0;

function endTurn(): void {
  hasBegun = false;
  if (isMoving) goOn();
}

/** Lets the first of the line go ahead, and the next one once that is through with what it can do without waiting. */
function goOn(): void {
  isMoving = line.length > 0;
  if (!isMoving) return;
  if (!hasBegun) {
    hasBegun = true;
    begin = performance.now();
    setImmediate(endTurn);
  } else if (performance.now() - begin >= slice) return; // the end of the turn goes on
  line.shift()?.();
  // All that promises set off comes before the next tick.
  queueMicrotask(() => {
    process.nextTick(goOn);
  });
}

/**
 * Waits for a place in a turn of the event loop. Many sign-ins at once hold up the process for no longer than one piece
 * of their work takes, and a little more; a sign-in alone does not wait.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    line.push(resolve);
    if (!isMoving) goOn();
  });
}
