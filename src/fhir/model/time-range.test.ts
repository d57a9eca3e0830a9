import { describe, expect, it } from 'vitest';
import { parseDateRange, toPostgresInstant } from './time-range.ts';

const at = (text: string) => Date.parse(text);

describe('the time range of a date (FHIR R4 search §3.1.1.4.7)', () => {
  it.each([
    ['2014', '2014-01-01T00:00:00Z', '2015-01-01T00:00:00Z'],
    ['2014-12', '2014-12-01T00:00:00Z', '2015-01-01T00:00:00Z'],
    ['2016-02', '2016-02-01T00:00:00Z', '2016-03-01T00:00:00Z'],
    ['2014-08-19', '2014-08-19T00:00:00Z', '2014-08-20T00:00:00Z'],
    ['2014-08-19T01:16Z', '2014-08-19T01:16:00Z', '2014-08-19T01:17:00Z'],
    ['2014-08-19T01:16:46-04:00', '2014-08-19T05:16:46Z', '2014-08-19T05:16:47Z'],
    ['2014-08-19T01:16:46', '2014-08-19T01:16:46Z', '2014-08-19T01:16:47Z'],
    ['2014-08-19T01:16:46.8245+05:45', '2014-08-18T19:31:46.824Z', '2014-08-18T19:31:46.825Z'],
    ['2014-08-19T01:16:46+14:00', '2014-08-18T11:16:46Z', '2014-08-18T11:16:47Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z', '2017-01-01T00:00:01Z'],
    ['0099-01-01', '0099-01-01T00:00:00Z', '0099-01-02T00:00:00Z'],
  ])('%s', (text, low, high) => {
    expect(parseDateRange(text)).toEqual({ low: at(low), high: at(high) });
  });

  it.each([
    '',
    '14',
    '2014-13',
    '2014-00',
    '2015-02-29',
    '2014-02-30',
    '2014-08-19T24:00:00Z',
    '2014-08-19T01:60Z',
    '2014-08-19T01:16:46+14:01',
    '2014-08-19T01:16:46-15:00',
    '2014-08-19T01:16:46+05:60',
    '2014-8-19',
    'today',
    '0000',
  ])('%s is rejected', (text) => {
    expect(parseDateRange(text)).toBeUndefined();
  });
});

describe('an instant printed for PostgreSQL', () => {
  it.each([
    [at('2014-08-19T05:16:46.001Z'), '2014-08-19T05:16:46.001Z'],
    [Number.NEGATIVE_INFINITY, '-infinity'],
    [Number.POSITIVE_INFINITY, 'infinity'],
    [parseDateRange('9999')?.high ?? 0, 'infinity'],
    [(parseDateRange('0001-01-01')?.low ?? 0) - 1, '-infinity'],
  ])('%d becomes %s', (milliseconds, text) => {
    expect(toPostgresInstant(milliseconds)).toBe(text);
  });
});
