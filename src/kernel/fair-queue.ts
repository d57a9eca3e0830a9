/** Runs work with limited concurrency. Groups take turns, and the members within a group take turns too. */
export interface FairQueue {
  /** Runs the work when its turn comes. @param signal ends the wait for a turn; work that has begun continues */
  run<Result>(key: FairQueueKey, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** Returns how many tasks run and wait now. */
  state(): QueueState;
}

export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

export interface FairQueueKey {
  readonly group: string;
  /** A member of the group, such as one network of a site. Members of a group take turns. */
  readonly member: string;
}

export interface FairQueueOptions {
  /** Number of tasks that may run at the same time. */
  readonly concurrency: number;
  /** Number of tasks of one member that may run at the same time. By default there is no limit per member. */
  readonly concurrencyPerMember?: number;
  /** Longest time in milliseconds that a task waits. By default there is no limit. */
  readonly maxWaitMs?: number;
  /** Maximum number of waiting tasks of one member. */
  readonly maxWaitingPerMember: number;
  /** Maximum number of waiting tasks in total. */
  readonly maxWaiting: number;
  /** Creates the error for a task that finds the queue full or waits too long. */
  readonly createFullError: () => Error;
}

interface QueuedTask {
  readonly start: () => void;
  readonly drop: () => void;
}
type MemberQueue = QueuedTask[];
type GroupQueues = Map<string, MemberQueue>;

/** Creates a fair queue. A task is rejected if too many tasks are waiting, or if it has waited too long. */
export function fairQueue({
  concurrency,
  concurrencyPerMember = concurrency,
  maxWaitMs,
  maxWaitingPerMember,
  maxWaiting,
  createFullError,
}: FairQueueOptions): FairQueue {
  /**
   * Waiting tasks by group and member. Groups and members without waiting tasks are removed. The next task comes from
   * the first group with a member that may run another task.
   */
  const groups = new Map<string, GroupQueues>();
  /** Number of running tasks of each member. */
  const runningByMember = new Map<string, number>();
  let running = 0;
  let waiting = 0;

  const canStart = (line: string): boolean =>
    running < concurrency && (runningByMember.get(line) ?? 0) < concurrencyPerMember;

  function begin(line: string): void {
    running += 1;
    runningByMember.set(line, (runningByMember.get(line) ?? 0) + 1);
  }

  function end(line: string): void {
    running -= 1;
    const left = (runningByMember.get(line) ?? 1) - 1;
    if (left > 0) runningByMember.set(line, left);
    else runningByMember.delete(line);
  }

  async function waitForSlot(key: FairQueueKey, signal: AbortSignal | undefined): Promise<void> {
    const group = groups.get(key.group) ?? new Map<string, MemberQueue>();
    const line = group.get(key.member) ?? [];
    if (line.length >= maxWaitingPerMember || (waiting >= maxWaiting && !makeRoom(group, line)))
      throw createFullError();
    await wait(key, group, line, signal);
  }

  async function wait(
    key: FairQueueKey,
    group: GroupQueues,
    line: MemberQueue,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    waiting += 1;
    groups.set(key.group, group);
    group.set(key.member, line);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const own: QueuedTask = { start: resolve, drop: () => reject(createFullError()) };
    line.push(own);
    const leave = (error: unknown): void => {
      if (drop(key, own)) reject(error);
    };
    const timer = maxWaitMs === undefined ? undefined : setTimeout(() => leave(createFullError()), maxWaitMs);
    const aborted = (): void => leave(signal?.reason);
    signal?.addEventListener('abort', aborted);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    }
  }

  /** Removes a waiting task from the queue. @returns false if the task was no longer waiting */
  function drop(key: FairQueueKey, one: QueuedTask): boolean {
    const group = groups.get(key.group);
    const line = group?.get(key.member);
    const at = line?.indexOf(one) ?? -1;
    if (group === undefined || line === undefined || at === -1) return false;
    waiting -= 1;
    line.splice(at, 1);
    if (line.length === 0) group.delete(key.member);
    if (group.size === 0) groups.delete(key.group);
    return true;
  }

  /**
   * Makes room for a new task in a full queue. Drops the newest waiting task of the longest member queue in the largest
   * group. If the new task would make its own group at least as large as all others, the dropped task comes from that
   * group instead. In that group, nothing is dropped if the new task would make its member's queue at least as long as
   * all others.
   * @returns whether a task was dropped
   */
  function makeRoom(group: GroupQueues, line: MemberQueue): boolean {
    const largest = [...groups.values()].reduce((one, other) =>
      countWaiting(other) > countWaiting(one) ? other : one,
    );
    const from = countWaiting(largest) > countWaiting(group) + 1 ? largest : group;
    const [name, longest] = [...from].reduce(
      (one, other) => (other[1].length > one[1].length ? other : one),
      NO_MEMBER,
    );
    if (from === group && longest.length <= line.length + 1) return false;
    waiting -= 1;
    longest.pop()?.drop();
    if (longest.length === 0) from.delete(name);
    return true;
  }

  /**
   * Starts the next waiting task when another task has ended. The slot goes directly to that task, so that a new task
   * can't take it first.
   */
  function passOnSlot(): void {
    for (const [name, group] of groups) {
      const line = [...group.keys()].find((one) => canStart(memberKey(name, one)));
      if (line === undefined) continue;
      begin(memberKey(name, line));
      waiting -= 1;
      takeNext(group, line)?.start();
      groups.delete(name);
      if (group.size > 0) groups.set(name, group);
      return;
    }
  }

  return {
    state: () => ({ running, waiting }),
    async run(key, work, signal) {
      signal?.throwIfAborted();
      const name = memberKey(key.group, key.member);
      if (canStart(name)) begin(name);
      else await waitForSlot(key, signal);
      try {
        return await work();
      } finally {
        end(name);
        if (waiting > 0) passOnSlot();
      }
    },
  };
}

const memberKey = (group: string, line: string): string => `${group} ${line}`;

const NO_MEMBER: [string, MemberQueue] = ['', []];

const countWaiting = (group: GroupQueues): number => [...group.values()].reduce((sum, { length }) => sum + length, 0);

/** Removes the first waiting task of a member, and moves the member behind the other members of its group. */
function takeNext(group: GroupQueues, name: string): QueuedTask | undefined {
  const line = group.get(name) ?? [];
  const first = line.shift();
  group.delete(name);
  if (line.length > 0) group.set(name, line);
  return first;
}
