import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { patient } from '../support/charts.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

const observation = (number: number, category: string, subject = ANN): Resource => ({
  resourceType: 'Observation',
  // An id in capital letters is the same id.
  id: id(number).toUpperCase(),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ system: CATEGORY, code: category }] }],
  code: { text: 'x' },
});
const condition = (number: number, category: string): Resource => ({
  resourceType: 'Condition',
  id: id(number),
  subject: { reference: `Patient/${ANN}` },
  category: [{ coding: [{ code: category }] }],
  code: { text: 'x' },
});
const provenance = (number: number, targets: readonly string[], more: object = {}): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  recorded: '2024-05-03T00:00:00Z',
  target: targets.map((reference) => ({ reference })),
  agent: [{ who: { reference: 'Practitioner/x' } }],
  ...more,
});
const LAB = `Observation/${id(1)}`;
const VITAL = `Observation/${id(2)}`;

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    observation(1, 'laboratory'),
    observation(2, 'vital-signs'),
    observation(3, 'social-history'),
    observation(4, 'laboratory', BOB),
    condition(10, 'problem-list-item'),
    condition(11, 'encounter-diagnosis'),
    provenance(30, [LAB]),
    provenance(31, [VITAL]),
    provenance(32, [VITAL, LAB.toUpperCase().replace('OBSERVATION', 'Observation')]),
    provenance(33, [`Condition/${id(10)}`]),
    // What it was made from is granted, what it is about is not.
    provenance(34, [VITAL], { entity: [{ role: 'source', what: { reference: LAB } }] }),
    provenance(35, [`Patient/${ANN}`], { activity: { text: `about "${LAB}"` } }),
    // As long as a UUID and with dashes where it has them, and yet none.
    provenance(37, [LAB], { activity: { text: `see "Observation/${'-'.repeat(36)}` } }),
    provenance(38, [LAB], { activity: { text: 'see "Observation/0000000g-0000-4000-8000-000000000000' } }),
    provenance(39, [LAB], { activity: { text: 'see "Observation/0-------0----4----8----0-----------' } }),
    provenance(36, [`Observation/${id(4)}`]),
  ]);
});
afterAll(() => server.close());

const having = (...scopes: readonly string[]) =>
  server.token(ANN, { scope: scopes.map((scope) => `patient/${scope}`).join(' ') });

async function found(token: string, path: string) {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  const numbers = (mode: string) =>
    entry
      .filter((one: { search: { mode: string } }) => one.search.mode === mode)
      .map((one: { resource: { id: string } }) => Number(one.resource.id.slice(0, 8)))
      .sort();
  return { total, matches: numbers('match'), included: numbers('include') };
}
const statusOf = async (token: string, path: string) => (await server.get(token, path)).statusCode;

describe('a granular scope (SMART App Launch 2.2 §3.0.2.5)', () => {
  it('narrows searches, totals and pages, whatever else is asked', async () => {
    const token = await having(`Observation.rs?category=${CATEGORY}|laboratory`);
    expect(await found(token, '/Observation')).toEqual({ total: 1, matches: [1], included: [] });
    expect((await found(token, '/Observation?_count=0')).total).toBe(1);
    expect((await found(token, '/Observation?category=vital-signs')).total).toBe(0);
    expect((await found(token, '/Observation?category=vital-signs,laboratory&_count=1')).total).toBe(1);
    expect((await found(token, `/Observation?_id=${id(2)},${id(1)}`)).matches).toEqual([1]);
  });

  it('lets a resource outside of it be as if it did not exist, and another type be refused', async () => {
    const token = await having('Observation.rs?category=laboratory');
    const other = await server.get(token, `/Observation/${id(2)}`);
    const none = await server.get(token, `/Observation/${id(99)}`);
    expect([other.statusCode, none.statusCode]).toEqual([404, 404]);
    expect(other.json().issue[0].details).toEqual(none.json().issue[0].details);
    expect(await statusOf(token, `/Observation/${id(1)}`)).toBe(200);
    expect(await statusOf(token, `/Condition/${id(10)}`)).toBe(403);
  });

  it('adds up with others, and is no limit beside one for the whole type', async () => {
    const two = await having('Observation.rs?category=laboratory', 'Observation.rs?category=vital-signs');
    expect((await found(two, '/Observation')).matches).toEqual([1, 2]);
    const whole = await having('Observation.rs?category=laboratory', '*.rs');
    expect((await found(whole, '/Observation')).matches).toEqual([1, 2, 3]);
  });

  it('tells reading from searching', async () => {
    const token = await having('Observation.r?category=laboratory', 'Observation.s?category=vital-signs');
    expect((await found(token, '/Observation')).matches).toEqual([2]);
    expect(await statusOf(token, `/Observation/${id(1)}`)).toBe(200);
    expect(await statusOf(token, `/Observation/${id(2)}`)).toBe(404);
  });

  it.each(['_id=nonsense', '_id=%00', 'category=%00', 'patient=x', '_lastUpdated=gt2000,nonsense', 'code=|'])(
    'that asks %s grants nothing, and is no fault of ours',
    async (query) => {
      const token = await having(`Observation.rs?${query}`);
      const answer = await server.get(token, '/Observation');
      if (answer.statusCode === 200) expect(answer.json().total).toBe(0);
      else expect(answer.statusCode).toBe(403);
    },
  );
});

describe('Provenance beside granular scopes', () => {
  it('is seen where one of its targets is', async () => {
    const labs = await having('Observation.rs?category=laboratory', 'Provenance.rs');
    expect((await found(labs, '/Provenance')).matches).toEqual([30, 32, 37, 38, 39]);
    expect((await found(labs, '/Provenance?_count=0')).total).toBe(5);
    for (const number of [30, 32, 37, 38, 39]) expect(await statusOf(labs, `/Provenance/${id(number)}`)).toBe(200);
    for (const number of [31, 33, 34, 35, 36]) expect(await statusOf(labs, `/Provenance/${id(number)}`)).toBe(404);
    expect((await found(labs, `/Provenance?target=${VITAL}`)).matches).toEqual([32]);
  });

  it('follows each type by its own scopes', async () => {
    const both = await having(
      'Observation.rs?category=laboratory',
      'Condition.rs?category=problem-list-item',
      'Provenance.s',
    );
    expect((await found(both, '/Provenance')).matches).toEqual([30, 32, 33, 37, 38, 39]);
    const other = await having(
      'Observation.rs?category=laboratory',
      'Condition.rs?category=health-concern',
      'Provenance.s',
    );
    expect((await found(other, '/Provenance')).matches).toEqual([30, 32, 37, 38, 39]);
    const mixed = await having('Observation.rs?category=laboratory', 'Condition.rs', 'Patient.rs', 'Provenance.s');
    expect((await found(mixed, '/Provenance')).matches).toEqual([30, 32, 33, 35, 37, 38, 39]);
  });

  it('is seen for what may be read or searched', async () => {
    const token = await having(
      'Observation.r?category=laboratory',
      'Observation.s?category=vital-signs',
      'Provenance.s',
    );
    expect((await found(token, '/Provenance')).matches).toEqual([30, 31, 32, 34, 37, 38, 39]);
  });

  it('may itself be granted in part', async () => {
    const token = await having('Observation.rs?category=laboratory', `Provenance.rs?target=${VITAL}`);
    expect((await found(token, '/Provenance')).matches).toEqual([32]);
    expect(await statusOf(token, `/Provenance/${id(30)}`)).toBe(404);
  });

  it('is not seen where a granular scope grants nothing', async () => {
    const token = await having('Observation.rs?unknown=1', 'Provenance.rs');
    expect((await found(token, '/Provenance')).total).toBe(0);
  });

  it('comes with a search as far as it is seen (_revinclude)', async () => {
    const labs = await having('Observation.rs?category=laboratory', 'Provenance.rs');
    expect(await found(labs, '/Observation?_revinclude=Provenance:target')).toEqual({
      total: 1,
      matches: [1],
      included: [30, 32, 37, 38, 39],
    });
    const without = await having('Observation.rs?category=laboratory');
    expect((await found(without, '/Observation?_revinclude=Provenance:target')).included).toEqual([]);
  });

  it('goes when its target is moved out of what is granted', async () => {
    const mine = await startFhir();
    try {
      await mine.load([patient(ANN, 'Ann'), observation(1, 'laboratory'), provenance(30, [LAB])]);
      const labs = await mine.token(ANN, { scope: 'patient/Observation.rs?category=laboratory patient/Provenance.rs' });
      expect((await mine.get(labs, '/Provenance')).json().total).toBe(1);
      await mine.load([observation(1, 'vital-signs')]);
      expect((await mine.get(labs, '/Provenance')).json().total).toBe(0);
    } finally {
      await mine.close();
    }
  });
});
