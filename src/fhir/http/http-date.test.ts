import { describe, expect, it } from 'vitest';
import { parseHttpDate } from './http-date.ts';

const NOW = new Date('2026-11-02T09:00:00Z');
const read = (text: string) => {
  const found = parseHttpDate(text, NOW);
  return found === undefined ? undefined : new Date(found).toISOString();
};

describe('HTTP-dates (RFC 9110 §5.6.7)', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Monday, 02-Nov-26 09:00:00 GMT', '2026-11-02T09:00:00.000Z'],
    ['Thu, 29 Feb 2024 23:59:60 GMT', '2024-02-29T23:59:59.000Z'],
  ])('%s is accepted', (text, at) => {
    expect(read(text)).toBe(at);
  });

  it.each([
    '',
    '0',
    '2024-05-17T09:30:00Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Thu, 30 Feb 2024 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('%j is rejected', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
