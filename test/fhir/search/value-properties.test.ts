import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDateRange } from '../../../src/fhir/model/time-range.ts';
import { decodeCursor, encodeCursor } from '../../../src/fhir/search/cursor.ts';
import { parseQuantity } from '../../../src/fhir/search/values/quantity-value.ts';
import {
  parseDate,
  parseReference,
  parseToken,
  splitAlternatives,
  unescapeValue,
} from '../../../src/fhir/search/values/search-value.ts';

const SEED = 20_261_126;
const BASE = 'https://records.example/r4';
/** Escapes the special characters of a search value (FHIR R4 search §3.1.1.4.0.1). */
const escaped = (text: string): string => text.replaceAll(/[\\,|$]/g, '\\$&');
/** Text with many characters that are special in searches. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom('\\', ',', '|', '$', ':', '/', ' ', 'é'), fc.string({ maxLength: 1 })),
});
const some = text.filter((one) => one !== '');

const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, test), { seed: SEED, numRuns: 500 });

describe('values written as R4 specifies are parsed as intended (FHIR R4 search §3.1.1.4)', () => {
  it('alternatives, whatever characters they contain, each once', () => {
    holds(fc.array(some), (values) => {
      expect(splitAlternatives(values.map(escaped).join(',')).map(unescapeValue)).toEqual([...new Set(values)]);
    });
  });

  it('tokens in their four forms', () => {
    holds(fc.tuple(some, some), ([system, code]) => {
      const [s, c] = [escaped(system), escaped(code)];
      expect(parseToken('code', c)).toEqual({ system: undefined, code });
      expect(parseToken('code', `${s}|${c}`)).toEqual({ system, code });
      expect(parseToken('code', `|${c}`)).toEqual({ system: '', code });
      expect(parseToken('code', `${s}|`)).toEqual({ system, code: undefined });
    });
  });

  it('references by id, by type and id, and by the URL of either API', () => {
    holds(fc.tuple(fc.constantFrom('Patient', 'Practitioner'), fc.uuid()), ([type, id]) => {
      expect(parseReference(id, BASE)).toEqual({ type: undefined, id });
      expect(parseReference(id.toUpperCase(), BASE, type)).toEqual({ type, id });
      for (const written of [`${type}/${id}`, `${BASE}/${type}/${id}`])
        expect(parseReference(written, BASE)).toEqual({ type, id });
      // A URL of another server must not become a reference to a resource of this one.
      expect(parseReference(`https://elsewhere.example/r4/${type}/${id}`, BASE)).not.toMatchObject({ type });
    });
  });

  it('quantities: the number is within the range its digits cover, and one digit more covers a tenth of it', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 4 }))
      .map(([units, digits]) => (units / 10 ** digits).toFixed(digits));
    holds(fc.tuple(decimal, some), ([number, code]) => {
      const read = parseQuantity('q', `${number}|urn:s|${escaped(code)}`);
      expect(read).toMatchObject({ prefix: 'eq', value: number, system: 'urn:s', unit: code });
      const width = ({ low, high }: { low: string; high: string }) => Number(high) - Number(low);
      expect(Number(read.low)).toBeLessThan(Number(number));
      expect(Number(read.high)).toBeGreaterThan(Number(number));
      const finer = parseQuantity('q', number.includes('.') ? `${number}0` : `${number}.0`);
      expect(width(finer) * 10).toBeCloseTo(width(read), 6);
    });
  });
});

describe('cursors', () => {
  const instant = fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 19).replace('T', ' ')}+00`);
  const position = fc.oneof(instant, fc.constantFrom('infinity', '-infinity'));

  it('are parsed as they were issued', () => {
    const cursor = fc.record({
      sort: fc.constantFrom('-main', 'updated', 'onset-date'),
      position,
      id: fc.uuid(),
      total: fc.option(fc.nat(), { nil: undefined }),
      asOf: position,
      search: fc.constant('AbCd-_012345'),
    });
    holds(fc.tuple(cursor, fc.nat()), ([one, practice]) => {
      expect(decodeCursor(encodeCursor(one))).toEqual(one);
      expect(decodeCursor(encodeCursor({ ...one, practice }))).toEqual({ ...one, practice });
    });
  });

  it('that the server didn’t issue are rejected or harmless, and never cause a server error', () => {
    holds(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (made) => {
        try {
          expect(decodeCursor(made).id).toMatch(/^[0-9a-f-]{36}$/i);
        } catch (error) {
          expect(error).toMatchObject({ code: 'search-invalid', status: 400 });
        }
      },
    );
  });
});

describe('dates (FHIR R4 search §3.1.1.4.7)', () => {
  const day = fc
    .date({ min: new Date('1000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const spanOf = (date: string) => {
    const span = parseDateRange(date);
    if (span === undefined) throw new Error(`${date} is a date`);
    return span;
  };

  it('days follow each other without a gap, and fill their months and years', () => {
    holds(day, (date) => {
      const { low, high } = spanOf(date);
      const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
      expect(spanOf(next).low).toBe(high);
      for (const longer of [date.slice(0, 7), date.slice(0, 4)]) {
        const span = spanOf(longer);
        expect(span.low).toBeLessThanOrEqual(low);
        expect(span.high).toBeGreaterThanOrEqual(high);
        expect(next.startsWith(longer)).toBe(high < span.high);
      }
    });
  });

  it('an instant is the same in every zone, and a finer precision covers less', () => {
    holds(fc.tuple(day, fc.integer({ min: -14 * 60, max: 14 * 60 })), ([date, offset]) => {
      const at = Date.parse(`${date}T12:34:56.789Z`);
      const local = new Date(at + offset * 60_000).toISOString().slice(0, -1);
      const size = Math.abs(offset);
      const two = (number: number) => String(number).padStart(2, '0');
      const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
      expect(spanOf(`${local}${zone}`)).toEqual({ low: at, high: at + 1 });
      const widths = [local, local.slice(0, 19), local.slice(0, 16)].map((one) => spanOf(`${one}${zone}`));
      for (const [place, finer] of widths.slice(0, -1).entries()) {
        const coarser = widths[place + 1];
        expect(coarser?.low).toBeLessThanOrEqual(finer.low);
        expect(coarser?.high).toBeGreaterThanOrEqual(finer.high);
      }
    });
  });

  it('approximately means within a tenth of the time from now, on either side', () => {
    const now = new Date('2026-11-02T09:00:00Z');
    holds(day, (date) => {
      const { low, high } = spanOf(date);
      const about = parseDate('date', `ap${date}`, now);
      expect(about.low).toBeLessThanOrEqual(low);
      expect(about.high).toBeGreaterThanOrEqual(high);
      expect(about.high - about.low - (high - low)).toBeCloseTo(Math.abs(now.getTime() - (low + high) / 2) / 5, 0);
    });
  });
});
