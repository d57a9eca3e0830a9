/** Runs work with limited concurrency. Groups take turns, and the members within a group take turns too. */
export interface FairLine {
  /** Runs the work when its turn comes. @param signal ends the wait only; work that has begun continues */
  inTurn<Result>(key: Whose, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

export interface Whose {
  readonly group: string;
  /** A member within the group. */
  readonly line: string;
}

export interface LineBounds {
  /** Number of tasks that may run at the same time. */
  readonly atOnce: number;
  /** Number of tasks of one member that may run at the same time. Default: no separate limit. */
  readonly atOnceOfLine?: number;
  /** Longest wait in milliseconds. Default: unlimited. */
  readonly patience?: number;
  /** Most tasks of one member that may wait. */
  readonly each: number;
  /** Most tasks that may wait in total. */
  readonly all: number;
  /** Creates the error for a task that finds the queue full or waits too long. */
  readonly full: () => Error;
}

interface Waiting {
  readonly begin: () => void;
  readonly giveWay: () => void;
}
type Line = Waiting[];
type Group = Map<string, Line>;

/** Creates a fair queue. A task is rejected when a limit or the longest wait is reached. */
export function fairLine({ atOnce, atOnceOfLine = atOnce, patience, each, all, full }: LineBounds): FairLine {
  /**
   * No group and no member queue in here is empty. The next slot goes to the first group with a member
   * that is below its own limit.
   */
  const groups = new Map<string, Group>();
  /** Number of running tasks by member. */
  const runningByMember = new Map<string, number>();
  let running = 0;
  let waiting = 0;

  const canStart = (line: string): boolean => running < atOnce && (runningByMember.get(line) ?? 0) < atOnceOfLine;

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

  async function acquireSlot(key: Whose, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const name = nameOf(key.group, key.line);
    if (canStart(name)) {
      begin(name);
      return;
    }
    const group = groups.get(key.group) ?? new Map<string, Line>();
    const line = group.get(key.line) ?? [];
    if (line.length >= each || (waiting >= all && !makeRoom(group, line))) throw full();
    await wait(key, group, line, signal);
  }

  async function wait(key: Whose, group: Group, line: Line, signal: AbortSignal | undefined): Promise<void> {
    waiting += 1;
    groups.set(key.group, group);
    group.set(key.line, line);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const own: Waiting = { begin: resolve, giveWay: () => reject(full()) };
    line.push(own);
    const leave = (error: unknown): void => {
      if (drop(key, own)) reject(error);
    };
    const timer = patience === undefined ? undefined : setTimeout(() => leave(full()), patience);
    const aborted = (): void => leave(signal?.reason);
    signal?.addEventListener('abort', aborted);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    }
  }

  /** @returns whether the task was still waiting */
  function drop(key: Whose, one: Waiting): boolean {
    const group = groups.get(key.group);
    const line = group?.get(key.line);
    const at = line?.indexOf(one) ?? -1;
    if (group === undefined || line === undefined || at === -1) return false;
    waiting -= 1;
    line.splice(at, 1);
    if (line.length === 0) group.delete(key.line);
    if (group.size === 0) groups.delete(key.group);
    return true;
  }

  /**
   * Makes room by dropping the newest task of the longest member queue in the largest group. Drops
   * nothing if the newcomer's group or queue would then be as large.
   */
  function makeRoom(group: Group, line: Line): boolean {
    const largest = [...groups.values()].reduce((one, other) => (sizeOf(other) > sizeOf(one) ? other : one));
    const from = sizeOf(largest) > sizeOf(group) + 1 ? largest : group;
    const [name, longest] = [...from].reduce((one, other) => (other[1].length > one[1].length ? other : one), NOBODY);
    if (from === group && longest.length <= line.length + 1) return false;
    waiting -= 1;
    longest.pop()?.giveWay();
    if (longest.length === 0) from.delete(name);
    return true;
  }

  /** Passes a freed slot directly to the next waiting task, so that a newcomer can't take it in between. */
  function passOnSlot(): void {
    for (const [name, group] of groups) {
      const line = [...group.keys()].find((one) => canStart(nameOf(name, one)));
      if (line === undefined) continue;
      begin(nameOf(name, line));
      waiting -= 1;
      next(group, line)?.begin();
      groups.delete(name);
      if (group.size > 0) groups.set(name, group);
      return;
    }
  }

  return {
    async inTurn(key, work, signal) {
      await acquireSlot(key, signal);
      try {
        return await work();
      } finally {
        end(nameOf(key.group, key.line));
        passOnSlot();
      }
    },
  };
}

const nameOf = (group: string, line: string): string => `${group} ${line}`;

const NOBODY: [string, Line] = ['', []];

const sizeOf = (group: Group): number => [...group.values()].reduce((sum, { length }) => sum + length, 0);

/** Removes the first task of a member and moves the member behind the others of its group. */
function next(group: Group, name: string): Waiting | undefined {
  const line = group.get(name) ?? [];
  const first = line.shift();
  group.delete(name);
  if (line.length > 0) group.set(name, line);
  return first;
}
