import { setTimeout as pause } from 'node:timers/promises';
import type { Executor } from '../statement.ts';
import { readShardMap, type ShardMap, type Worker } from './shard-map.ts';

/**
 * Rejects requests for workers that don't respond. Without it, they would wait for connections, and so would the
 * requests for all other workers. Also, Citus can't cancel a statement on such a worker: it waits for the worker to
 * confirm it. So each statement would use a connection of the coordinator until the worker continues.
 */
export interface WorkerGuard {
  /**
   * Admits work on a record, or on all workers.
   * @throws an error with SQLSTATE 08006 if the worker, or one of all, doesn't respond
   */
  admit(recordId: number | undefined): AdmittedWork;
  /** Number of the worker that has the record. Undefined if it isn't known. */
  workerOf(recordId: number): number | undefined;
  close(): void;
}

export interface AdmittedWork {
  /** Aborts when the worker, or one of all, doesn't respond. */
  readonly signal: AbortSignal;
  /** Runs the work. Rejects when the signal aborts. If the work takes long, it is checked whether the workers respond. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Times in milliseconds. */
interface GuardTimes {
  /** After this time, work makes the guard check its workers. */
  readonly suspectAfter: number;
  /** A worker that doesn't answer the statement of a check within this time doesn't respond. */
  readonly answerWithin: number;
  /** Time between two looks at a worker that doesn't respond. */
  readonly lookEvery: number;
  /** After this time without an answer, a worker is asked again. It doubles each time, because a question may stay open. */
  readonly askAgainAfter: number;
}

const TIMES: GuardTimes = { suspectAfter: 1000, answerWithin: 2000, lookEvery: 1000, askAgainAfter: 30_000 };
const MAX_ASK_AGAIN = 300_000;
/** Milliseconds for which a worker that answered isn't asked again. */
const NOT_ASKED_FOR = 2000;
/** Milliseconds for which a map is used. A moved shard then has another worker. */
const MAP_USED_FOR = 30_000;

/** Finds no row. It reads one index on the worker. */
const ASK = 'select 1 as one from resource where record_id = $1 and type is null';

/** Answer of a worker: `error` if the coordinator couldn't get one, which requests notice as fast. */
type Answer = 'ok' | 'error' | 'none';

/**
 * Creates a guard. Its statements wait for an answer as long as `questions` lets them.
 * @param questions connections for checks alone
 * @param onChange called when a worker no longer responds, and when it does again
 */
export async function createWorkerGuard(
  questions: Executor,
  onChange: (worker: string, responds: boolean) => void,
): Promise<WorkerGuard> {
  let map = await readShardMap(questions);
  let readAt = performance.now();
  let isClosed = false;
  /** Aborts when the next worker stops responding. */
  let any = new AbortController();
  const own = new Map<number, AbortController>();
  const silent = new Map<number, Error>();
  /** When each worker may be asked again: infinity while it is being checked. */
  const notBefore = new Map<number, number>();

  async function refresh(): Promise<ShardMap> {
    readAt = performance.now();
    map = await readShardMap(questions).catch(() => map);
    return map;
  }

  const ask = (recordId: number): Promise<Answer> =>
    questions.queryText(ASK, [recordId]).then(
      () => 'ok',
      () => 'error',
    );

  function silence(worker: Worker): void {
    if (silent.has(worker.group)) return;
    const error = createSilenceError(worker);
    silent.set(worker.group, error);
    own.get(worker.group)?.abort(error);
    own.delete(worker.group);
    any.abort(error);
    any = new AbortController();
    onChange(worker.address, false);
  }

  /** Checks a worker until it responds, or fails fast. */
  async function check(worker: Worker): Promise<void> {
    const recordId = findRecordOf(map, worker);
    const { answerWithin, lookEvery } = TIMES;
    let { askAgainAfter } = TIMES;
    let { address } = worker;
    let asked = performance.now();
    let question = ask(recordId);
    let answer = await Promise.race([question, pause(answerWithin, 'none' as const, { ref: false })]);
    while (!isClosed && (answer === 'none' || (answer === 'error' && performance.now() - asked > answerWithin))) {
      silence(worker);
      if (answer === 'error') await pause(lookEvery, undefined, { ref: false });
      const now = (await refresh()).workers.find(({ group }) => group === worker.group)?.address ?? address;
      const waited = performance.now() - asked;
      if (answer === 'error' || now !== address || waited > askAgainAfter) {
        if (waited > askAgainAfter) askAgainAfter = Math.min(2 * askAgainAfter, MAX_ASK_AGAIN);
        address = now;
        asked = performance.now();
        question = ask(recordId);
      }
      answer = await Promise.race([question, pause(lookEvery, 'none' as const, { ref: false })]);
    }
    if (silent.delete(worker.group)) onChange(address, true);
  }

  function suspect(workers: readonly Worker[]): void {
    for (const worker of workers) {
      if (performance.now() < (notBefore.get(worker.group) ?? 0)) continue;
      notBefore.set(worker.group, Number.POSITIVE_INFINITY);
      void check(worker).finally(() => notBefore.set(worker.group, performance.now() + NOT_ASKED_FOR));
    }
  }

  function workerOf(recordId: number): Worker | undefined {
    if (performance.now() - readAt > MAP_USED_FOR) void refresh();
    return map.workerOf(recordId);
  }

  function controllerOf({ group }: Worker): AbortController {
    const known = own.get(group);
    if (known !== undefined) return known;
    const created = new AbortController();
    own.set(group, created);
    return created;
  }

  return {
    workerOf: (recordId) => workerOf(recordId)?.group,
    admit(recordId) {
      const worker = recordId === undefined ? undefined : workerOf(recordId);
      const [error] = worker === undefined ? silent.values() : [silent.get(worker.group)];
      if (error !== undefined) throw error;
      const { signal } = worker === undefined ? any : controllerOf(worker);
      return {
        signal,
        async run(work) {
          signal.throwIfAborted();
          const suspecting = setTimeout(
            () => suspect(worker === undefined ? map.workers : [worker]),
            TIMES.suspectAfter,
          ).unref();
          try {
            return await untilAborted(signal, work());
          } finally {
            clearTimeout(suspecting);
          }
        },
      };
    },
    close() {
      isClosed = true;
    },
  };
}

const createSilenceError = ({ address }: Worker): Error =>
  Object.assign(new Error(`the worker ${address} doesn’t respond`), { code: '08006' });

/** Returns a number that, as the id of a record, belongs to the worker. No record needs to have it. */
function findRecordOf(map: ShardMap, { group }: Worker): number {
  let recordId = 0;
  while (map.workerOf(recordId)?.group !== group) recordId += 1;
  return recordId;
}

/** Waits for work, but rejects as soon as the signal aborts. The work may still end after that. */
async function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
