import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { later, minutes, seconds, sha256 } from '../../src/kernel/index.ts';
import {
  countUse,
  countUses,
  purgeExpiredUses,
  resetUses,
  type SharedRateLimit,
  uncountUse,
} from '../../src/rate-limit/index.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

const LIMIT: SharedRateLimit = { max: 3, window: minutes(15), name: 'guesses' };
const START = new Date('2026-04-01T12:00:00Z');

describe('limit counted in the database', () => {
  let database: EmptyDatabase;
  let now = START;
  const clock = { now: () => now };
  beforeAll(async () => {
    database = await emptyDatabase(testDatabase());
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    now = START;
    await database.db.queryText('delete from throttle', []);
  });
  const count = (key: string, limit = LIMIT) => countUse({ db: database.db, clock }, limit, key);

  it('counts concurrent uses one by one', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => count('a')));
    expect(results.filter((exceeded) => exceeded === undefined)).toHaveLength(LIMIT.max);
    now = later(START, seconds(60));
    expect(await count('a')).toEqual({ until: later(START, minutes(15)), retryAfter: 14 * 60 });
    expect(await count('b')).toBeUndefined();
    expect(await count('a', { ...LIMIT, name: 'other guesses' })).toBeUndefined();
  });
  it('starts again after the window', async () => {
    for (let i = 0; i < LIMIT.max; i++) expect(await count('a')).toBeUndefined();
    now = later(START, minutes(15) - 1);
    expect(await count('a')).toBeDefined();
    now = later(START, minutes(15));
    expect(await count('a')).toBeUndefined();
  });
  it('un-counts one use and never below zero', async () => {
    await count('a');
    for (let i = 0; i < 2; i++) await uncountUse(database.db, LIMIT, 'a');
    for (let i = 0; i < LIMIT.max; i++) expect(await count('a')).toBeUndefined();
    expect(await count('a')).toBeDefined();
    await resetUses(database.db, LIMIT, 'a');
    expect(await count('a')).toBeUndefined();
  });
  it('counts against several limits at once and returns the longest wait', async () => {
    const short: SharedRateLimit = { max: 1, window: minutes(5), name: 'short' };
    const long: SharedRateLimit = { max: 2, window: minutes(10), name: 'long' };
    const use = () =>
      countUses({ db: database.db, clock }, [
        { limit: short, key: 'a' },
        { limit: long, key: 'a' },
      ]);
    expect(await use()).toBeUndefined();
    expect((await use())?.retryAfter).toBe(300);
    expect((await use())?.retryAfter).toBe(600);
  });
  it('stores a hash of the name, the separator and the key', async () => {
    await count('192.0.2.1', { ...LIMIT, name: 'enrollment from', separator: ' ' });
    await count('a');
    const text = 'select from throttle where key = any($1::bytea[])';
    const keys = [sha256('enrollment from 192.0.2.1'), sha256('guesses\u0000a')];
    expect(await database.db.queryText(text, [keys])).toHaveLength(2);
  });
  it('purges counts whose window has ended', async () => {
    await count('a');
    now = later(now, minutes(16));
    await count('new');
    await purgeExpiredUses(database.db, now);
    expect(await database.db.queryText('select from throttle', [])).toHaveLength(1);
  });
});
