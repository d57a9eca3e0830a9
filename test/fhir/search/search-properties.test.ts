import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { arbitraryResource, CLINICAL_TYPES, coding, fhirDate, patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { DIGEST_PLACEHOLDER, withValidDigest } from '../../support/fuzzing/cursor-digest.ts';
import { propertyRuns } from '../../support/runs/slice.ts';

const PATIENTS = [
  '0000000a-0000-4000-8000-000000000000',
  '0000000b-0000-4000-8000-000000000000',
  '0000000c-0000-4000-8000-000000000000',
];
const ANN = PATIENTS[0] ?? '';
/** Id of a patient of the second practice. */
const CAT = PATIENTS[2] ?? '';
const SEED = 20_261_102;

interface Known extends Resource {
  readonly id: string;
  readonly owner: string;
}

/** Records of three people, about 90 resources each. */
const charts: readonly Known[] = PATIENTS.flatMap((owner, index) =>
  CLINICAL_TYPES.flatMap((type, place) =>
    fc
      .sample(arbitraryResource(type, owner), { seed: SEED + 10 * index + place, numRuns: 13 })
      .map((resource) => ({ ...resource, owner })),
  ),
);
const own = (type: string) => charts.filter((one) => one.owner === ANN && one.resourceType === type);

/** Elements that a date parameter covers, written independently of the server's code. */
const SPAN_OF: Readonly<Record<string, (resource: Known) => unknown[]>> = {
  'Observation date': (r) => [
    r['effectiveDateTime'],
    r['effectivePeriod'],
    ...(r['effectiveTiming'] ? (r['effectiveTiming'] as { event: string[] }).event : []),
  ],
  'Condition onset-date': (r) => [r['onsetDateTime'], r['onsetPeriod']],
  'Condition recorded-date': (r) => [r['recordedDate']],
  'AllergyIntolerance date': (r) => [r['recordedDate']],
  'MedicationRequest authoredon': (r) => [r['authoredOn']],
  'Encounter date': (r) => [r['period']],
  'Immunization date': (r) => [r['occurrenceDateTime']],
  'DocumentReference date': (r) => [r['date']],
  'DocumentReference period': (r) => [(r['context'] as { period?: unknown } | undefined)?.period],
};

type Range = readonly [low: number, high: number];

function rangeOfDate(text: string): Range {
  const [day = '', time] = text.split('T');
  const [y = 0, m, d] = day.split('-').map(Number);
  if (m === undefined) return [Date.UTC(y, 0), Date.UTC(y + 1, 0)];
  if (d === undefined) return [Date.UTC(y, m - 1), Date.UTC(y, m)];
  if (time === undefined) return [Date.UTC(y, m - 1, d), Date.UTC(y, m - 1, d + 1)];
  const low = Date.parse(text);
  return [low, low + (time.includes('.') ? 1 : 1000)];
}

function rangeOf(resource: Known, parameter: string): Range | undefined {
  const values = (SPAN_OF[`${resource.resourceType} ${parameter}`]?.(resource) ?? []).filter(
    (value) => value !== undefined,
  );
  const ranges = values.map((value): Range => {
    if (typeof value === 'string') return rangeOfDate(value);
    const { start, end } = value as { start?: string; end?: string };
    return [
      start === undefined ? -Infinity : rangeOfDate(start)[0],
      end === undefined ? Infinity : rangeOfDate(end)[1],
    ];
  });
  if (ranges.length === 0) return undefined;
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/** FHIR R4 search §3.1.1.4.5, as conditions on every millisecond of two ranges. */
const PREFIXES: Readonly<Record<string, (row: Range, value: Range) => boolean>> = {
  '': ([low, high], [from, to]) => from <= low && high <= to,
  eq: ([low, high], [from, to]) => from <= low && high <= to,
  ne: ([low, high], [from, to]) => !(from <= low && high <= to),
  gt: ([, high], [, to]) => high > to,
  lt: ([low], [from]) => low < from,
  ge: ([, high], [from]) => high > from,
  le: ([low], [, to]) => low < to,
  sa: ([low], [, to]) => low >= to,
  eb: ([, high], [from]) => high <= from,
};

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  for (const practiceId of [1, 2]) {
    const isHere = (owner: string) => (owner === CAT ? 2 : 1) === practiceId;
    const people = PATIENTS.filter(isHere).map((id, index) => patient(id, `P${practiceId}${index}`));
    const visible = charts.filter(({ owner }) => isHere(owner)).map(({ owner: _, ...resource }) => resource);
    await server.load([...people, ...visible], { practiceId });
  }
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Page {
  readonly total: number;
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

async function page(path: string): Promise<Page> {
  const answer = await server.get(token, path);
  expect(answer.statusCode, `${path} ${answer.body}`).toBe(200);
  const { total, entry = [], link } = answer.json();
  return {
    total,
    ids: entry.map((one: { resource: { id: string } }) => one.resource.id),
    next: link.find(({ relation }: { relation: string }) => relation === 'next')?.url,
  };
}

const query = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
const sorted = (ids: readonly string[]) => [...ids].sort();

describe('date parameters', () => {
  const parameter = fc.constantFrom(...Object.keys(SPAN_OF));
  it('find what their prefix says, of any precision, against dates and periods of any precision', async () => {
    await fc.assert(
      fc.asyncProperty(parameter, fc.constantFrom(...Object.keys(PREFIXES)), fhirDate, async (name, prefix, date) => {
        const [type = '', parameterName = ''] = name.split(' ');
        const test = PREFIXES[prefix];
        const expected = own(type).filter((resource) => {
          const range = rangeOf(resource, parameterName);
          return range !== undefined && test?.(range, rangeOfDate(date));
        });
        const found = await page(
          `/${type}?${query([
            [parameterName, `${prefix}${date}`],
            ['_count', '1000'],
          ])}`,
        );
        expect(sorted(found.ids)).toEqual(sorted(expected.map(({ id }) => id)));
      }),
      { seed: SEED, numRuns: propertyRuns(300) },
    );
  });
});

describe('pages', () => {
  const conditions = fc.array(
    fc.oneof(
      fc.constantFrom(
        ['category', 'lab'] as const,
        ['category', 'laboratory,vital-signs'] as const,
        ['status', 'final,active,finished'] as const,
      ),
      fhirDate.map((date) => ['date', `ge${date}`] as const),
      coding
        .filter(({ code }) => code === 'lab' || code === '8480-6')
        .map(({ system, code }) => ['code', `${system ?? ''}|${code}`] as const),
    ),
    { maxLength: 2 },
  );
  const sorts = fc.constantFrom('', 'date', '-date', '_lastUpdated', '-_lastUpdated', 'onset-date', '-recorded-date');

  it('lose nothing, repeat nothing and add up to the total', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CLINICAL_TYPES),
        conditions,
        sorts,
        fc.integer({ min: 1, max: 7 }),
        async (type, queryString, sort, count) => {
          const whole = await page(`/${type}?${query([...queryString, ['_count', '1000']])}`);
          const ids: string[] = [];
          let next: string | undefined =
            `/${type}?${query([...queryString, ['_sort', sort], ['_count', String(count)]])}`;
          while (next !== undefined) {
            const part: Page = await page(next);
            expect(part.total).toBe(whole.ids.length);
            expect(part.ids.length).toBeLessThanOrEqual(count);
            ids.push(...part.ids);
            next = part.next;
          }
          expect(ids).toHaveLength(new Set(ids).size);
          expect(sorted(ids)).toEqual(sorted(whole.ids));
        },
      ),
      { seed: SEED, numRuns: propertyRuns(120) },
    );
  });
});

describe('the compartment', () => {
  const others = new Set([...charts.filter(({ owner }) => owner !== ANN).map(({ id }) => id), ...PATIENTS.slice(1)]);
  const names = [...new Set(r4.types.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  const value = fc.oneof(
    fc.constantFrom(...others, ...PATIENTS, 'lab', 'final,active', '|', 'a|b|c', "'", '%', '\\', 'infinity', '\0'),
    fhirDate,
    fc.string(),
    fc.constantFrom(...[...others].map((id) => `Observation/${id}`)),
  );
  const cursor = fc
    .tuple(
      fc.constantFrom('-main', 'main', '-updated'),
      fc.constantFrom('infinity', '-infinity', '2000-01-01 00:00:00+00'),
      fc.constantFrom(...others),
    )
    .map(([sort, position, id]) =>
      Buffer.from(JSON.stringify([sort, position, id, 3, 'infinity', DIGEST_PLACEHOLDER])).toString('base64url'),
    );
  const pair = fc.oneof(
    fc.tuple(fc.constantFrom(...names, '_id', '_lastUpdated', '_count', '_sort', '_elements', 'foo'), value),
    cursor.map((text): [string, string] => ['_cursor', text]),
    fc.constant<[string, string]>(['_revinclude', 'Provenance:target']),
  );

  const mixed = 'patient/Observation.rs?category=lab user/*.rs?code=8480-6,lab user/Condition.rs?_lastUpdated=gt2000';
  const foreign = new Set([CAT, ...charts.filter(({ owner }) => owner === CAT).map(({ id }) => id)]);
  it.each([
    ['of another record', others, {}, 500],
    ['of another practice', foreign, { scope: 'user/*.rs', practices: [1], record: false as const }, 1000],
    ['of another practice by granular scopes', foreign, { scope: mixed, practices: [1] }, 300],
  ])(
    'is enforced: no search, whatever its parameters, returns a row %s or causes a server error',
    async (_what, hidden, options, least) => {
      const given = await server.token(ANN, options);
      let rows = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...r4.types.map(({ name }) => name)),
          fc.array(pair, { maxLength: 4 }),
          async (type, pairs) => {
            const textAt = async (path: string) => (await server.get(given, path)).body;
            const path = await withValidDigest(`/${type}?${query(pairs)}`, textAt);
            const answer = await server.get(given, path);
            expect([200, 400, 403], answer.body).toContain(answer.statusCode);
            const { entry = [] } = answer.json();
            rows += entry.length;
            for (const { resource } of entry) expect(hidden).not.toContain(resource.id);
          },
        ),
        { seed: SEED, numRuns: propertyRuns(600) },
      );
      expect(rows).toBeGreaterThan(propertyRuns(least));
    },
  );

  it('is enforced for reads: other patients’ resources are 404', async () => {
    for (const { id, resourceType } of charts.filter(({ owner }) => owner !== ANN)) {
      expect((await server.get(token, `/${resourceType}/${id}`)).statusCode).toBe(404);
    }
    for (const { id, resourceType } of own('Condition')) {
      expect((await server.get(token, `/${resourceType}/${id}`)).statusCode).toBe(200);
    }
  });
});
