import { describe, expect, it } from 'vitest';
import { later, minutes, networkOf, seconds } from '../../kernel/index.ts';
import { rateLimit } from './rate-limit.ts';

describe('rate limit', () => {
  let now = new Date('2026-04-01T12:00:00Z');
  const limit = rateLimit({ now: () => now }, { most: 3, within: minutes(1) });

  it('blocks a key at the limit, returns the remaining seconds and affects no other key', () => {
    for (let i = 0; i < 3; i++) {
      expect(limit.wait('a')).toBeUndefined();
      limit.count('a');
    }
    now = later(now, seconds(20));
    expect(limit.wait('a')).toBe(40);
    expect(limit.wait('b')).toBeUndefined();
  });
  it('allows the key again when its window has ended', () => {
    now = later(now, seconds(40));
    expect(limit.wait('a')).toBeUndefined();
    limit.count('a');
    expect(limit.wait('a')).toBeUndefined();
  });
  it('remembers a bounded number of keys', () => {
    for (let i = 0; i < 3; i++) limit.count('old');
    for (let i = 0; i < 10_000; i++) limit.count(`new ${i}`);
    expect(limit.wait('old')).toBeUndefined();
  });
});

describe('addresses of one network', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(networkOf(one) === networkOf(other)).toBe(same);
  });
});
