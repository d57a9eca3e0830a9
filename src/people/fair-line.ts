/** Work for which there are few places. Groups take turns, and within a group its lines do. */
export interface FairLine {
  /** Does the work when its turn comes. */
  inTurn<Result>(whose: Whose, work: () => Promise<Result>): Promise<Result>;
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
  /** Most that wait in one line. */
  readonly each: number;
  /** Most that wait in all lines. */
  readonly all: number;
  /** What is told to whoever finds no room. */
  readonly full: () => Error;
}

interface Waiting {
  readonly begin: () => void;
  readonly giveWay: () => void;
}
type Line = Waiting[];
type Group = Map<string, Line>;

export function fairLine({ atOnce, each, all, full }: LineBounds): FairLine {
  /** No line and no group is empty; the first is whose turn it is. */
  const groups = new Map<string, Group>();
  let running = 0;
  let waiting = 0;

  async function place(whose: Whose): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    const group = groups.get(whose.group) ?? new Map<string, Line>();
    const line = group.get(whose.line) ?? [];
    if (line.length >= each || (waiting >= all && !makeRoom(group, line))) throw full();
    waiting += 1;
    groups.set(whose.group, group);
    group.set(whose.line, line);
    await new Promise<void>((begin, refuse) => line.push({ begin, giveWay: () => refuse(full()) }));
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

  /** The place is handed on rather than given back, so nobody can slip in between. */
  function handOn(): void {
    const [turn] = groups;
    if (turn === undefined) {
      running -= 1;
      return;
    }
    const [name, group] = turn;
    waiting -= 1;
    next(group)?.begin();
    groups.delete(name);
    if (group.size > 0) groups.set(name, group);
  }

  return {
    async inTurn(whose, work) {
      await place(whose);
      try {
        return await work();
      } finally {
        handOn();
      }
    },
  };
}

const NOBODY: [string, Line] = ['', []];

const sizeOf = (group: Group): number => [...group.values()].reduce((sum, { length }) => sum + length, 0);

function next(group: Group): Waiting | undefined {
  const [name = '', line = []] = [...group][0] ?? [];
  const first = line.shift();
  group.delete(name);
  if (line.length > 0) group.set(name, line);
  return first;
}
