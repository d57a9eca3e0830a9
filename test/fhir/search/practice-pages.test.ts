import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dstu2, projections, r4 } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { feedToken, makeBundle, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { ANN, ANNE, CAT, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const uuid = (kind: number, number: number) => `${kind}${String(number).padStart(7, '0')}-0000-4000-8000-000000000000`;
const person = (number: number) => uuid(1, number);
const observation = (number: number, subject: string, more: object = {}) => ({
  ...observationAbout(1, subject),
  id: uuid(2, number),
  effectiveDateTime: '2024-05-01',
  ...more,
});

interface Page {
  readonly ids: readonly string[];
  readonly total: number | undefined;
  readonly next: string | undefined;
}
async function getPage(server: FhirServer, token: string, path: string): Promise<Page> {
  const answer = await server.get(token, path, { accept: 'application/json' });
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [], link } = answer.json();
  return {
    total,
    ids: entry.map(({ resource }: { resource: { id: string } }) => resource.id),
    next: link.find(({ relation }: { relation: string }) => relation === 'next')?.url,
  };
}
/** Returns all pages. @param between is called before each next page */
async function getPages(
  server: FhirServer,
  token: string,
  path: string,
  between: (pageNumber: number) => Promise<unknown> = async () => {},
): Promise<readonly Page[]> {
  const pages = [await getPage(server, token, path)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    await between(pages.length);
    pages.push(await getPage(server, token, next));
  }
  return pages;
}
const allIds = (pages: readonly Page[]) => pages.flatMap(({ ids }) => ids);
const backend = (server: FhirServer, practices: readonly number[] = [1]) =>
  server.token('', { backend: 'reader', practices, scope: 'system/*.rs' });

const VERSIONS = [
  { name: 'R4', version: r4 },
  { name: 'DSTU2', version: dstu2 },
] as const;

describe.each(VERSIONS)('pages of a whole practice: $name', ({ version }) => {
  let server: FhirServer;
  let token: string;
  const people = Array.from({ length: 130 }, (_, number) => person(number));
  const RARE = { code: { coding: [{ system: 'http://loinc.org', code: 'rare' }] } };
  beforeAll(async () => {
    server = await startFhir({ version, projections });
    await server.load([
      ...people.map((one) => patient(one, 'Ann')),
      ...people.flatMap((one, number) => [observation(2 * number, one), observation(2 * number + 1, one)]),
      observation(900, person(125), { ...RARE, effectiveDateTime: '1999-01-01' }),
    ]);
    await server.load([patient(person(3), 'Ann'), observation(1000, person(3)), patient(person(500), 'Bob')], {
      practiceId: 2,
    });
    token = await backend(server);
  });
  afterAll(() => server.close());

  it('have each resource once, patient by patient, in the order of ids, and no total', async () => {
    const pages = await getPages(server, token, '/Observation?_count=30');
    const ids = allIds(pages);
    expect(ids).toHaveLength(261);
    expect(new Set(ids).size).toBe(261);
    expect(ids.slice(0, 4)).toEqual([0, 1, 2, 3].map((number) => uuid(2, number)));
    expect(pages.map(({ total }) => total)).toEqual(pages.map(() => undefined));
    expect(allIds(await getPages(server, token, '/Patient?_count=40'))).toEqual(people);
  });

  it('cover several practices, also if both have a record of a patient', async () => {
    const both = await backend(server, [1, 2]);
    const ids = allIds(await getPages(server, both, '/Patient?_count=7'));
    expect(ids).toEqual([...people, person(3), person(500)].sort());
    const observations = allIds(await getPages(server, both, '/Observation?_count=7'));
    expect(observations).toHaveLength(262);
    expect(observations).toContain(uuid(2, 1000));
  });

  it('may have fewer matches than requested, and a link until all patients are checked', async () => {
    const pages = await getPages(server, token, '/Observation?date=lt2000&_count=10');
    expect(pages.map(({ ids }) => ids)).toEqual([[], [uuid(2, 900)]]);
  });

  it('have all matches at once if a code is rare, with the total', async () => {
    for (const search of ['/Observation?code=rare', '/Observation?code=rare&date=lt2000'])
      expect(await getPage(server, token, search)).toEqual({ ids: [uuid(2, 900)], total: 1, next: undefined });
    expect(await getPage(server, token, '/Patient?_has:Observation:patient:code=rare')).toEqual({
      ids: [person(125)],
      total: 1,
      next: undefined,
    });
    expect(await getPage(server, token, '/Observation?code=unknown')).toEqual({ ids: [], total: 0, next: undefined });
    expect(await getPage(server, token, '/Goal')).toEqual({ ids: [], total: 0, next: undefined });
  });

  it.each([
    { practices: [1], also: [], left: [0, 1, 2, 900] },
    { practices: [1, 2], also: [2], left: [0, 1, 2, 3, 900] },
  ])('continue a link of the previous release with what it left, at $practices', async ({ practices, also, left }) => {
    const reader = await backend(server, practices);
    // The previous release sorted by the main date, newest first, and then by id. All but one have the same date.
    const last = ['-main', '2024-05-01 00:00:00+00', uuid(2, 3), 261, 'infinity', ...also];
    const cursor = server.forgeCursor(reader, 'Observation?_count=2', last);
    const pages = await getPages(server, reader, `/Observation?_count=2&_cursor=${cursor}`);
    expect(allIds(pages)).toEqual(left.map((number) => uuid(2, number)));
    expect(pages[0]?.total).toBe(261);
  });

  it('have the total if it is requested', async () => {
    const pages = await getPages(server, token, '/Observation?_count=200&_total=accurate');
    expect(pages.map(({ total }) => total)).toEqual([261, 261]);
    expect((await getPage(server, token, '/Observation?_summary=count')).total).toBe(261);
  });

  it('can be requested by number, within what a page may check', async () => {
    const third = await getPage(server, token, '/Patient?_count=5&page=3');
    expect(third.ids).toEqual(people.slice(10, 15));
    expect((await getPage(server, token, third.next ?? '')).ids).toEqual(people.slice(15, 20));
    for (const search of ['/Observation?date=lt2000&page=2', '/Patient?_count=1000&page=11']) {
      const answer = await server.get(token, search, { accept: 'application/json' });
      expect({ status: answer.statusCode, code: answer.json().issue[0].code }).toEqual({
        status: 422,
        code: 'too-costly',
      });
    }
  });

  it('contain each resource that exists throughout once, while others are changed, added and deleted', async () => {
    const before = new Set(allIds(await getPages(server, token, '/Observation')));
    const deleted = new Set<string>();
    const pages = await getPages(server, token, '/Observation?_count=50', async (pageNumber) => {
      await server.load([
        ...[0, 60, 129].flatMap((number) => [
          observation(2 * number, person(number), {
            status: 'amended',
            effectiveDateTime: `20${10 + pageNumber}-01-01`,
          }),
          observation(2000 + 10 * pageNumber + number, person(number)),
        ]),
        observation(5000 + pageNumber, person(pageNumber)),
      ]);
      if (version !== r4) return;
      const feed = await feedToken(server);
      const sent = await sendBundle(server, feed, makeBundle('transaction', putEntry(observation(7000, person(127)))));
      expect(sent.statusCode, sent.body).toBe(200);
      const gone = { request: { method: 'DELETE', url: `Observation/${uuid(2, 7000)}` } };
      expect((await sendBundle(server, feed, makeBundle('transaction', gone))).statusCode).toBe(200);
      deleted.add(uuid(2, 7000));
    });
    const seen = allIds(pages).filter((id) => before.has(id));
    expect(seen.toSorted()).toEqual([...before].sort());
    expect(allIds(pages).filter((id) => deleted.has(id))).toEqual([]);
  });
});

describe('pages of a whole practice while records are merged', () => {
  const newWorld = mergeServers();
  let world: MergeServer;
  let token: string;
  beforeEach(async () => {
    world = await newWorld();
    await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
    await world.server.load([1, 2, 3, 4].map((number) => observationAbout(number, number < 3 ? CAT : ANN)));
    token = await world.backendToken();
  });
  const pagesWhile = (work: () => Promise<unknown>, count = 2) =>
    getPages(world.server, token, `/Observation?_count=${count}`, async (pageNumber) => {
      if (pageNumber === 1) await work();
    });
  const ids = (...numbers: readonly number[]) =>
    numbers.map((number) => `0000000${number}-0000-4000-8000-000000000000`);

  it('contain resources that moved to a record that had been read', async () => {
    expect(allIds(await pagesWhile(() => world.merge(CAT, ANN)))).toEqual(ids(3, 4, 1, 2));
  });

  it('contain resources that moved back to a record that had been read', async () => {
    await world.server.load([observationAbout(0, ANNE)]);
    await world.merge(ANN, ANNE);
    expect(allIds(await pagesWhile(() => world.unmerge(ANN), 1))).toEqual(ids(0, 1, 2, 3, 4));
  });

  it('contain resources that were assigned to another patient', async () => {
    const moved = { type: 'Observation', id: ids(2)[0] ?? '' };
    expect(allIds(await pagesWhile(() => world.retract([moved], ANN)))).toEqual(ids(3, 4, 1, 2));
  });
});

describe('a practice with more resources than a search may read', () => {
  let server: FhirServer;
  let token: string;
  const OLD = uuid(2, 1);
  beforeAll(async () => {
    server = await startFhir({ projections });
    await server.load([patient(person(1), 'Ann'), observation(1, person(1), { status: 'preliminary' })]);
    server.clock.set(new Date('2026-11-03T00:00:00Z'));
    await server.load([observation(2, person(1))]);
    // Several statements stay below the time limit on a busy machine.
    for (let copied = 0; copied < 10_000; copied += 1000)
      await server.db.queryText(
        `insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).*
         from resource r, generate_series(1, 1000) where r.id = $1`,
        [uuid(2, 2)],
      );
    server.clock.set(new Date('2026-11-04T00:00:00Z'));
    token = await backend(server);
  });
  afterAll(() => server.close());

  it.each(['_sort=-date', '_total=accurate', '_summary=count', '_sort=-_lastUpdated&_total=accurate'])(
    'is neither sorted nor counted: %s',
    async (parameter) => {
      const answer = await server.get(token, `/Observation?${parameter}`);
      const [issue] = answer.json().issue;
      expect({ status: answer.statusCode, code: issue.code }).toEqual({ status: 422, code: 'too-costly' });
      expect(issue.details.text).toMatch(/limit the search with patient or _lastUpdated, or use a bulk export/);
      for (const limit of [`patient=${person(1)}`, '_lastUpdated=lt2026-11-03'])
        expect((await server.get(token, `/Observation?${limit}&${parameter}`)).statusCode).toBe(200);
    },
  );

  it('is searched for changes in parts: a page checks 1000 changes, and has a link until all are checked', async () => {
    const pages = await getPages(server, token, '/Observation?_lastUpdated=gt2000&status=preliminary');
    expect(allIds(pages)).toEqual([OLD]);
    expect(pages).toHaveLength(11);
    expect(pages.slice(0, -1).map(({ ids }) => ids.length)).toEqual(Array.from({ length: 10 }, () => 0));
  });
});
