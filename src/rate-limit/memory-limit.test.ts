import { beforeEach, describe, expect, it } from 'vitest';
import { clientNetwork, later, minutes, seconds } from '../kernel/index.ts';
import { createMemoryCounts, shareLimits } from './memory-limit.ts';

describe('limit counted in memory', () => {
  const START = new Date('2026-04-01T12:00:20Z');
  let now = START;
  const clock = { now: () => now };
  let limit: ReturnType<typeof createMemoryCounts>;
  beforeEach(() => {
    now = START;
    limit = createMemoryCounts(clock, { max: 3, window: minutes(1) });
  });

  it('blocks a key beyond the limit, returns the remaining seconds and affects no other key', () => {
    for (let i = 0; i < 3; i++) {
      expect(limit.check('a')).toBeUndefined();
      expect(limit.count('a')).toBeUndefined();
    }
    now = later(now, seconds(20));
    expect(limit.check('a')?.retryAfter).toBe(40);
    expect(limit.count('a')).toEqual({ retryAfter: 40, until: later(now, seconds(40)) });
    expect(limit.check('b')).toBeUndefined();
  });
  it('allows its part of the limit, rounded up, if several processes share the port', () => {
    shareLimits(2);
    const part = createMemoryCounts(clock, { max: 3, window: minutes(1) });
    shareLimits(1);
    expect({ first: part.count('a'), second: part.count('a') }).toEqual({ first: undefined, second: undefined });
    expect(part.count('a')).toBeDefined();
  });
  it('allows the key again when its window has ended', () => {
    for (let i = 0; i < 3; i++) limit.count('a');
    now = later(now, seconds(59));
    expect(limit.check('a')?.retryAfter).toBe(1);
    now = later(now, seconds(1));
    expect(limit.check('a')).toBeUndefined();
    expect(limit.count('a')).toBeUndefined();
    expect(limit.check('a')).toBeUndefined();
  });
  it('forgets a use that was un-counted, and the window that it started', () => {
    limit.count('c');
    limit.uncount('c');
    now = later(now, seconds(30));
    for (let i = 0; i < 3; i++) expect(limit.count('c')).toBeUndefined();
    expect(limit.count('c')?.retryAfter).toBe(60);
    limit.uncount('c');
    limit.uncount('c');
    expect(limit.count('c')).toBeUndefined();
    expect(limit.count('c')?.retryAfter).toBe(60);
    limit.uncount('unknown');
  });
  it('starts aligned windows at multiples of their length', () => {
    const aligned = createMemoryCounts(clock, { max: 1, window: minutes(1), aligned: true });
    now = new Date('2026-04-01T12:10:50Z');
    aligned.count('a');
    expect(aligned.check('a')?.retryAfter).toBe(10);
    now = later(now, seconds(10));
    expect(aligned.check('a')).toBeUndefined();
  });
  it('remembers a bounded number of keys', () => {
    for (let i = 0; i < 3; i++) limit.count('old');
    for (let i = 0; i < 10_000; i++) limit.count(`new ${i}`);
    expect(limit.check('old')).toBeUndefined();
  });
});

describe('addresses of one network', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(clientNetwork(one) === clientNetwork(other)).toBe(same);
  });
});
