/**
 * Limits of reading ahead, in the unit of `sizeOf`: the total size of the items in the buffer (`room`), and of those
 * that the consumer gets at once (`atOnce`). `sizeOf` returns the size of an item. A single item may exceed the limits.
 */
export interface ReadAheadLimits<T> {
  readonly room: number;
  readonly atOnce: number;
  sizeOf(one: T): number;
}

/**
 * Passes the items of a source to a consumer in order, while the source already produces the next ones. If the source
 * fails, the consumer gets the items before the failure, and then the error is thrown. If the consumer fails, no more
 * items are requested.
 */
export async function readAhead<T>(
  source: AsyncIterable<T>,
  { room, atOnce, sizeOf }: ReadAheadLimits<T>,
  use: (items: readonly T[]) => Promise<void>,
): Promise<void> {
  const buffer: T[] = [];
  let bufferedSize = 0;
  let ended = false;
  let failed = false;
  let wake = (): void => {};
  // Only one side waits at a time: the source while the buffer is full, or the consumer while it is empty.
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const read = async () => {
    for await (const one of source) {
      buffer.push(one);
      bufferedSize += sizeOf(one);
      wake();
      while (bufferedSize >= room && !failed) await changed();
      if (failed) return;
    }
  };
  const reading = read().finally(() => {
    ended = true;
    wake();
  });
  reading.catch(() => {});
  const take = (): readonly T[] => {
    let count = 1;
    let size = sizeOf(buffer[0] as T);
    for (let next = buffer[count]; next !== undefined && size + sizeOf(next) <= atOnce; next = buffer[count]) {
      size += sizeOf(next);
      count += 1;
    }
    bufferedSize -= size;
    return buffer.splice(0, count);
  };
  try {
    for (;;) {
      while (buffer.length === 0 && !ended) await changed();
      if (buffer.length === 0) break;
      const items = take();
      wake();
      await use(items);
    }
  } catch (error) {
    failed = true;
    wake();
    await reading.catch(() => {});
    throw error;
  }
  await reading;
}
