import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

const observation = (number: number, subject: string, day: string, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: `code-${number}` }] },
  effectiveDateTime: day,
  ...more,
});

const cursorAt = (position: string, asOf: string) =>
  server.forgeCursor(token, 'Observation', ['-main', position, id(1), 5, asOf]);

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    ...Array.from({ length: 9 }, (_, index) => observation(index + 1, ANN, `2024-05-0${index + 1}`)),
    observation(10, ANN, '2023', { status: 'preliminary' }),
    observation(20, BOB, '2024-05-01'),
    {
      resourceType: 'Encounter',
      id: id(30),
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${ANN}` },
      period: { start: '2024-05-01T22:00:00Z', end: '2024-05-02T04:00:00Z' },
    },
    {
      resourceType: 'Provenance',
      id: id(40),
      recorded: '2024-05-03T00:00:00Z',
      target: [{ reference: `Observation/${id(3)}` }, { reference: `Observation/${id(4)}` }],
      agent: [{ who: { reference: 'Practitioner/x' } }],
    },
  ]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Found {
  readonly total: number;
  readonly numbers: readonly number[];
  readonly included: readonly string[];
  readonly self: string;
  readonly next: string | undefined;
  readonly id: string | undefined;
}

async function search(path: string, given = token): Promise<Found> {
  const answer = await server.get(given, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { resourceType, type, total, entry = [], link, ...rest } = answer.json();
  expect({ resourceType, type }).toEqual({ resourceType: 'Bundle', type: 'searchset' });
  const inMode = (mode: string) => entry.filter(({ search }: { search: { mode: string } }) => search.mode === mode);
  const linkOf = (relation: string) => link.find((one: { relation: string }) => one.relation === relation)?.url;
  for (const { fullUrl, resource } of entry) expect(fullUrl).toBe(`${BASE}/${resource.resourceType}/${resource.id}`);
  return {
    total,
    numbers: inMode('match').map(({ resource }: { resource: { id: string } }) => Number(resource.id.slice(0, 8))),
    included: inMode('include').map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType),
    self: linkOf('self'),
    next: linkOf('next'),
    id: rest.id,
  };
}

describe('search (FHIR R4 §3.1.1)', () => {
  it('without parameters gives everything of the type in the record, newest first', async () => {
    const { total, numbers, next, self } = await search('/Observation');
    expect(numbers).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 10]);
    expect({ total, next, self }).toEqual({ total: 10, next: undefined, self: `${BASE}/Observation` });
  });

  it('for Patient returns the one, and its id on the Bundle', async () => {
    const { total, id: bundleId } = await search('/patient/');
    expect({ total, bundleId }).toEqual({ total: 1, bundleId: ANN });
    const answer = await server.get(token, `/Patient?_id=${BOB}`);
    expect(answer.json()).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 0,
      link: [{ relation: 'self', url: `${BASE}/Patient?_id=${BOB}` }],
    });
  });

  it.each([
    [`patient=${ANN}`, 10],
    [`patient=Patient/${ANN.toUpperCase()}`, 10],
    [`subject=${BASE}/Patient/${ANN}`, 10],
    ['status=final', 9],
    ['status=FINAL', 9],
    ['status=http://hl7.org/fhir/observation-status|preliminary', 1],
    ['status=|preliminary', 1],
    ['status=final,preliminary', 10],
    ['status=final&status=preliminary', 0],
    ['category=LABoratory', 10],
    ['category=http://terminology.hl7.org/CodeSystem/observation-category|', 10],
    ['category=', 10],
    ['code=http://loinc.org|code-3,http://loinc.org|code-4', 2],
    ['code=code-3&date=2024-05', 1],
    ['code=|code-3', 0],
    [`_id=${id(3)},${id(20)},nonsense`, 1],
    ['_id=nonsense', 0],
    ['date=2024-05-03', 1],
    ['date=ge2024-05-08', 2],
    ['date=gt2024-05-08', 1],
    ['date=lt2024-05-02&date=ge2024-05-01', 1],
    ['date=2023-06', 0],
    ['date=ap2023-06-01', 1],
    ['date=ap2024-02', 10],
    ['date=2023', 1],
    ['_lastUpdated=gt2026-11-01', 10],
    ['_lastUpdated=2026-11-02T09:00:00Z', 10],
    ['_lastUpdated=lt2026-11-02T09:00:00Z', 0],
    ['_lastUpdated=gt2026-11-02T09:00:00.123Z', 0],
    ['unknown=1', 10],
  ])('%s finds %i', async (query, count) => {
    const { total, numbers } = await search(`/Observation?${query}`);
    expect({ total, found: numbers.length }).toEqual({ total: count, found: count });
  });

  it.each([
    ['ge2024-05-02', 1],
    ['gt2024-05-01', 1],
    ['sa2024-05-01', 0],
    ['eb2024-05-03', 1],
    ['lt2024-05-02', 1],
    ['2024-05-01', 0],
    ['2024-05', 1],
    ['ne2024-05', 0],
    ['ne2024-05-01', 1],
  ])('for a stay over midnight with date=%s finds %i', async (value, count) => {
    expect((await search(`/Encounter?date=${value}`)).total).toBe(count);
  });

  it('sorts as requested', async () => {
    expect((await search('/Observation?_sort=date&_count=3')).numbers).toEqual([10, 1, 2]);
    expect((await search('/Observation?_sort=-date&_count=3')).numbers).toEqual([9, 8, 7]);
  });

  it('only counts with _count=0', async () => {
    expect(await search('/Observation?_count=0&status=final')).toMatchObject({
      total: 9,
      numbers: [],
      next: undefined,
    });
  });

  it('omits ignored parameters from the self link', async () => {
    const { self } = await search('/Observation?foo=1&code=http://loinc.org%7Ccode-3&_contained=true');
    expect(self).toBe(`${BASE}/Observation?code=http%3A%2F%2Floinc.org%7Ccode-3`);
  });

  it.each([
    [`patient=${BOB}`, 403, 'patient-mismatch'],
    [`patient=${ANN},${BOB}`, 403, 'patient-mismatch'],
    [`patient=Group/${ANN}`, 403, 'patient-mismatch'],
    ['subject:Patient:x=1', 400, 'search-invalid'],
    ['date=yesterday', 400, 'search-invalid'],
    ['code:in=x', 400, 'search-invalid'],
    ['_count=many', 400, 'search-invalid'],
    ['_cursor=abc', 400, 'search-invalid'],
  ])('%s is rejected with %i', async (query, status, code) => {
    const answer = await server.get(token, `/Observation?${query}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().issue[0].details.coding[0].code).toBe(code);
  });

  it.each([
    ['place', '0000-01-01 00:00:00+00', '2026-01-01 00:00:00+00'],
    ['limit', '2026-01-01 00:00:00+00', '0000-01-01 00:00:00+00'],
  ])('rejects a cursor whose %s is in the year 0000, which PostgreSQL doesn’t support', async (_, position, asOf) => {
    expect((await server.get(token, `/Observation?_cursor=${cursorAt(position, asOf)}`)).statusCode).toBe(400);
  });

  it.each(['Immunization', 'AllergyIntolerance', 'Provenance', 'Patient', 'Practitioner'])(
    'rejects another patient on %s, by patient and by subject',
    async (type) => {
      for (const name of ['patient', 'subject', 'subject:Patient']) {
        const answer = await server.get(token, `/${type}?${name}=Patient/${BOB}`);
        expect(answer.statusCode, name).toBe(403);
        expect(answer.json().issue[0].details.coding[0].code).toBe('patient-mismatch');
        expect((await server.get(token, `/${type}?${name}=Patient/${ANN}`)).statusCode).toBe(200);
      }
    },
  );

  it('rejects what it would ignore with strict handling', async () => {
    const answer = await server.get(token, '/Observation?foo=1', { prefer: 'return=minimal, handling=strict' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().issue[0].details.coding[0].code).toBe('parameter-unknown');
  });
});

describe('_revinclude=Provenance:target', () => {
  it('adds the Provenance of the matches once, and counts it in no total', async () => {
    const { total, numbers, included } = await search('/Observation?_revinclude=Provenance:target&_count=7');
    expect({ total, matches: numbers.length, included }).toEqual({ total: 10, matches: 7, included: ['Provenance'] });
    expect((await search(`/Observation?_revinclude=Provenance:target&_id=${id(1)}`)).included).toEqual([]);
  });

  it('is omitted silently if Provenance was not granted', async () => {
    const some = await server.token(ANN, { scope: 'patient/Observation.rs' });
    expect(await search(`/Observation?_revinclude=Provenance:target&_id=${id(3)}`, some)).toMatchObject({
      total: 1,
      included: [],
    });
  });

  it('and Provenance itself reveal only types that were granted', async () => {
    const found = async (scope: string) => {
      const given = await server.token(ANN, { scope });
      const page = (await server.get(given, '/Provenance')).json();
      const one = await server.get(given, `/Provenance/${id(40)}`);
      return [page.total, one.statusCode];
    };
    expect(await found('patient/Provenance.rs patient/Condition.rs')).toEqual([0, 404]);
    expect(await found('patient/Provenance.rs')).toEqual([0, 404]);
    expect(await found('patient/Provenance.rs patient/Observation.r')).toEqual([1, 200]);
    expect(await found('patient/*.rs')).toEqual([1, 200]);
    const some = await server.token(ANN, { scope: 'patient/Provenance.rs patient/Observation.rs' });
    expect((await search(`/Observation?_revinclude=Provenance:target&_id=${id(3)}`, some)).included).toHaveLength(1);
  });

  it('returns the same as a search for it', async () => {
    expect((await search(`/Provenance?target=Observation/${id(3)}`)).total).toBe(1);
    expect((await search(`/Provenance?target=${BASE}/Observation/${id(4)}`)).total).toBe(1);
    expect((await search(`/Provenance?target=${id(3)}`)).total).toBe(1);
    expect((await search(`/Provenance?target=Encounter/${id(3)}`)).total).toBe(0);
  });
});

describe('pages', () => {
  const walk = async (path: string) => {
    const numbers: number[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: Found = await search(next);
      expect(page.total).toBe(10);
      numbers.push(...page.numbers);
      next = page.next;
    }
    return numbers;
  };

  it('follow each other by absolute links on the same base', async () => {
    const { next, self } = await search(`/Observation?patient=${ANN}&_count=4&foo=bar`);
    expect(self).toBe(`${BASE}/Observation?patient=${ANN}&_count=4`);
    expect(next?.startsWith(`${BASE}/Observation?patient=${ANN}&_count=4&_cursor=`)).toBe(true);
    expect(await walk('/Observation?_count=4')).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 10]);
    expect(await walk('/Observation?_count=1&_sort=date')).toEqual([10, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await walk('/Observation?_maxresults=3&_sort=-_lastUpdated')).length).toBe(10);
  });

  it('of another patient can’t be reached by any cursor', async () => {
    const forged = (by: string) =>
      server.forgeCursor(by, 'Observation', ['-main', 'infinity', id(99999999), 5, 'infinity']);
    const bob = await server.token(BOB);
    expect((await search(`/Observation?_cursor=${forged(bob)}`, bob)).numbers).toEqual([20]);
    expect((await search(`/Observation?_cursor=${forged(token)}`)).numbers).not.toContain(20);
  });

  it('add up to the total, though something is loaded between one statement and the next', async () => {
    const mine = await startFhir();
    try {
      const all = Array.from({ length: 6 }, (_, index) => observation(index + 1, ANN, `2024-05-0${index + 1}`));
      await mine.load([patient(ANN, 'Ann'), ...all]);
      const ann = await mine.token(ANN);
      const { queryText } = mine.db;
      mine.db.queryText = async <Row>(...given: Parameters<typeof queryText>) => {
        const rows = await queryText<Row>(...given);
        mine.db.queryText = queryText;
        mine.clock.set(new Date('2026-11-03T00:00:00Z'));
        await mine.load([observation(7, ANN, '2025-01-01'), observation(8, ANN, '2020-01-01')]);
        return rows;
      };
      let seen = 0;
      let total: number | undefined;
      for (let next: string | undefined = '/Observation?_count=2'; next !== undefined; ) {
        const page: { total: number; entry: []; link: { url: string }[] } = (await mine.get(ann, next)).json();
        total ??= page.total;
        seen += page.entry.length;
        next = page.link[1]?.url;
      }
      // The total may be that from before or after the load.
      expect([6, 8]).toContain(total);
      expect(seen).toBe(total);
    } finally {
      await mine.close();
    }
  });

  it('are those of the first page, whatever is loaded meanwhile', async () => {
    const mine = await startFhir();
    try {
      const all = Array.from({ length: 6 }, (_, index) => observation(index + 1, ANN, `2024-05-0${index + 1}`));
      await mine.load([patient(ANN, 'Ann'), ...all]);
      const ann = await mine.token(ANN);
      const first = (await mine.get(ann, '/Observation?_count=2')).json();
      mine.clock.set(new Date('2026-11-03T00:00:00Z'));
      await mine.load([observation(7, ANN, '2024-01-01'), observation(2, ANN, '2024-05-02', { status: 'amended' })]);
      const seen = first.entry.map((entry: { resource: { id: string } }) => entry.resource.id);
      for (let next = first.link[1]?.url; next !== undefined; ) {
        const page = (await mine.get(ann, next)).json();
        expect(page.total).toBe(6);
        seen.push(...page.entry.map((entry: { resource: { id: string } }) => entry.resource.id));
        next = page.link[1]?.url;
      }
      // An updated resource stays where it was. A new one appears only in the next search.
      expect(seen).toEqual([6, 5, 4, 3, 2, 1].map(id));
      expect((await mine.get(ann, '/Observation?_lastUpdated=ge2026-11-03')).json().total).toBe(2);
    } finally {
      await mine.close();
    }
  });
});
