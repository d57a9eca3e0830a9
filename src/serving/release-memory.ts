import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { minutes, seconds } from '../kernel/index.ts';

/** Milliseconds after the server listens in which it does the rest of its start. */
const AFTER_LISTENING = seconds(1);
/**
 * Share of a minute in which a server with load runs JavaScript, and at most that of a server that waits. After a load,
 * jobs alone take about 1 %.
 */
const [BUSY, IDLE] = [0.1, 0.03];
/**
 * V8 allows the old generation to grow after a collection, and marks for the next one. It schedules the marking at the
 * first percentage of that growth, and marks at once at the second.
 */
const [SCHEDULE_MARKING, MARK_AT_ONCE] = [80, 95];
/** `int malloc_trim(size_t pad)` */
const MALLOC_TRIM = { malloc_trim: { arguments: ['uint64'], return: 'int32' } } as const;

/**
 * Returns memory that the server no longer needs: that of its start, a fifth of what a waiting server has, and that of a
 * load when an idle minute has passed. V8 returns all of it only much later. The server answers nothing for 0.1 to 0.2 s
 * meanwhile, and for 4 to 10 ms in each later idle minute. It also makes V8 mark old objects late.
 * @returns a function that ends it
 */
export function releaseMemory(): () => void {
  delayMarking();
  const start = setTimeout(() => {
    collectGarbage();
    returnFreedMemory();
  }, AFTER_LISTENING);
  let last = performance.eventLoopUtilization();
  let wasBusy = false;
  const idle = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    if (utilization > BUSY) wasBusy = true;
    if (utilization > IDLE) return;
    if (wasBusy) collectGarbage();
    wasBusy = false;
    // Without requests, the jobs fill the heap of the C library again.
    returnFreedMemory();
  }, minutes(1));
  return () => {
    clearTimeout(start);
    clearInterval(idle);
  };
}

/**
 * Makes V8 mark the old generation later. Without these flags, it marks again as soon as less than the size of the young
 * generation is left to grow. After the collection at the start, that happens about once a second under load.
 * docs/decisions/099
 */
function delayMarking(): void {
  setFlagsFromString(`--incremental-marking-soft-trigger=${SCHEDULE_MARKING}`);
  setFlagsFromString(`--incremental-marking-hard-trigger=${MARK_AT_ONCE}`);
}

/** Only this collection also returns memory. Node gives programs no access to it other than the flag of V8. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: (options: object) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/**
 * Returns what the GNU C library keeps between allocations, which is more than half of what a load leaves. By itself,
 * the library does so only at the end of its heap (malloc_trim(3)).
 */
function returnFreedMemory(): void {
  try {
    const { lib, functions } = process.getBuiltinModule('node:ffi').dlopen(null, MALLOC_TRIM);
    functions.malloc_trim(0n);
    lib.close();
  } catch {
    // Other C libraries don't have the function, and some builds of Node can't call it.
  }
}
