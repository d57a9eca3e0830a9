import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { patient } from '../support/charts.ts';
import { BASE, type FhirServer, startFhir } from '../support/fhir-server.ts';

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
});

describe('a target that is no plain type and id might be anything: beside a lab result it is not shown', () => {
  let mine: FhirServer;
  beforeAll(async () => {
    mine = await startFhir();
    await mine.load([
      patient(ANN, 'Ann'),
      observation(1, 'laboratory'),
      observation(2, 'vital-signs'),
      condition(10, 'problem-list-item'),
      ...TARGETS.map(([, target], index) => beside(100 + index, target)),
    ]);
  });
  afterAll(() => mine.close());

  /** What a Reference may be: FHIR R4 §2.3. */
  const TARGETS: readonly (readonly [what: string, target: unknown, shown?: 'shown'])[] = [
    ['the address of what is denied here', { reference: `${BASE}/${VITAL}` }],
    ['its DSTU2 address', { reference: `${BASE.replace('r4', 'dstu2')}/${VITAL}` }],
    ['the address of a denied type', { reference: `${BASE}/${PROBLEM}` }],
    [
      'an address at another server, which it may have been loaded from',
      { reference: `https://other.example/${VITAL}` },
    ],
    ['a name of another input', { reference: `urn:uuid:${id(2)}` }],
    ['a leading slash', { reference: `/${VITAL}` }],
    ['a leading space', { reference: ` ${VITAL}` }],
    ['a space behind', { reference: `${VITAL} ` }],
    ['a line break', { reference: `${VITAL}\n` }],
    ['a leading slash before a denied type', { reference: `/${PROBLEM}` }],
    ['a search', { reference: `Observation?_id=${id(2)}` }],
    ['a part of it', { reference: `${VITAL}#part` }],
    ['a version of it', { reference: `${VITAL}/_history/1` }],
    ['a version of it, with a leading slash', { reference: `/${VITAL}/_history/1` }],
    ['an id that is none', { reference: 'Observation/{id}' }],
    ['no id at all', { reference: 'Observation/' }],
    ['an identifier', { identifier: { system: 'urn:order', value: '7' } }],
    ['a type and an identifier', { type: 'Observation', identifier: { system: 'urn:order', value: '7' } }],
    ['a denied type and an identifier', { type: 'Condition', identifier: { value: '7' } }],
    ['another type than the reference has', { reference: 'Procedure/1', type: 'Observation' }],
    ['a contained resource', { reference: '#it' }],
    ['words alone', { display: 'A pregnancy test' }],
    ['a number for a reference', { reference: 7 }],
    ['a text', VITAL],
    ['a number', 7],
    ['nothing', null],
    ['a list', [{ reference: VITAL }]],
    ['the same type as the reference has', { reference: LAB, type: 'Observation' }, 'shown'],
    ['words beside a reference', { reference: LAB, display: 'A blood test' }, 'shown'],
    ['a type that is not kept here', { reference: 'Procedure/A-1.b', type: 'Procedure' }, 'shown'],
  ];

  const beside = (number: number, target: unknown): Resource => ({
    ...provenance(number, []),
    contained: [{ ...observation(2, 'vital-signs'), id: 'it' }],
    target: [target, { reference: LAB }],
  });

  it.each(TARGETS.map(([what, target, shown], index) => [what, target, 100 + index, shown === 'shown'] as const))(
    '%s: %j',
    async (_what, _target, number, shown) => {
      const scopes = [
        LABS,
        'Observation.rs?category=laboratory,survey',
        'Observation.rs?status=final&category=laboratory',
      ];
      for (const scope of scopes) {
        const labs = await mine.token(ANN, { scope: `patient/${scope} patient/Provenance.rs` });
        expect((await mine.get(labs, `/Provenance/${id(number)}`)).statusCode).toBe(shown ? 200 : 404);
      }
      expect((await mine.get(await mine.token(ANN), `/Provenance/${id(number)}`)).statusCode).toBe(200);
    },
  );

  it('in no search, total or _revinclude either', async () => {
    const labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
    const expected = TARGETS.filter(([, , shown]) => shown === 'shown').length;
    expect((await mine.get(labs, '/Provenance')).json()).toMatchObject({ total: expected });
    expect((await mine.get(labs, `/Provenance?target=${LAB}&_count=0`)).json()).toMatchObject({ total: expected });
    const { entry } = (await mine.get(labs, '/Observation?_revinclude=Provenance:target')).json();
    expect(entry).toHaveLength(1 + expected);
  });

  it('beside types that are granted whole as well', async () => {
    const types = await mine.token(ANN, { scope: 'patient/Observation.rs patient/Provenance.rs' });
    const { entry } = (await mine.get(types, '/Provenance?_count=100')).json();
    const shown = entry
      .map(({ resource }: { resource: { id: string } }) => Number(resource.id.slice(0, 8)) - 100)
      .sort();
    const plain = TARGETS.flatMap(([, , isShown], index) => (isShown === 'shown' ? [index] : []));
    // What intake knows by type and id is stored by them.
    const version = TARGETS.findIndex(([what]) => what === 'a version of it');
    expect(shown).toEqual([version, ...plain].sort());
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
