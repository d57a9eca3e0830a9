/** The longest that the one thread was kept by one turn of its loop, in milliseconds of its own time, while work was done. */
export async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [longest, isOver, before] = [0, false, process.threadCpuUsage()];
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.threadCpuUsage();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  return longest;
}
