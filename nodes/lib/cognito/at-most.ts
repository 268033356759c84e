/**
 * Makes what lets so many pieces of work be under way at once, and has the others wait in line.
 * @param most how many
 */
export function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let underWay = 0;
  const line: (() => void)[] = [];
  const leave = (): void => {
    const next = line.shift(); // takes the place that is free now
    if (next) next();
    else underWay -= 1;
  };
  return async (work) => {
    if (underWay < most) underWay += 1;
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      return await work();
    } finally {
      // What the work had may be free for the next a moment later: the socket of an answer is.
      setImmediate(leave);
    }
  };
}
