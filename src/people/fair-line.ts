/** Work for which there are few places. Whoever asks for it has a line of their own, and the lines take turns. */
export interface FairLine {
  /**
   * Does the work when its turn comes.
   * @param whose line it waits in
   */
  inTurn<Result>(whose: string, work: () => Promise<Result>): Promise<Result>;
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

export function fairLine({ atOnce, each, all, full }: LineBounds): FairLine {
  /** Nobody's line is empty; the first is whose turn it is. */
  const lines = new Map<string, Waiting[]>();
  let running = 0;
  let waiting = 0;

  async function place(whose: string): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    const line = lines.get(whose) ?? [];
    if (line.length >= each || (waiting >= all && !makeRoom(line))) throw full();
    waiting += 1;
    lines.set(whose, line);
    await new Promise<void>((begin, refuse) => line.push({ begin, giveWay: () => refuse(full()) }));
  }

  /** Whoever came last to the longest line gives way, unless this line would be as long then. */
  function makeRoom({ length }: readonly Waiting[]): boolean {
    const longest = [...lines.values()].reduce((one, other) => (other.length > one.length ? other : one), []);
    if (longest.length <= length + 1) return false;
    waiting -= 1;
    longest.pop()?.giveWay();
    return true;
  }

  /** The place is handed on rather than given back, so nobody can slip in between. */
  function handOn(): void {
    const [turn] = lines;
    if (turn === undefined) {
      running -= 1;
      return;
    }
    const [whose, line] = turn;
    waiting -= 1;
    lines.delete(whose);
    line.shift()?.begin();
    if (line.length > 0) lines.set(whose, line);
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
