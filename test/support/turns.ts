interface Turns {
  /** How often the event loop came round. */
  readonly count: number;
  /** Milliseconds of its own time that the thread spent in the longest one. */
  readonly longest: number;
}

/** The turns of the event loop while work is done. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<Turns> {
  let [count, longest, isOver, before] = [0, 0, false, process.threadCpuUsage()];
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    count += 1;
    longest = Math.max(longest, (user + system) / 1000);
    before = process.threadCpuUsage();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  return { count, longest };
}
