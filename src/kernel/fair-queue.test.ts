import { describe, expect, it } from 'vitest';
import { fairQueue } from './fair-queue.ts';

const FULL = new Error('full');
const A = { group: 'a', member: 'a' };

/** Creates a fair queue that runs one task at a time, and occupies it until `go` is called. */
function occupiedQueue(bounds: { maxWaitingPerMember: number; maxWaiting: number; maxWaitMs?: number }) {
  const line = fairQueue({ concurrency: 1, createFullError: () => FULL, ...bounds });
  const done: string[] = [];
  const { promise: held, resolve: go } = Promise.withResolvers<void>();
  void line.run({ group: 'first', member: 'first' }, () => held);
  /**
   * Queues tasks with these names and returns their outcomes in the same order. `a1 a2 b1` are two tasks of group a and
   * one task of group b; `xa1` belongs to member a of group x.
   */
  const enqueue = (names: string) =>
    names.split(' ').map((name) =>
      line
        .run({ group: name.charAt(0), member: name.slice(0, -1) }, async () => void done.push(name))
        .then(
          () => `${name} done`,
          (error) => `${name} ${error.message}`,
        ),
    );
  return { done, enqueue, go };
}

describe('fair queue', () => {
  it('alternates between groups, however many tasks one group has waiting', async () => {
    const { enqueue, done, go } = occupiedQueue({ maxWaitingPerMember: 10, maxWaiting: 10 });
    const all = enqueue('a1 a2 a3 a4 b1 b2 c1');
    go();
    await Promise.all(all);
    expect(done.join(' ')).toBe('a1 b1 c1 a2 b2 a3 a4');
  });

  it('rejects tasks of a member with too many waiting, and no other member’s', async () => {
    const { enqueue, go } = occupiedQueue({ maxWaitingPerMember: 2, maxWaiting: 10 });
    const all = enqueue('a1 a2 a3 b1');
    go();
    expect(await Promise.all(all)).toEqual(['a1 done', 'a2 done', 'a3 full', 'b1 done']);
  });

  it('limits all waiting tasks: when full, the group with the most drops a task for a group with fewer', async () => {
    const { enqueue, go } = occupiedQueue({ maxWaitingPerMember: 10, maxWaiting: 5 });
    const all = enqueue('a1 a2 a3 b1 b2 c1 d1 a4 b3 e1 f1 g1');
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

  it('gives a group with many members the same share as a group with one', async () => {
    const { enqueue, done, go } = occupiedQueue({ maxWaitingPerMember: 10, maxWaiting: 10 });
    const all = enqueue('xa1 xb1 xc1 xa2 y1 z1');
    go();
    await Promise.all(all);
    expect(done.join(' ')).toBe('xa1 y1 z1 xb1 xc1 xa2');
  });

  it('drops a task of a larger group when full, however few tasks each of its members has', async () => {
    const { enqueue, go } = occupiedQueue({ maxWaitingPerMember: 10, maxWaiting: 3 });
    const all = enqueue('xa1 xb1 xc1 y1 xd1');
    go();
    const became = await Promise.all(all);
    expect(became.filter((one) => one.startsWith('x') && one.endsWith('done'))).toHaveLength(2);
    expect(became[3]).toBe('y1 done');
    expect(became[4]).toBe('xd1 full');
  });

  it('releases the slot after a failed task, and never runs more tasks at once than it has slots', async () => {
    const line = fairQueue({ concurrency: 2, maxWaitingPerMember: 10, maxWaiting: 10, createFullError: () => FULL });
    let [now, highest] = [0, 0];
    const work = (index: number) => async () => {
      now += 1;
      highest = Math.max(highest, now);
      await Promise.resolve();
      now -= 1;
      if (index % 2 === 0) throw new Error('failed');
      return index;
    };
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => line.run(A, work(index))));
    expect(all.map(({ status }) => status)).toEqual(all.map((_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')));
    expect({ most: highest, inTurn: await line.run({ group: 'b', member: 'b' }, async () => 'still open') }).toEqual({
      most: 2,
      inTurn: 'still open',
    });
  });

  it('limits the slots of one member, so that the others stay free for later arrivals', async () => {
    const line = fairQueue({
      concurrency: 3,
      concurrencyPerMember: 2,
      maxWaitingPerMember: 10,
      maxWaiting: 10,
      createFullError: () => FULL,
    });
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const enqueue = (group: string, name: string) =>
      line.run({ group, member: group }, async () => {
        begun.push(name);
        await held;
      });
    const all = [
      enqueue('a', 'a1'),
      enqueue('a', 'a2'),
      enqueue('a', 'a3'),
      enqueue('a', 'a4'),
      enqueue('b', 'b1'),
      enqueue('c', 'c1'),
    ];
    await Promise.resolve();
    expect(begun.join(' ')).toBe('a1 a2 b1');
    go();
    await Promise.all(all);
    expect(begun.join(' ')).toBe('a1 a2 b1 a3 c1 a4');
  });

  it('rejects a task that has waited for the maximum time', async () => {
    const { enqueue, done, go } = occupiedQueue({ maxWaitingPerMember: 10, maxWaiting: 10, maxWaitMs: 1 });
    expect(await Promise.all(enqueue('a1 b1'))).toEqual(['a1 full', 'b1 full']);
    go();
    expect(await Promise.all(enqueue('a2'))).toEqual(['a2 done']);
    expect(done).toEqual(['a2']);
  });

  it('removes an aborted task from the queue without affecting the others', async () => {
    const line = fairQueue({ concurrency: 1, maxWaitingPerMember: 10, maxWaiting: 10, createFullError: () => FULL });
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const first = line.run(A, () => held);
    const leaving = new AbortController();
    const left = line.run(A, async () => 'done', leaving.signal);
    const stays = line.run(A, async () => 'done');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    go();
    await first;
    expect(await stays).toBe('done');
    await expect(line.run(A, async () => 'done', leaving.signal)).rejects.toThrow('gone');
  });
});
