import { describe, expect, it } from 'vitest';
import { clientNetwork, later, minutes, seconds } from '../../kernel/index.ts';
import { createRateLimit } from './rate-limit.ts';

describe('rate limit', () => {
  let now = new Date('2026-04-01T12:00:00Z');
  const limit = createRateLimit({ now: () => now }, { most: 3, within: minutes(1) });

  it('blocks a key at the limit, returns the remaining seconds and affects no other key', () => {
    for (let i = 0; i < 3; i++) {
      expect(limit.secondsToWait('a')).toBeUndefined();
      limit.count('a');
    }
    now = later(now, seconds(20));
    expect(limit.secondsToWait('a')).toBe(40);
    expect(limit.secondsToWait('b')).toBeUndefined();
  });
  it('allows the key again when its window has ended', () => {
    now = later(now, seconds(40));
    expect(limit.secondsToWait('a')).toBeUndefined();
    limit.count('a');
    expect(limit.secondsToWait('a')).toBeUndefined();
  });
  it('remembers a bounded number of keys', () => {
    for (let i = 0; i < 3; i++) limit.count('old');
    for (let i = 0; i < 10_000; i++) limit.count(`new ${i}`);
    expect(limit.secondsToWait('old')).toBeUndefined();
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
