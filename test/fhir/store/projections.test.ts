import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FhirVersion, type Projection, r4, refreshProjections } from '../../../src/fhir/index.ts';
import { deleteConversions } from '../../support/database/conversions.ts';
import { markAsEarlierRelease } from '../../support/database/earlier-release.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

/**
 * A made-up version of FHIR for this test: Conditions are called Trouble, those with an odd number are hidden, and
 * Observations don't exist.
 */
const trouble = (maker: number): Projection => ({
  name: 'trouble',
  converterVersion: maker,
  types: ['Condition', 'Provenance'],
  project(resource) {
    if (resource.resourceType === 'Provenance') {
      return resource['activity'] === undefined ? { content: JSON.stringify(resource) } : { hiddenBy: 'activity' };
    }
    if (resource.resourceType !== 'Condition') return undefined;
    if (Number(resource.id?.slice(0, 8)) % 2 === 1) return { hiddenBy: 'odd' };
    return { content: JSON.stringify({ resourceType: 'Trouble', id: resource.id, meta: resource['meta'], maker }) };
  },
});
const version: FhirVersion = {
  ...r4,
  api: 'dstu2',
  projection: 'trouble',
  types: [
    {
      name: 'Trouble',
      stored: 'Condition',
      compartment: 'record',
      parameters: [
        {
          kind: 'token',
          name: 'what',
          index: 'code',
          documentation: '',
          toStored: ({ code }) => [{ system: undefined, code: `old-${code}` }],
        },
      ],
    },
    {
      name: 'Provenance',
      stored: 'Provenance',
      compartment: 'record',
      parameters: [{ kind: 'reference', name: 'target', index: 'target', targets: ['Condition'], documentation: '' }],
    },
  ],
};
const condition = (number: number, subject = ANN) => ({
  resourceType: 'Condition',
  id: id(number),
  subject: { reference: `Patient/${subject}` },
  code: { coding: [{ code: 'old-cold' }] },
  onsetDateTime: `20${10 + number}`,
});
const provenance = (number: number, target: string, more = {}) => ({
  resourceType: 'Provenance',
  id: id(number),
  target: [{ reference: `Condition/${id(Number(target))}` }],
  ...more,
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version, projections: [trouble(1)] });
});
afterAll(() => server.close());

async function loadRecords(): Promise<void> {
  await server.reset();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    ...[1, 2, 3, 4, 5, 6].map((number) => condition(number)),
    condition(8, BOB),
    { resourceType: 'Observation', id: id(9), status: 'final', subject: { reference: `Patient/${ANN}` }, code: {} },
    provenance(20, '2'),
    provenance(21, '4', { activity: { text: 'hidden' } }),
  ]);
  token = await server.token(ANN);
}

const makers = async () =>
  (
    await server.db.queryText<{ maker: number; count: number }>(
      'select converted_with as maker, count(*) from resource where converted_with is not null group by 1',
      [],
    )
  ).map(({ maker, count }) => [maker, count]);
const fresh = async (projections: readonly Projection[]) => {
  const seen: number[][] = [];
  const made = await refreshProjections(server.db, { projections, onProgress: (done, all) => seen.push([done, all]) });
  return { made, last: seen.at(-1) };
};

describe('a version that is a projection of the record', () => {
  beforeAll(loadRecords);

  it('returns the projected text, under its own type name', async () => {
    const answer = await server.get(token, `/trouble/${id(2)}`);
    expect(answer.json()).toEqual({
      resourceType: 'Trouble',
      id: id(2),
      meta: { versionId: '1', lastUpdated: '2026-11-02T09:00:00.123Z' },
      maker: 1,
    });
    expect(answer.headers['etag']).toBe('W/"1-1"');
  });

  it('has no hidden resources: not by id, in searches, in totals or on pages', async () => {
    expect((await server.get(token, `/Trouble/${id(1)}`)).statusCode).toBe(404);
    const first = (await server.get(token, '/Trouble?_count=2')).json();
    expect(first.total).toBe(3);
    expect(first.entry.map(({ fullUrl }: { fullUrl: string }) => fullUrl.split('/').slice(-2))).toEqual([
      ['Trouble', id(6)],
      ['Trouble', id(4)],
    ]);
    const second = (await server.get(token, first.link[1].url)).json();
    expect(second).toMatchObject({ total: 3, entry: [{ resource: { id: id(2) } }] });
    expect((await server.get(token, '/Trouble?_count=0')).json().total).toBe(3);
  });

  it('searches the R4 index with its own parameter names', async () => {
    expect((await server.get(token, '/Trouble?what=cold')).json().total).toBe(3);
    expect((await server.get(token, '/Trouble?what=old-cold')).json().total).toBe(0);
  });

  it('hides included Provenance in the same way', async () => {
    const { entry } = (await server.get(token, '/Trouble?_revinclude=Provenance:target')).json();
    const included = entry.filter(({ search }: { search: { mode: string } }) => search.mode === 'include');
    expect(included.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual([id(20)]);
  });

  it('takes scopes by either name of a type', async () => {
    for (const scope of ['patient/Trouble.read', 'patient/Condition.rs']) {
      expect((await server.get(await server.token(ANN, { scope }), '/Trouble')).statusCode).toBe(200);
    }
    expect((await server.get(token, '/Condition')).statusCode).toBe(404);
  });

  it('is written in the transaction that stores the resource', async () => {
    await server.load([{ ...condition(4), recorder: { display: 'Dr. House' } }]);
    expect((await server.get(token, `/Trouble/${id(4)}`)).json().meta.versionId).toBe('2');
  });
});

describe('refreshing projections', () => {
  beforeEach(loadRecords);

  it('does nothing when all are current', async () => {
    expect(await fresh([trouble(1)])).toEqual({ made: 0, last: undefined });
  });

  it('rebuilds what an older converter produced, and nothing else', async () => {
    expect(await fresh([trouble(2)])).toEqual({ made: 9, last: [2, 2] });
    expect(await makers()).toEqual([[2, 9]]);
    expect((await server.get(token, `/Trouble/${id(2)}`)).json().maker).toBe(2);
    expect(await fresh([trouble(2)])).toMatchObject({ made: 0 });
    expect(await fresh([trouble(1)])).toMatchObject({ made: 0 });
  });

  it('builds missing ones, in several steps for a long record', async () => {
    await deleteConversions(server.db);
    const many = Array.from({ length: 450 }, (_, index) => ({ ...condition(1000 + index), onsetDateTime: '2001' }));
    await server.load(many);
    await deleteConversions(server.db, ANN);
    await markAsEarlierRelease(server.db);
    expect(await fresh([trouble(2)])).toMatchObject({ made: 459 });
    expect((await server.get(token, '/Trouble?_count=0')).json().total).toBe(3 + 225);
  });
});
