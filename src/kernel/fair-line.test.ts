import { describe, expect, it } from 'vitest';
import { fairLine } from './fair-line.ts';

const FULL = new Error('full');
const A = { group: 'a', line: 'a' };

/** A line with one place, which is taken until `go` is called. */
function heldLine(bounds: { each: number; all: number; patience?: number }) {
  const line = fairLine({ atOnce: 1, full: () => FULL, ...bounds });
  const done: string[] = [];
  const { promise: held, resolve: go } = Promise.withResolvers<void>();
  void line.inTurn({ group: 'first', line: 'first' }, () => held);
  /** What became of each, in the order in which they came: `a1 a2 b1` are two of group a and one of b; `xa1` is of line a in group x. */
  const come = (names: string) =>
    names.split(' ').map((name) =>
      line
        .inTurn({ group: name.charAt(0), line: name.slice(0, -1) }, async () => void done.push(name))
        .then(
          () => `${name} done`,
          (error) => `${name} ${error.message}`,
        ),
    );
  return { done, come, go };
}

describe('a line with few places', () => {
  it('lets each have a turn, however many another has waiting', async () => {
    const { come, done, go } = heldLine({ each: 10, all: 10 });
    const all = come('a1 a2 a3 a4 b1 b2 c1');
    go();
    await Promise.all(all);
    expect(done.join(' ')).toBe('a1 b1 c1 a2 b2 a3 a4');
  });

  it('refuses one who has too many waiting, and no other', async () => {
    const { come, go } = heldLine({ each: 2, all: 10 });
    const all = come('a1 a2 a3 b1');
    go();
    expect(await Promise.all(all)).toEqual(['a1 done', 'a2 done', 'a3 full', 'b1 done']);
  });

  it('has a bound for all: when it is reached, whoever has most gives way to whoever has fewer', async () => {
    const { come, go } = heldLine({ each: 10, all: 5 });
    const all = come('a1 a2 a3 b1 b2 c1 d1 a4 b3 e1 f1 g1');
    go();
    expect(await Promise.all(all)).toEqual([
      'a1 done',
      'a2 full',
      'a3 full',
      'b1 done',
      'b2 full',
      'c1 done',
      'd1 done',
      'a4 full',
      'b3 full',
      'e1 done',
      'f1 full',
      'g1 full',
    ]);
  });

  it('a group with many lines is one of many groups', async () => {
    const { come, done, go } = heldLine({ each: 10, all: 10 });
    const all = come('xa1 xb1 xc1 xa2 y1 z1');
    go();
    await Promise.all(all);
    expect(done.join(' ')).toBe('xa1 y1 z1 xb1 xc1 xa2');
  });

  it('and gives way to a group with fewer, however short its lines are', async () => {
    const { come, go } = heldLine({ each: 10, all: 3 });
    const all = come('xa1 xb1 xc1 y1 xd1');
    go();
    const became = await Promise.all(all);
    expect(became.filter((one) => one.startsWith('x') && one.endsWith('done'))).toHaveLength(2);
    expect(became[3]).toBe('y1 done');
    expect(became[4]).toBe('xd1 full');
  });

  it('gives the place back after work that fails, and takes no more at once than it has places', async () => {
    const line = fairLine({ atOnce: 2, each: 10, all: 10, full: () => FULL });
    let [now, most] = [0, 0];
    const work = (index: number) => async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      if (index % 2 === 0) throw new Error('failed');
      return index;
    };
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => line.inTurn(A, work(index))));
    expect(all.map(({ status }) => status)).toEqual(all.map((_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')));
    expect({ most, inTurn: await line.inTurn({ group: 'b', line: 'b' }, async () => 'still open') }).toEqual({
      most: 2,
      inTurn: 'still open',
    });
  });

  it('has a bound for the places of one line: the others are free for those who come later', async () => {
    const line = fairLine({ atOnce: 3, atOnceOfLine: 2, each: 10, all: 10, full: () => FULL });
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const come = (group: string, name: string) =>
      line.inTurn({ group, line: group }, async () => {
        begun.push(name);
        await held;
      });
    const all = [come('a', 'a1'), come('a', 'a2'), come('a', 'a3'), come('a', 'a4'), come('b', 'b1'), come('c', 'c1')];
    await Promise.resolve();
    expect(begun.join(' ')).toBe('a1 a2 b1');
    go();
    await Promise.all(all);
    expect(begun.join(' ')).toBe('a1 a2 b1 a3 c1 a4');
  });

  it('nobody waits longer than they have patience', async () => {
    const { come, done, go } = heldLine({ each: 10, all: 10, patience: 1 });
    expect(await Promise.all(come('a1 b1'))).toEqual(['a1 full', 'b1 full']);
    go();
    expect(await Promise.all(come('a2'))).toEqual(['a2 done']);
    expect(done).toEqual(['a2']);
  });

  it('who leaves gives up the turn, and nobody else loses theirs', async () => {
    const line = fairLine({ atOnce: 1, each: 10, all: 10, full: () => FULL });
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const first = line.inTurn(A, () => held);
    const leaving = new AbortController();
    const left = line.inTurn(A, async () => 'done', leaving.signal);
    const stays = line.inTurn(A, async () => 'done');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    go();
    await first;
    expect(await stays).toBe('done');
    await expect(line.inTurn(A, async () => 'done', leaving.signal)).rejects.toThrow('gone');
  });
});
