import ffi from 'node:ffi';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { releaseMemory } from './release-memory.ts';

const BLOCKS = 100_000;
const BLOCK_BYTES = 1000n;
const { glibcVersionRuntime } = (process.report.getReport() as { readonly header: { glibcVersionRuntime?: string } })
  .header;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function release(): void {
  const stop = releaseMemory();
  vi.advanceTimersByTime(1000);
  stop();
}

describe.runIf(glibcVersionRuntime !== undefined)('memory that the GNU C library keeps', () => {
  it('is returned a second after the start, although a later block is in use', () => {
    using library = ffi.dlopen(null, {
      malloc: { arguments: ['uint64'], return: 'uint64' },
      memset: { arguments: ['uint64', 'int32', 'uint64'], return: 'uint64' },
      free: { arguments: ['uint64'], return: 'void' },
    });
    const { malloc, memset, free } = library.functions;
    // Memory of V8 that is returned isn't counted.
    release();
    const before = process.memoryUsage.rss();
    const kept = () => process.memoryUsage.rss() - before;
    const blocks = Array.from({ length: BLOCKS }, () => memset(malloc(BLOCK_BYTES), 1, BLOCK_BYTES));
    const last = blocks.pop() as bigint;
    for (const block of blocks) free(block);
    expect(kept()).toBeGreaterThan(90_000_000);

    release();
    expect(kept()).toBeLessThan(50_000_000);
    free(last);
  });
});
