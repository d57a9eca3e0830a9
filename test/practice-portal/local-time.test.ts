import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLocalTime, parseLocalTime } from '../../src/practice-portal/disclosures/local-time.ts';
import '../support/runs/seed.ts';

const NEW_YORK = 'America/New_York';
const at = (text: string, of: 'earlier' | 'later' = 'earlier', zone = NEW_YORK) =>
  parseLocalTime(text, zone, of)?.toISOString();

describe('HTML §2.3.5.6, a local date and time in a time zone', () => {
  it('is an instant, in summer and in winter', () => {
    expect(at('2026-07-01T12:00')).toBe('2026-07-01T16:00:00.000Z');
    expect(at('2026-12-01T12:00')).toBe('2026-12-01T17:00:00.000Z');
    expect(at('2026-12-01T12:00:59.5')).toBe('2026-12-01T17:00:00.000Z');
    expect(at('2026-12-01T12:00', 'earlier', 'Asia/Kathmandu')).toBe('2026-12-01T06:15:00.000Z');
    expect(at('2026-12-01T12:00', 'earlier', 'UTC')).toBe('2026-12-01T12:00:00.000Z');
  });

  it('that occurs twice is the earlier or the later, as the end of the period requires, so nothing between them is lost', () => {
    expect(at('2026-11-01T01:30', 'earlier')).toBe('2026-11-01T05:30:00.000Z');
    expect(at('2026-11-01T01:30', 'later')).toBe('2026-11-01T06:30:00.000Z');
    expect(at('2026-11-01T03:30', 'earlier')).toBe(at('2026-11-01T03:30', 'later'));
  });

  it('that does not occur is read as if the clocks had not changed', () => {
    expect(at('2026-03-08T02:30', 'earlier')).toBe('2026-03-08T07:30:00.000Z');
    expect(at('2026-03-08T02:30', 'later')).toBe('2026-03-08T07:30:00.000Z');
  });

  it.each([
    '',
    'today',
    '2026-02-30T10:00',
    '2026-13-01T10:00',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-01-01',
    '0000-01-01T00:00',
    '2026-01-01T10:00Z',
    '99999-01-01T10:00',
  ])('is rejected if it is invalid: %j', (text) => {
    expect(at(text)).toBeUndefined();
  });

  it('survives a round trip for every minute and zone', () => {
    const minute = fc
      .integer({ min: Date.UTC(1970, 0) / 60_000, max: Date.UTC(2099, 0) / 60_000 })
      .map((n) => new Date(n * 60_000));
    const zone = fc.constantFrom(
      NEW_YORK,
      'America/Phoenix',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'UTC',
      'Europe/Dublin',
    );
    fc.assert(
      fc.property(minute, zone, (instant, where) => {
        const text = formatLocalTime(instant, where);
        const found = [parseLocalTime(text, where, 'earlier'), parseLocalTime(text, where, 'later')].map((one) =>
          one?.getTime(),
        );
        expect(found).toContain(instant.getTime());
      }),
    );
  });
});
