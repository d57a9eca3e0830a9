import { type GroupShares, unlimitedShares } from './group-shares.ts';

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
  /** Number of tasks of one member that may run at the same time. The default is `concurrency`. */
  readonly concurrencyPerMember?: number;
  /**
   * Order among the groups of this queue and others. By default each queue is on its own, and groups only take turns.
   */
  readonly shares?: GroupShares;
  /**
   * Number of tasks of one group that may run at the same time while the queues of `shares` are used by several groups.
   * The other slots are then free for a task of another group, which would otherwise wait until one of this group ends.
   * The default is `concurrency`.
   */
  readonly concurrencyPerGroup?: number;
  /** Longest time in milliseconds that a task waits. By default, a task waits as long as it takes. */
  readonly maxWaitMs?: number;
  /** Maximum number of waiting tasks of one member. */
  readonly maxWaitingPerMember: number;
  /** Maximum number of waiting tasks in total. */
  readonly maxWaiting: number;
  /** Creates the error for a task that finds the queue full or waits too long. */
  readonly createFullError: () => Error;
}

/** Counts the end of a task that has begun. */
type EndTask = () => void;

interface QueuedTask {
  readonly start: (end: EndTask) => void;
  readonly drop: () => void;
}
type MemberQueue = QueuedTask[];
type GroupQueues = Map<string, MemberQueue>;

/** Creates a fair queue. A task is rejected if too many tasks are waiting, or if it has waited too long. */
export function fairQueue({
  concurrency,
  concurrencyPerMember = concurrency,
  concurrencyPerGroup = concurrency,
  shares = unlimitedShares(),
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
  const runningByGroup = new Map<string, number>();
  const runningByMember = new Map<string, number>();
  let running = 0;
  let waiting = 0;
  shares.join(passOnSlots);

  const canStartInGroup = (group: string): boolean =>
    running < concurrency &&
    ((runningByGroup.get(group) ?? 0) < concurrencyPerGroup || !shares.isShared()) &&
    shares.mayBegin(group);
  /** @param memberName from `toMemberName` */
  const canStart = (group: string, memberName: string): boolean =>
    canStartInGroup(group) && (runningByMember.get(memberName) ?? 0) < concurrencyPerMember;

  /** Counts a task that begins. @param memberName from `toMemberName` */
  function begin(group: string, memberName: string): EndTask {
    const endShare = shares.begin(group);
    running += 1;
    add(runningByGroup, group, 1);
    add(runningByMember, memberName, 1);
    return () => {
      running -= 1;
      add(runningByGroup, group, -1);
      add(runningByMember, memberName, -1);
      endShare();
    };
  }

  async function waitForSlot(key: FairQueueKey, signal: AbortSignal | undefined): Promise<EndTask> {
    const group = groups.get(key.group) ?? new Map<string, MemberQueue>();
    const line = group.get(key.member) ?? [];
    if (line.length >= maxWaitingPerMember || (waiting >= maxWaiting && !makeRoom(group, line)))
      throw createFullError();
    return wait(key, group, line, signal);
  }

  async function wait(
    key: FairQueueKey,
    group: GroupQueues,
    line: MemberQueue,
    signal: AbortSignal | undefined,
  ): Promise<EndTask> {
    waiting += 1;
    groups.set(key.group, group);
    group.set(key.member, line);
    const { promise, resolve, reject } = Promise.withResolvers<EndTask>();
    const own: QueuedTask = { start: resolve, drop: () => reject(createFullError()) };
    line.push(own);
    const leave = (error: unknown): void => {
      if (drop(key, own)) reject(error);
    };
    const timer = maxWaitMs === undefined ? undefined : setTimeout(() => leave(createFullError()), maxWaitMs);
    const aborted = (): void => leave(signal?.reason);
    signal?.addEventListener('abort', aborted);
    try {
      return await promise;
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
   * Starts waiting tasks, when another task has ended and before a new task. So a new task can't take the slot of one that
   * waits. There may be several free slots, if the queue isn't shared any more.
   */
  function passOnSlots(): void {
    while (waiting > 0 && startNext());
  }

  /** Starts the next waiting task that may start. @returns false if there is none */
  function startNext(): boolean {
    if (running >= concurrency) return false;
    for (const [name, group] of groups) {
      if (!canStartInGroup(name)) continue;
      const member = [...group.keys()].find((one) => canStart(name, toMemberName(name, one)));
      if (member === undefined) continue;
      waiting -= 1;
      takeNext(group, member)?.start(begin(name, toMemberName(name, member)));
      groups.delete(name);
      if (group.size > 0) groups.set(name, group);
      return true;
    }
    return false;
  }

  return {
    state: () => ({ running, waiting }),
    async run(key, work, signal) {
      signal?.throwIfAborted();
      const leave = shares.enter(key.group);
      try {
        if (waiting > 0) passOnSlots();
        const { group, member } = key;
        const memberName = toMemberName(group, member);
        const end = canStart(group, memberName) ? begin(group, memberName) : await waitForSlot(key, signal);
        try {
          return await work();
        } finally {
          end();
        }
      } finally {
        leave();
      }
    },
  };
}

/** Returns a name that no member of another group has. */
const toMemberName = (group: string, member: string): string => `${group} ${member}`;

/** Adds to the count of a key. Keys that count zero are removed. */
function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

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
