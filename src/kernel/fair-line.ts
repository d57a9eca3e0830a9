/** Work for which there are few places. Groups take turns, and within a group its lines do. */
export interface FairLine {
  /**
   * Does the work when its turn comes.
   * @param signal ends the wait; work that has begun goes on
   */
  inTurn<Result>(whose: Whose, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Whose turn it takes. */
export interface Whose {
  readonly group: string;
  /** Within its group. */
  readonly line: string;
}

export interface LineBounds {
  /** Places. */
  readonly atOnce: number;
  /** Places that one line has at most; default: all of them. */
  readonly atOnceOfLine?: number;
  /** Milliseconds that one waits at most; default: as long as it takes. */
  readonly patience?: number;
  /** Most that wait in one line. */
  readonly each: number;
  /** Most that wait in all lines. */
  readonly all: number;
  /** What is told to whoever finds no room, or waits too long. */
  readonly full: () => Error;
}

interface Waiting {
  readonly begin: () => void;
  readonly giveWay: () => void;
}
type Line = Waiting[];
type Group = Map<string, Line>;

export function fairLine({ atOnce, atOnceOfLine = atOnce, patience, each, all, full }: LineBounds): FairLine {
  /** No line and no group is empty; the first whose line has a place left is whose turn it is. */
  const groups = new Map<string, Group>();
  /** How many of a line have a place. */
  const places = new Map<string, number>();
  let running = 0;
  let waiting = 0;

  const mayBegin = (line: string): boolean => running < atOnce && (places.get(line) ?? 0) < atOnceOfLine;

  function begin(line: string): void {
    running += 1;
    places.set(line, (places.get(line) ?? 0) + 1);
  }

  function end(line: string): void {
    running -= 1;
    const left = (places.get(line) ?? 1) - 1;
    if (left > 0) places.set(line, left);
    else places.delete(line);
  }

  async function place(whose: Whose, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const name = nameOf(whose.group, whose.line);
    if (mayBegin(name)) {
      begin(name);
      return;
    }
    const group = groups.get(whose.group) ?? new Map<string, Line>();
    const line = group.get(whose.line) ?? [];
    if (line.length >= each || (waiting >= all && !makeRoom(group, line))) throw full();
    await wait(whose, group, line, signal);
  }

  async function wait(whose: Whose, group: Group, line: Line, signal: AbortSignal | undefined): Promise<void> {
    waiting += 1;
    groups.set(whose.group, group);
    group.set(whose.line, line);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const own: Waiting = { begin: resolve, giveWay: () => reject(full()) };
    line.push(own);
    const leave = (error: unknown): void => {
      if (drop(whose, own)) reject(error);
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

  /** @returns whether it still waited */
  function drop(whose: Whose, one: Waiting): boolean {
    const group = groups.get(whose.group);
    const line = group?.get(whose.line);
    const at = line?.indexOf(one) ?? -1;
    if (group === undefined || line === undefined || at === -1) return false;
    waiting -= 1;
    line.splice(at, 1);
    if (line.length === 0) group.delete(whose.line);
    if (group.size === 0) groups.delete(whose.group);
    return true;
  }

  /** Whoever came last to the longest line of the largest group gives way, unless the newcomer's would be as large then. */
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

  /** The place is handed on at once, so nobody can slip in between. */
  function handOn(): void {
    for (const [name, group] of groups) {
      const line = [...group.keys()].find((one) => mayBegin(nameOf(name, one)));
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
    async inTurn(whose, work, signal) {
      await place(whose, signal);
      try {
        return await work();
      } finally {
        end(nameOf(whose.group, whose.line));
        handOn();
      }
    },
  };
}

const nameOf = (group: string, line: string): string => `${group} ${line}`;

const NOBODY: [string, Line] = ['', []];

const sizeOf = (group: Group): number => [...group.values()].reduce((sum, { length }) => sum + length, 0);

/** The first of a line, which goes behind the others of its group. */
function next(group: Group, name: string): Waiting | undefined {
  const line = group.get(name) ?? [];
  const first = line.shift();
  group.delete(name);
  if (line.length > 0) group.set(name, line);
  return first;
}
