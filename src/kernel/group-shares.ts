/**
 * Order among the groups of several fair queues that share a server. A group that uses the queues alone, or with groups
 * that have about as many tasks, only takes turns. A group with more than twice the tasks of another one waits for it,
 * and begins its tasks one after the other. So a task of a small group finds a server that does little else.
 *
 * A task that takes longer than 100 ms no longer holds up others: it waits for something else, such as the database. Each
 * group begins a task at least every 100 ms, so that no group waits forever.
 */
export interface GroupShares {
  /** Adds a queue. @param startWaiting starts the waiting tasks of the queue that may begin now */
  join(startWaiting: () => void): void;
  /**
   * Counts a task that has arrived, or other work of the group for which larger groups should wait.
   * @returns a function to call when it has ended, or has left without a turn
   */
  enter(group: string): () => void;
  /**
   * Tells whether more than one group has used the queues in the last second. If so, the queues are notified when they
   * should ask again.
   */
  isShared(): boolean;
  /** Tells whether a task of the group may begin now. If not, its queue is notified when it may. */
  mayBegin(group: string): boolean;
  /** Counts a task that begins. @returns a function to call when it has ended */
  begin(group: string): () => void;
}

interface Group {
  /** Number of its tasks that wait or run, and of its other work. */
  present: number;
  /** Times of the last arrival, end and begin, as `performance.now()` gives them. */
  arrivedAt: number;
  endedAt: number;
  begunAt: number;
  /** Times at which its running tasks began. */
  readonly running: Set<{ readonly at: number }>;
}

/** Time in milliseconds for which a group counts after its last task: a client needs time to send its next request. */
const KEPT_MS = 1000;
/** Time in milliseconds for which a task holds up others, and after which a group may begin one in any case. */
const RECENT_MS = 100;

const isRecent = (at: number, now: number): boolean => now - at < RECENT_MS;

/** Creates the order among groups for the queues that are given it. */
export function createGroupShares(): GroupShares {
  const queues: (() => void)[] = [];
  /** Groups with work, or that had some in about the last second. */
  const groups = new Map<string, Group>();
  let forgottenAt = Number.NEGATIVE_INFINITY;
  let isScheduled = false;

  function startWaiting(): void {
    // Each time another queue is the first, so that a group with tasks in several queues has turns in all of them.
    const first = queues.shift();
    if (first !== undefined) queues.push(first);
    for (const start of queues) start();
  }

  function startWaitingLater(): void {
    if (isScheduled) return;
    isScheduled = true;
    setTimeout(() => {
      isScheduled = false;
      startWaiting();
    }, RECENT_MS).unref();
  }

  function groupOf(name: string): Group {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const never = Number.NEGATIVE_INFINITY;
    const group = { present: 0, arrivedAt: never, endedAt: never, begunAt: never, running: new Set<{ at: number }>() };
    groups.set(name, group);
    return group;
  }

  function forgetUnused(now: number): void {
    if (isRecent(forgottenAt, now)) return;
    forgottenAt = now;
    for (const [name, { present, endedAt }] of groups)
      if (present === 0 && now - endedAt >= KEPT_MS) groups.delete(name);
  }

  /** Tells whether a task of the group has to wait for a group with fewer tasks, or for another task of its own. */
  function isHeldUp(group: Group, now: number): boolean {
    if (!isRecent(group.begunAt, now)) return false;
    let isLarger = false;
    for (const { present, arrivedAt } of groups.values()) {
      if (present * 2 >= group.present) continue;
      isLarger = true;
      if (present > 0 && isRecent(arrivedAt, now)) return true;
    }
    return isLarger && [...group.running].some(({ at }) => isRecent(at, now));
  }

  return {
    join: (start) => void queues.push(start),
    isShared() {
      forgetUnused(performance.now());
      if (groups.size < 2) return false;
      // The other groups may be forgotten without an event that would start the tasks that wait because of them.
      startWaitingLater();
      return true;
    },
    enter(name) {
      const group = groupOf(name);
      group.present += 1;
      group.arrivedAt = performance.now();
      return () => {
        group.present -= 1;
        group.endedAt = performance.now();
        startWaiting();
      };
    },
    mayBegin(name) {
      const now = performance.now();
      forgetUnused(now);
      if (groups.size < 2 || !isHeldUp(groupOf(name), now)) return true;
      startWaitingLater();
      return false;
    },
    begin(name) {
      const group = groupOf(name);
      const task = { at: performance.now() };
      group.begunAt = task.at;
      group.running.add(task);
      return () => void group.running.delete(task);
    },
  };
}

/** Shares of a queue on its own, whose groups have no limits. */
export function unlimitedShares(): GroupShares {
  let startWaiting = (): void => {};
  return {
    join(start) {
      startWaiting = start;
    },
    enter: () => () => startWaiting(),
    isShared: () => false,
    mayBegin: () => true,
    begin: () => () => {},
  };
}
