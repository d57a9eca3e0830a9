import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { arbitraryResource, CLINICAL_TYPES, fhirDate, patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { propertyRuns } from '../../support/runs/slice.ts';
import { DATE_PREFIXES, dateRanges } from './oracle/date-rule.ts';

const SEED = 20_261_126;
const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
/** Patients of the second practice, whose records change. */
const CAL = '0000000c-0000-4000-8000-000000000000';
const DEE = '0000000d-0000-4000-8000-000000000000';
const PER_TYPE = 17;

/** Elements that each sort key reads: those of the type's main date (`date`), and those of its own parameters. */
const KEYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Observation: { date: ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'issued'] },
  Condition: {
    date: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
    'recorded-date': ['recordedDate'],
    'abatement-date': ['abatementDateTime'],
  },
  AllergyIntolerance: { date: ['recordedDate'], 'last-date': ['lastOccurrence'] },
  MedicationRequest: { date: ['authoredOn'], authoredon: ['authoredOn'] },
  Encounter: { date: ['period'] },
  Immunization: { date: ['occurrenceDateTime'] },
};

const charts = (owners: readonly string[], types: readonly (typeof CLINICAL_TYPES)[number][]) =>
  owners.flatMap((owner) =>
    types.flatMap((type) => {
      const seed = SEED + 100 * [ANN, BOB, CAL, DEE].indexOf(owner) + CLINICAL_TYPES.indexOf(type);
      return fc.sample(arbitraryResource(type, owner), { seed, numRuns: PER_TYPE });
    }),
  );

let server: FhirServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startFhir();
  await server.load([patient(ANN, 'Ann'), patient(BOB, 'Bob')]);
  // Loads the resources in several steps, so that their last-updated times differ.
  for (const type of CLINICAL_TYPES) {
    server.clock.set(new Date(server.clock.now().getTime() + 60_000));
    await server.load(charts([ANN, BOB], [type]));
  }
  tokens['patient'] = await server.token(ANN);
  tokens['staff'] = await server.token(ANN, { scope: 'user/*.rs', practices: [1], record: false });
});
afterAll(() => server.close());

interface Page {
  readonly total: number | undefined;
  readonly resources: readonly (Resource & { readonly id: string })[];
  readonly next: string | undefined;
}
async function page(who: string, path: string): Promise<Page> {
  const answer = await server.get(tokens[who] ?? '', path, { prefer: 'handling=strict' });
  expect(answer.statusCode, `${path} ${answer.body}`).toBe(200);
  const { total, entry = [], link } = answer.json();
  return {
    total,
    resources: entry.map(({ resource }: { resource: Resource }) => resource),
    next: link.find(({ relation }: { relation: string }) => relation === 'next')?.url,
  };
}
const idsOf = ({ resources }: Pick<Page, 'resources'>) => resources.map(({ id }) => id);

/** Returns all pages that follow a page, by its links. */
async function following(who: string, first: Page): Promise<readonly Page[]> {
  const pages = [first];
  for (let next = first.next; next !== undefined; next = pages.at(-1)?.next) pages.push(await page(who, next));
  return pages;
}

const who = fc.constantFrom('patient', 'staff');
const sorted = fc
  .tuple(
    fc.constantFrom(
      ...Object.entries(KEYS).flatMap(([type, keys]) => Object.keys(keys).map((key) => [type, key] as const)),
    ),
    fc.boolean(),
  )
  .map(([[type, key], descending]) => ({ type, key, descending, sort: `${descending ? '-' : ''}${key}` }));
const count = fc.integer({ min: 1, max: 9 });

/**
 * Sort key of a resource: the start of its first value, or the end if it has no start. A resource without a value is
 * the oldest.
 */
function keyOf(resource: Resource, paths: readonly string[]): number {
  const [range] = paths.flatMap((path) => dateRanges(resource[path]));
  if (range === undefined) return Number.NEGATIVE_INFINITY;
  return Number.isFinite(range.low) ? range.low : range.high;
}

describe('the order of matches (FHIR R4 search §3.1.1.5.1, _sort)', () => {
  it('is that of the requested key, with missing values as the oldest', async () => {
    await fc.assert(
      fc.asyncProperty(who, sorted, async (as, { type, key, sort, descending }) => {
        const { resources } = await page(as, `/${type}?_sort=${sort}&_count=1000`);
        const keys = resources.map((resource) => keyOf(resource, KEYS[type]?.[key] ?? []));
        expect(keys).toEqual([...keys].sort((a, b) => (a === b ? 0 : (a < b ? -1 : 1) * (descending ? -1 : 1))));
        expect(resources).toHaveLength(as === 'patient' ? PER_TYPE : 2 * PER_TYPE);
      }),
      { seed: SEED, numRuns: propertyRuns(60) },
    );
  });

  it('is reversed by a minus, to the last row', async () => {
    await fc.assert(
      fc.asyncProperty(who, sorted, async (as, { type, key }) => {
        const [up, down] = await Promise.all(
          ['', '-'].map((minus) => page(as, `/${type}?_sort=${minus}${key}&_count=1000`)),
        );
        expect(idsOf(up as Page)).toEqual(idsOf(down as Page).reverse());
      }),
      { seed: SEED, numRuns: propertyRuns(30) },
    );
  });

  it('is that of the last change with _lastUpdated', async () => {
    for (const type of CLINICAL_TYPES) {
      const { resources } = await page('staff', `/${type}?_sort=_lastUpdated&_count=1000`);
      const times = resources.map(({ meta }) => (meta as { lastUpdated: string }).lastUpdated);
      expect(times).toEqual([...times].sort());
    }
  });
});

describe('pages by number, as NextGen’s clients request them', () => {
  it('add up to the whole in order, without loss or repetition, and each reports the total', async () => {
    await fc.assert(
      fc.asyncProperty(who, sorted, count, async (as, { type, sort }, size) => {
        const whole = idsOf(await page(as, `/${type}?_sort=${sort}&_count=1000`));
        const numbers = Array.from({ length: Math.ceil(whole.length / size) + 1 }, (_, index) => index + 1);
        const pages = await Promise.all(
          numbers.map((number) => page(as, `/${type}?_sort=${sort}&_count=${size}&page=${number}`)),
        );
        expect(pages.flatMap(idsOf)).toEqual(whole);
        expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([whole.length]));
        expect(pages.at(-1)?.resources).toEqual([]);
        // Following the next links leads to the same resources as the page numbers.
        const [, second] = pages;
        const rest = await following(as, second as Page);
        expect(rest.flatMap(idsOf)).toEqual(whole.slice(size));
      }),
      { seed: SEED, numRuns: propertyRuns(40) },
    );
  });
});

describe('pages of a record that changes', () => {
  const change = fc.record({
    /** A number within the existing resources updates that one. A higher number adds a resource. */
    which: fc.nat({ max: 2 * PER_TYPE }),
    date: fhirDate,
    before: fc.nat({ max: 4 }),
  });
  const dated = {
    Condition: 'recordedDate',
    AllergyIntolerance: 'recordedDate',
    MedicationRequest: 'authoredOn',
    Immunization: 'occurrenceDateTime',
  } as const;
  const types = Object.keys(dated) as (keyof typeof dated)[];

  beforeAll(async () => {
    await server.load([patient(CAL, 'Cal'), patient(DEE, 'Dee')], { practiceId: 2 });
    await server.load(charts([CAL, DEE], types), { practiceId: 2 });
    tokens['changing patient'] = await server.token(CAL);
    tokens['changing staff'] = await server.token(CAL, { scope: 'user/*.rs', practices: [2], record: false });
  });

  it('neither lose nor repeat resources that are unchanged since the first page, and a new search counts the current ones', async () => {
    let number = 0;
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('changing patient', 'changing staff'),
        fc.constantFrom(...types),
        fc.constantFrom('date', '-date', '_lastUpdated', '-_lastUpdated'),
        fc.integer({ min: 2, max: 9 }),
        fc.boolean(),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (as, type, sort, size, counted, changes) => {
          const before = (await page(as, `/${type}?_count=1000`)).resources;
          const first = await page(as, `/${type}?_sort=${sort}&_count=${size}${counted ? '' : '&_total=none'}`);
          const seen = [...idsOf(first)];
          const changed = new Set<string>();
          let next = first.next;
          for (let step = 0; next !== undefined; step++) {
            for (const { which, date } of changes.filter((one) => one.before === step)) {
              server.clock.set(new Date(server.clock.now().getTime() + 1000));
              const old = before[which];
              const id = old?.id ?? `${String(++number).padStart(8, '0')}-9999-4000-8000-000000000000`;
              const { meta: _meta, ...rest } = old ?? (before[0] as Resource);
              await server.load([{ ...rest, id, [dated[type]]: date } as Resource], { practiceId: 2 });
              changed.add(id);
              writes++;
            }
            const following: Page = await page(as, next);
            expect(following.total).toBe(first.total);
            seen.push(...idsOf(following));
            next = following.next;
          }
          const unchanged = before.map(({ id }) => id).filter((id) => !changed.has(id));
          expect(seen.filter((id) => !changed.has(id)).sort()).toEqual(unchanged.sort());
          const after = await page(as, `/${type}?_count=1000`);
          for (const few of ['_count=1', '_summary=count', '_count=3&page=2'])
            expect((await page(as, `/${type}?${few}&_total=accurate`)).total).toBe(after.resources.length);
          expect(after.resources.length).toBe(new Set([...before.map(({ id }) => id), ...changed]).size);
        },
      ),
      { seed: SEED, numRuns: propertyRuns(40) },
    );
    expect(writes).toBeGreaterThan(propertyRuns(40));
  });
});

describe('prefixes of one date (FHIR R4 search §3.1.1.4.5)', () => {
  const parameter = fc.constantFrom(
    ['Observation', 'date'],
    ['Condition', 'onset-date'],
    ['Condition', 'recorded-date'],
    ['Encounter', 'date'],
    ['DocumentReference', 'period'],
    ['Immunization', 'date'],
  );
  const WITHIN = [
    ['eq', 'ge'],
    ['eq', 'le'],
    ['eq', 'ap'],
    ['sa', 'gt'],
    ['eb', 'lt'],
    ['sa', 'ne'],
    ['eb', 'ne'],
    ['gt', 'ge'],
    ['lt', 'le'],
  ] as const;

  it('partition the resources that have a date, and imply each other as specified', async () => {
    await fc.assert(
      fc.asyncProperty(parameter, fhirDate, async ([type, name], date) => {
        const path = `/${type}?_count=1000&${name}`;
        const found: Record<string, readonly string[]> = {};
        for (const prefix of Object.keys(DATE_PREFIXES))
          found[prefix] = idsOf(await page('staff', `${path}=${prefix}${encodeURIComponent(date)}`));
        const of = (prefix: string) => found[prefix] ?? [];
        const both = (one: string, other: string) => of(one).filter((id) => of(other).includes(id));
        const either = (one: string, other: string) => [...new Set([...of(one), ...of(other)])].sort();
        const dated = [...idsOf(await page('staff', `${path}:missing=false`))].sort();
        // If a date isn't wholly after the searched one (`sa`), it overlaps it or is before it (`le`).
        for (const [one, other] of [
          ['eq', 'ne'],
          ['sa', 'le'],
          ['eb', 'ge'],
        ] as const) {
          expect(either(one, other), one).toEqual(dated);
          expect(both(one, other), one).toEqual([]);
        }
        for (const [less, more] of WITHIN) expect(both(less, more), `${less} ${more}`).toEqual(of(less));
      }),
      { seed: SEED, numRuns: propertyRuns(40) },
    );
  });
});
