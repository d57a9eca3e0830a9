import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { patient } from '../support/charts.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

const observation = (number: number, category: string): Resource => ({
  resourceType: 'Observation',
  // An id in capital letters is the same id.
  id: id(number).toUpperCase(),
  status: 'final',
  subject: { reference: `Patient/${ANN}` },
  category: [{ coding: [{ code: category }] }],
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
const PROBLEM = `Condition/${id(10)}`;
const DIAGNOSIS = `Condition/${id(11)}`;

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    observation(1, 'laboratory'),
    observation(2, 'vital-signs'),
    condition(10, 'problem-list-item'),
    condition(11, 'encounter-diagnosis'),
    provenance(30, [LAB]),
    provenance(31, [VITAL]),
    provenance(32, [VITAL, LAB.toUpperCase().replace('OBSERVATION', 'Observation')]),
    provenance(33, [PROBLEM]),
    provenance(34, [LAB, PROBLEM]),
    provenance(35, [`Patient/${ANN}`], { activity: { text: `about "${LAB}"` } }),
    // What it was made from is no target.
    provenance(36, [LAB], { entity: [{ role: 'source', what: { reference: VITAL } }] }),
    provenance(37, [LAB, LAB], { activity: { text: `see "${VITAL}"` } }),
    // Of nothing that the record has.
    provenance(38, [LAB, `Observation/${id(99)}`]),
    // Of a type that is not kept here.
    provenance(39, [LAB, 'Procedure/1']),
    // Of other Provenance.
    provenance(40, [LAB, `Provenance/${id(30)}`]),
    provenance(41, [LAB, `Practitioner/${id(50)}`]),
    { resourceType: 'Practitioner', id: id(50), name: [{ family: 'One' }] },
  ]);
});
afterAll(() => server.close());

const having = (...scopes: readonly string[]) =>
  server.token(ANN, { scope: scopes.map((scope) => `patient/${scope}`).join(' ') });
const LABS = 'Observation.rs?category=laboratory';

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
const seen = async (...scopes: readonly string[]) => (await found(await having(...scopes), '/Provenance')).matches;

describe('Provenance names all its targets: it is seen where all of them are', () => {
  it('all of it with all of the record', async () => {
    expect(await seen('*.rs')).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41]);
  });

  it('beside a category, with no target of another one', async () => {
    const labs = await having(LABS, 'Provenance.rs');
    const expected = [30, 36, 37, 39];
    expect((await found(labs, '/Provenance')).matches).toEqual(expected);
    expect((await found(labs, '/Provenance?_count=0')).total).toBe(expected.length);
    for (let number = 30; number <= 41; number++) {
      expect(await statusOf(labs, `/Provenance/${id(number)}`)).toBe(expected.includes(number) ? 200 : 404);
    }
  });

  it('beside a type, with no target of another one', async () => {
    expect(await seen('Observation.rs', 'Provenance.rs')).toEqual([30, 31, 32, 36, 37, 38, 39]);
    expect(await seen('Observation.rs', 'Practitioner.rs', 'Provenance.rs')).toContain(41);
    expect(await seen('Patient.rs', 'Provenance.rs')).toEqual([35]);
    expect(await seen('Provenance.rs')).toEqual([]);
  });

  it('each target by the scopes for its type', async () => {
    const problems = 'Condition.rs?category=problem-list-item';
    expect(await seen(LABS, problems, 'Provenance.s')).toEqual([30, 33, 34, 36, 37, 39]);
    expect(await seen(LABS, 'Condition.rs?category=health-concern', 'Provenance.s')).toEqual([30, 36, 37, 39]);
    expect(await seen(LABS, 'Condition.rs', 'Patient.rs', 'Provenance.s')).toEqual([30, 33, 34, 35, 36, 37, 39]);
  });

  it('targets that may be read or searched', async () => {
    const split = ['Observation.r?category=laboratory', 'Observation.s?category=vital-signs'];
    expect(await seen(...split, 'Provenance.s')).toEqual([30, 31, 32, 36, 37, 39]);
  });

  it('and itself may be granted in part', async () => {
    const token = await having(LABS, `Provenance.rs?target=${LAB},${VITAL}`);
    expect((await found(token, '/Provenance')).matches).toEqual([30, 36, 37, 39]);
    expect(await seen('*.rs', `Provenance.rs?target=${VITAL}`)).toHaveLength(12);
    expect(await seen('Observation.rs', `Provenance.rs?target=${VITAL}`)).toEqual([31, 32]);
  });

  it('nothing where a granular scope grants nothing', async () => {
    expect(await seen('Observation.rs?unknown=1', 'Provenance.rs')).toEqual([]);
  });

  it.each([
    ['a text', 'x', true],
    ['a number', 7, true],
    ['nothing', null, true],
    ['words alone', { display: 'A blood test' }, true],
    ['a number for a reference', { reference: 7 }, true],
    ['something outside', { reference: `https://other.example/${VITAL}` }, true],
    ['a contained resource', { reference: '#it' }, true],
    ['a version of a resource', { reference: `${VITAL}/_history/1` }, false],
    ['an id that is none', { reference: 'Observation/{id}' }, false],
    ['no id at all', { reference: 'Observation/' }, false],
  ])('whatever a target is: %s', async (_, target, expected) => {
    const mine = await startFhir();
    try {
      const { target: targets, ...rest } = provenance(30, [LAB]);
      const odd = { ...rest, target: [target, ...(targets as readonly unknown[])] } as Resource;
      await mine.load([patient(ANN, 'Ann'), observation(1, 'laboratory'), observation(2, 'vital-signs'), odd]);
      expect((await mine.get(await mine.token(ANN), '/Provenance')).json().total).toBe(1);
      const labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
      const answer = await mine.get(labs, '/Provenance');
      expect([answer.statusCode, answer.json().total]).toEqual([200, expected ? 1 : 0]);
    } finally {
      await mine.close();
    }
  });
});

describe('what is denied can’t be asked for by what tells of it', () => {
  it.each([VITAL, id(2), PROBLEM, DIAGNOSIS, `Patient/${ANN}`])('target=%s finds nothing', async (target) => {
    const labs = await having(LABS, 'Provenance.rs');
    expect((await found(labs, `/Provenance?target=${target}`)).total).toBe(0);
    expect((await found(labs, `/Provenance?target=${LAB},${target}`)).matches).toEqual([30, 36, 37, 39]);
    expect((await found(labs, `/Provenance?target=${LAB}&target=${target}`)).total).toBe(0);
  });
});

describe('_revinclude=Provenance:target beside granular scopes', () => {
  it('brings what is seen', async () => {
    const labs = await having(LABS, 'Provenance.rs');
    expect(await found(labs, '/Observation?_revinclude=Provenance:target')).toEqual({
      total: 1,
      matches: [1],
      included: [30, 36, 37, 39],
    });
    const without = await having(LABS);
    expect((await found(without, '/Observation?_revinclude=Provenance:target')).included).toEqual([]);
  });

  it('no more, once a target is moved out of what is granted', async () => {
    const mine = await startFhir();
    try {
      await mine.load([patient(ANN, 'Ann'), observation(1, 'laboratory'), provenance(30, [LAB])]);
      const labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
      expect((await mine.get(labs, '/Provenance')).json().total).toBe(1);
      await mine.load([observation(1, 'vital-signs')]);
      expect((await mine.get(labs, '/Provenance')).json().total).toBe(0);
    } finally {
      await mine.close();
    }
  });
});
