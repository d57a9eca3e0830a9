import { describe, expect, it } from 'vitest';
import { groupCommit } from './group-commit.ts';

/** A log of the groups, whose commits end when the test lets them. */
function recorder(options: { maxItems?: number; keyOf?: (item: string) => string; bad?: string } = {}) {
  const groups: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const commit = groupCommit<string, string>({
    maxItems: 10,
    isCausedByItem: (error) => String(error) === 'Error: bad value',
    ...options,
    async commit(items) {
      groups.push(items);
      await new Promise<void>((end) => ends.push(end));
      if (options.bad !== undefined && items.includes(options.bad)) throw new Error('bad value');
      return items.map((item) => `${item} done`);
    },
  });
  const endAll = async (): Promise<void> => {
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await new Promise(setImmediate);
    }
  };
  return { commit, groups, endAll };
}

describe('items that are committed in groups', () => {
  it('are committed at once if nothing is in progress, and otherwise together', async () => {
    const { commit, groups, endAll } = recorder();
    const results = ['a', 'b', 'c'].map(commit);
    await endAll();
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done']);
    expect(groups).toEqual([['a'], ['b', 'c']]);
  });

  it('form groups of limited size', async () => {
    const { commit, groups, endAll } = recorder({ maxItems: 2 });
    const results = ['a', 'b', 'c', 'd'].map(commit);
    await endAll();
    await Promise.all(results);
    expect(groups).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('with equal keys are in different groups, in their order', async () => {
    const { commit, groups, endAll } = recorder({ keyOf: (item) => item.slice(0, 1) });
    const results = ['x', 'a1', 'a2', 'b1', 'a3'].map(commit);
    await endAll();
    await Promise.all(results);
    expect(groups).toEqual([['x'], ['a1', 'b1'], ['a2'], ['a3']]);
  });

  it('fail alone if one of them is the cause', async () => {
    const { commit, groups, endAll } = recorder({ bad: 'b' });
    const results = Promise.allSettled(['x', 'a', 'b', 'c'].map(commit));
    await endAll();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(groups).toEqual([['x'], ['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });
});
