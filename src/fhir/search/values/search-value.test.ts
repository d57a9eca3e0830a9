import { describe, expect, it } from 'vitest';
import { parseDate, parseReference, parseToken, splitAlternatives } from './search-value.ts';

const NOW = new Date('2026-11-02T00:00:00Z');

describe('alternatives (FHIR R4 search §3.1.1.4.0.1)', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a\\,b,c', ['a\\,b', 'c']],
    ['a\\\\,b', ['a\\\\', 'b']],
    [',a,,', ['a']],
    ['', []],
    ['a\\', ['a\\']],
  ])('%j', (text, parts) => {
    expect(splitAlternatives(text)).toEqual(parts);
  });
});

describe('tokens (FHIR R4 search §3.1.1.4.10)', () => {
  it.each([
    ['lab', undefined, 'lab'],
    ['http://loinc.org|8480-6', 'http://loinc.org', '8480-6'],
    ['|8480-6', '', '8480-6'],
    ['http://loinc.org|', 'http://loinc.org', undefined],
    ['a\\|b', undefined, 'a|b'],
    ['urn:x|a\\,b', 'urn:x', 'a,b'],
  ])('%s', (text, system, code) => {
    expect(parseToken('code', text)).toEqual({ system, code });
  });

  it.each(['|', 'a|b|c'])('%s is rejected', (text) => {
    expect(() => parseToken('code', text)).toThrow(expect.objectContaining({ code: 'search-invalid', status: 400 }));
  });
});

describe('dates (FHIR R4 search §3.1.1.4.5)', () => {
  it.each(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'])('reads the prefix %s', (prefix) => {
    const low = Date.parse('2024-05-01T00:00:00Z');
    expect(parseDate('date', `${prefix}2024-05`, NOW)).toEqual({
      prefix,
      low,
      high: Date.parse('2024-06-01T00:00:00Z'),
    });
  });

  it('uses eq without a prefix', () => {
    expect(parseDate('date', '2024', NOW).prefix).toBe('eq');
  });

  it('widens ap by a tenth of the time between now and the date', () => {
    const hundred = 100 * 86_400_000;
    const day = new Date(NOW.getTime() - hundred).toISOString().slice(0, 10);
    const { low, high } = parseDate('date', `ap${day}`, NOW);
    expect(low).toBeLessThan(NOW.getTime() - hundred - 9 * 86_400_000);
    expect(low).toBeGreaterThan(NOW.getTime() - hundred - 11 * 86_400_000);
    expect(high - low).toBeGreaterThan(19 * 86_400_000);
  });

  it('accepts the space that an unescaped plus sign becomes', () => {
    expect(parseDate('date', '2024-05-17T09:30:00 02:00', NOW).low).toBe(Date.parse('2024-05-17T07:30:00Z'));
  });

  it.each(['', 'gt', 'xx2024', '2024-5', 'yesterday', '2024-02-30', "2024'; drop table resource"])(
    'rejects %j and says what is expected',
    (text) => {
      expect(() => parseDate('date', text, NOW)).toThrow(/parameter date expects a date such as 2024/);
    },
  );
});

describe('references', () => {
  const base = 'https://records.example/r4';
  it.each([
    ['1a', undefined, '1a'],
    ['Patient/1A', 'Patient', '1a'],
    [`${base}/Patient/1a`, 'Patient', '1a'],
    [`${base.toUpperCase()}/Patient/1a`, 'Patient', '1a'],
  ])('%s', (text, type, id) => {
    expect(parseReference(text, base)).toEqual({ type, id });
  });

  it('does not take a URL of another server for one of this server', () => {
    expect(parseReference('https://other.example/Patient/1a', base)).not.toEqual({ type: 'Patient', id: '1a' });
  });
});
