import { describe, expect, it } from 'vitest';
import { later } from './clock.ts';
import { ttlCache } from './ttl-cache.ts';

const START = new Date('2026-05-01T10:00:00Z');

/** Creates a cache whose look-ups read a table that tests change, and records these look-ups. */
function cacheOf(table: Record<string, string>, maxEntries?: number) {
  const loads: string[] = [];
  let now = START;
  const load = async (key: string) => {
    loads.push(key);
    return table[key];
  };
  const move = (milliseconds: number) => {
    now = later(now, milliseconds);
  };
  return { cache: ttlCache({ now: () => now }, load, maxEntries), loads, move };
}

describe('a cached look-up', () => {
  it('is cached for less than a second', async () => {
    const table = { a: 'old' };
    const { cache, loads, move } = cacheOf(table);
    expect(await cache.get('a')).toBe('old');
    table.a = 'new';
    move(999);
    expect(await cache.get('a')).toBe('old');
    move(1);
    expect(cache.peek('a')).toBeUndefined();
    expect(await cache.get('a')).toBe('new');
    expect(loads).toEqual(['a', 'a']);
  });
  it('ages from the start of the look-up, however long the look-up took', async () => {
    let now = START;
    const slow = ttlCache({ now: () => now }, async () => {
      now = later(now, 1000);
      return 'late';
    });
    expect(await slow.get('a')).toBe('late');
    expect(slow.peek('a')).toBeUndefined();
  });
  it('is not cached when nothing was found', async () => {
    const table: Record<string, string> = {};
    const { cache, loads } = cacheOf(table);
    expect(await cache.get('a')).toBeUndefined();
    table['a'] = 'here';
    expect(await cache.get('a')).toBe('here');
    expect(loads).toEqual(['a', 'a']);
  });
  it('is stale when the clock was set back', async () => {
    const table = { a: 'old' };
    const { cache, move } = cacheOf(table);
    await cache.get('a');
    table.a = 'new';
    move(-1);
    expect(await cache.get('a')).toBe('new');
    expect(cache.peek('a')).toBe('new');
  });
  it('is replaced by a forced refresh', async () => {
    const table: Record<string, string> = { a: 'old' };
    const { cache } = cacheOf(table);
    await cache.get('a');
    table['a'] = 'new';
    expect(await cache.refresh('a')).toBe('new');
    expect(cache.peek('a')).toBe('new');
    delete table['a'];
    expect(await cache.refresh('a')).toBeUndefined();
    expect(cache.peek('a')).toBeUndefined();
  });
  it('is not cached when it fails', async () => {
    let up = false;
    const cache = ttlCache({ now: () => START }, async () => {
      if (!up) throw new Error('the database is gone');
      return 'back';
    });
    await expect(cache.get('a')).rejects.toThrow('gone');
    up = true;
    expect(await cache.get('a')).toBe('back');
  });
});

describe('an invalidated entry', () => {
  it('is looked up again, and no other entry is', async () => {
    const { cache, loads } = cacheOf({ a: '1', b: '2' });
    await cache.get('a');
    await cache.get('b');
    cache.invalidate((key) => key === 'a');
    expect({ a: cache.peek('a'), b: cache.peek('b') }).toEqual({ a: undefined, b: '2' });
    await cache.get('a');
    expect(loads).toEqual(['a', 'b', 'a']);
  });
  it('is not cached from a look-up that was under way during the invalidation', async () => {
    const answers: ((value: string) => void)[] = [];
    const cache = ttlCache({ now: () => START }, () => new Promise<string>((resolve) => answers.push(resolve)));
    const finding = cache.get('a');
    cache.invalidate((key) => key === 'a');
    answers[0]?.('from before');
    expect(await finding).toBe('from before');
    expect(cache.peek('a')).toBeUndefined();
  });
});

describe('the cache size is bounded', () => {
  it('drops the oldest entries beyond the maximum', async () => {
    const { cache } = cacheOf({ a: '1', b: '2', c: '3' }, 2);
    for (const key of ['a', 'b', 'a', 'c']) await cache.refresh(key);
    expect(['a', 'b', 'c'].map(cache.peek)).toEqual(['1', undefined, '3']);
  });
  it('removes stale entries on insert, so that setting the clock back does not revive them', async () => {
    const { cache, move } = cacheOf({ old: '1', new: '2' });
    await cache.get('old');
    move(1000);
    await cache.get('new');
    move(-1000);
    expect(cache.peek('old')).toBeUndefined();
  });
});
