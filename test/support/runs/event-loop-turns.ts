interface EventLoopTurns {
  /** Number of turns of the event loop. */
  readonly count: number;
  /** CPU time of this thread in the longest turn, in milliseconds. */
  readonly longest: number;
}

/** Counts and measures the turns of the event loop during some work. */
export async function measureTurns(work: () => Promise<unknown>): Promise<EventLoopTurns> {
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
