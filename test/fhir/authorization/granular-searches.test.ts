import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { compareLimit } from '../../support/leaks/compare-limits.ts';
import { SENSITIVE, startChartServer, US_CORE_LIMITS } from '../../support/leaks/limited-chart.ts';
import { SEED, sample } from '../../support/runs/slice.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startChartServer();
}, 300_000);
afterAll(() => server.close());

// A sample of US Core's granular scopes. test/deep/granular-searches.test.ts takes all of them, and scopes by every
// search parameter.
const SOME = [...sample(US_CORE_LIMITS, { kinds: ({ type = '' }) => [type] }), SENSITIVE];

describe('with a granular scope of US Core, everything else doesn’t exist (SMART App Launch 2.2 §3.0.2.5)', () => {
  it.each(SOME.map((limit) => [limit.name, limit] as const))('%s', async (_name, limit) => {
    const { problems, answered } = await compareLimit(server, limit, { seed: SEED, count: 15 });
    expect(problems).toEqual([]);
    expect(answered).toBeGreaterThan(10);
  });
});

describe('a search reveals no more of a partly visible Provenance than a read (docs/decisions/013)', () => {
  const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const patient = id(1);
  const [lab, vital, visit] = [`Observation/${id(10)}`, `Observation/${id(11)}`, `Encounter/${id(12)}`];
  const about = { subject: { reference: `Patient/${patient}` }, status: 'final' };
  const doctor = { who: { reference: `Practitioner/${id(50)}`, identifier: { system: 'urn:d', value: '7' } } };
  const provenance = (number: number, targets: readonly string[]): Resource => ({
    resourceType: 'Provenance',
    id: id(number),
    recorded: '2024-05-03T00:00:00Z',
    target: targets.map((reference) => ({ reference, identifier: { system: 'urn:t', value: reference } })),
    agent: [doctor],
    entity: [{ role: 'source', what: { reference: visit } }],
    signature: [{ type: [{ system: 'urn:s', code: 'author' }], when: '2024-05-03T00:00:00Z', who: doctor.who }],
  });
  let mine: FhirServer;
  let token: string;
  beforeAll(async () => {
    mine = await startFhir();
    await mine.load([
      { resourceType: 'Patient', id: patient },
      { resourceType: 'Observation', id: id(10), ...about, category: [{ coding: [{ code: 'laboratory' }] }] },
      { resourceType: 'Observation', id: id(11), ...about, category: [{ coding: [{ code: 'vital-signs' }] }] },
      { resourceType: 'Encounter', id: id(12), ...about },
      { resourceType: 'Practitioner', id: id(50), name: [{ family: 'House' }] },
      provenance(20, [lab]),
      provenance(21, [lab, vital]),
      provenance(22, [vital]),
    ]);
    const scope = 'patient/Observation.rs?category=laboratory patient/Provenance.rs patient/Encounter.rs';
    token = await mine.token(patient, { scope: `${scope} patient/Practitioner.rs` });
  });
  afterAll(() => mine.close());

  it.each([
    ['Provenance', [20, 21]],
    [`Provenance?agent=Practitioner/${id(50)}`, [20, 21]],
    [`Provenance?agent=Practitioner/${id(50)}&target=${lab}`, [20, 21]],
    [`Provenance?target=${vital}`, []],
    // The token may not see the second target of this Provenance.
    [`Provenance?entity=${visit}`, [20]],
    ['Provenance?entity:missing=false', [20]],
    ['Provenance?entity:missing=true', [21]],
    ['Provenance?signature-type=author', [20]],
    ['Provenance?signature-type:not=author', [21]],
  ])('%s finds %j', async (query, numbers) => {
    const { entry = [], total } = (await mine.get(token, `/${query}`)).json();
    const found = entry.map(({ resource }: { resource: Resource }) => Number(resource.id?.slice(0, 8)));
    expect(found.sort()).toEqual(numbers);
    expect(total).toBe(numbers.length);
  });

  it('nor do included or linked resources', async () => {
    const included = (await mine.get(token, '/Encounter?_revinclude=Provenance:entity')).json().entry;
    expect(included.map(({ resource }: { resource: Resource }) => resource.id)).toEqual([id(12), id(20)]);
    const linked = async (of: string) => {
      const query = `Encounter?_has:Provenance:entity:_id=${of}`;
      return (await mine.get(token, `/${query}`)).json().total;
    };
    expect({ own: await linked(id(20)), hidden: await linked(id(21)), missing: await linked(id(22)) }).toEqual({
      own: 1,
      hidden: 0,
      missing: 0,
    });
  });

  it('the identifiers of targets aren’t searched at all', async () => {
    const answer = await mine.get(token, `/Provenance?target:identifier=urn:t%7C${encodeURIComponent(vital)}`);
    expect(answer.statusCode).toBe(400);
  });
});
