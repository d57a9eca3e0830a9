import { describe, expect, it } from 'vitest';
import type { App } from '../../domain/index.ts';
import { later, minutes, seconds } from '../../kernel/index.ts';
import { createKeySets } from './key-set.ts';
import { FetchError } from './safe-fetch.ts';

const app = { jwksUri: 'https://app.example/jwks' } as App;

/** Publishes a key set and creates the cache that reads it. The clock stands still until the test moves it. */
function published(kids: readonly string[], headers: Record<string, string> = {}) {
  const at = { now: new Date('2026-04-01T12:00:00Z'), text: setOf(kids), headers, fails: false, fetches: 0 };
  const sets = createKeySets({
    clock: { now: () => at.now },
    trustedHosts: [],
    async fetched() {
      at.fetches += 1;
      if (at.fails) throw new FetchError('fetch-status', 'it responded with status 500');
      return { text: at.text, headers: at.headers };
    },
  });
  return Object.assign(at, {
    find: async (kid: string) => (await sets.find(app, kid)).length,
    pass: (milliseconds: number) => {
      at.now = later(at.now, milliseconds);
    },
  });
}

const setOf = (kids: readonly string[]) => JSON.stringify({ keys: kids.map((kid) => ({ kid, kty: 'RSA' })) });

describe('SMART App Launch 2.2: a key set is cached no longer than its server allows', () => {
  it.each([
    [{ 'cache-control': 'max-age=60' }, 60],
    [{ 'cache-control': 'public, max-age=60', age: '20' }, 40],
    [{}, 300],
    [{ 'cache-control': 'public' }, 300],
    [{ 'cache-control': 'max-age=99999' }, 3600],
  ])('%j: cached for %i s', async (headers, life) => {
    const set = published(['a'], headers);
    expect(await set.find('a')).toBe(1);
    set.pass(seconds(life) - 1);
    expect(await set.find('a')).toBe(1);
    expect(set.fetches).toBe(1);
    set.pass(1);
    expect(await set.find('a')).toBe(1);
    expect(set.fetches).toBe(2);
  });
  it.each(['no-store', 'no-cache', 'max-age=0'])('%s: not cached', async (control) => {
    const set = published(['a'], { 'cache-control': control });
    expect({ first: await set.find('a'), second: await set.find('a'), fetches: set.fetches }).toEqual({
      first: 1,
      second: 1,
      fetches: 2,
    });
  });
});

describe('an unknown kid', () => {
  it('fetches the set again, so that new keys work at once', async () => {
    const set = published(['a']);
    await set.find('a');
    set.text = setOf(['a', 'b']);
    set.pass(seconds(10));
    expect({ found: await set.find('b'), fetches: set.fetches }).toEqual({ found: 1, fetches: 2 });
  });
  it('fetches at most once in ten seconds, even for invented kids', async () => {
    const set = published(['a']);
    for (let i = 0; i < 20; i++) expect(await set.find(`made-up-${i}`)).toBe(0);
    expect(set.fetches).toBe(1);
    set.pass(seconds(10));
    for (let i = 0; i < 20; i++) await set.find(`made-up-${i}`);
    expect(set.fetches).toBe(2);
  });
});

describe('fetching', () => {
  it('is shared by concurrent callers', async () => {
    const set = published(['a', 'b']);
    expect(await Promise.all(['a', 'b', 'a', 'c'].map(set.find))).toEqual([1, 1, 1, 0]);
    expect(set.fetches).toBe(1);
  });
  it('that fails keeps cached keys until they expire', async () => {
    const set = published(['a'], { 'cache-control': 'max-age=60' });
    await set.find('a');
    set.fails = true;
    set.pass(seconds(20));
    expect({ fromSecond: await set.find('b'), fromFirst: await set.find('a'), fetches: set.fetches }).toEqual({
      fromSecond: 0,
      fromFirst: 1,
      fetches: 2,
    });
    set.pass(minutes(1));
    await expect(set.find('a')).rejects.toThrow(
      "The key set at the registered jwks_uri can't be used: it responded with status 500.",
    );
  });
  it('that fails is retried only after a pause', async () => {
    const set = published(['a']);
    set.fails = true;
    for (let i = 0; i < 5; i++) await expect(set.find('a')).rejects.toThrow('status 500');
    expect(set.fetches).toBe(1);
    set.fails = false;
    set.pass(seconds(10));
    expect(await set.find('a')).toBe(1);
  });
  it.each(['<html>', '[]', '{"keys":{}}', 'null', ''])(
    'rejects a response that is not a key set (%s)',
    async (text) => {
      const set = published([]);
      set.text = text;
      await expect(set.find('a')).rejects.toThrow('it isn’t');
    },
  );
});

it('keys registered by value are found by kid', async () => {
  const sets = createKeySets({ clock: { now: () => new Date() }, trustedHosts: [] });
  const client = { jwks: { keys: [{ kid: 'a' }, null, { kid: 'b' }] } } as unknown as App;
  expect({ kept: await sets.find(client, 'a'), unknown: await sets.find(client, 'c') }).toEqual({
    kept: [{ kid: 'a' }],
    unknown: [],
  });
});
