/** How much may wait, and how much is taken at once, each in the measure of `sizeOf`. At least one always may. */
export interface Ahead<T> {
  readonly room: number;
  readonly atOnce: number;
  sizeOf(one: T): number;
}

/**
 * Hands on what a source gives, in its order, while the source goes on with the next. What it gave before it failed is
 * handed on before its fault is told; when handing on fails the source is asked for nothing more.
 */
export async function readAhead<T>(
  source: AsyncIterable<T>,
  { room, atOnce, sizeOf }: Ahead<T>,
  use: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  const waiting: T[] = [];
  let held = 0;
  let over = false;
  let failed = false;
  let wake = (): void => {};
  // Only one side ever waits: the source while something is held, the other while nothing is.
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const read = async () => {
    for await (const one of source) {
      waiting.push(one);
      held += sizeOf(one);
      wake();
      while (held >= room && !failed) await changed();
      if (failed) return;
    }
  };
  const reading = read().finally(() => {
    over = true;
    wake();
  });
  reading.catch(() => {});
  const take = (): readonly T[] => {
    let count = 1;
    let size = sizeOf(waiting[0] as T);
    for (let next = waiting[count]; next !== undefined && size + sizeOf(next) <= atOnce; next = waiting[count]) {
      size += sizeOf(next);
      count += 1;
    }
    held -= size;
    return waiting.splice(0, count);
  };
  try {
    for (;;) {
      while (waiting.length === 0 && !over) await changed();
      if (waiting.length === 0) break;
      const some = take();
      wake();
      await use(some);
    }
  } catch (error) {
    failed = true;
    wake();
    await reading.catch(() => {});
    throw error;
  }
  await reading;
}
