import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { fileInput, importFiles } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { dataFiles, withData } from '../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { propertyRuns } from '../../support/runs/slice.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

const observation = (number: number, category: string): Resource => ({
  resourceType: 'Observation',
  // The same resource id in capital letters.
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
    provenance(37, [LAB, LAB], { activity: { text: 'twice' } }),
    // The second target of this Provenance doesn't exist in the record.
    provenance(38, [LAB, `Observation/${id(99)}`]),
    // The second target of this Provenance has a type that the server doesn't store.
    provenance(39, [LAB, 'Procedure/1']),
    // The second target of this Provenance is another Provenance.
    provenance(40, [LAB, `Provenance/${id(30)}`]),
    provenance(41, [LAB, `Practitioner/${id(50)}`]),
    provenance(42, [`Provenance/${id(30)}`]),
    { resourceType: 'Practitioner', id: id(50), name: [{ family: 'One' }] },
  ]);
});
afterAll(() => server.close());

const having = (...scopes: readonly string[]) =>
  server.token(ANN, { scope: scopes.map((scope) => `patient/${scope}`).join(' ') });
const LABS = 'Observation.rs?category=laboratory';
const SUBSETTED = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue|SUBSETTED';

interface Entry {
  readonly resource: Resource & { readonly id: string; readonly target?: readonly { readonly reference: string }[] };
  readonly search: { readonly mode: string };
}
const numberOf = ({ resource }: Entry) => Number(resource.id.slice(0, 8));
const ordered = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

async function found(token: string, path: string, of = server) {
  const answer = await of.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json() as { total: number; entry?: Entry[] };
  const entries = (mode: string) => entry.filter((one) => one.search.mode === mode);
  const told = new Map(entry.map((one) => [numberOf(one), one.resource.target?.map(({ reference }) => reference)]));
  return {
    total,
    matches: ordered(entries('match').map(numberOf)),
    included: ordered(entries('include').map(numberOf)),
    told,
  };
}
const seen = async (...scopes: readonly string[]) => (await found(await having(...scopes), '/Provenance')).matches;
const textOf = async (token: string, number: number, of = server) =>
  (await of.get(token, `/Provenance/${id(number)}`)).body;
const tagsOf = (text: string) =>
  (JSON.parse(text).meta?.tag ?? []).map(({ system, code }: Record<string, string>) => `${system}|${code}`);

const ALL = [30, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 42];
const OF_LAB = [30, 32, 34, 37, 38, 39, 40, 41];

describe('Provenance is visible if one of its targets is', () => {
  it('all of it is served as stored, to a grant for the whole record', async () => {
    const all = await having('*.rs');
    expect((await found(all, '/Provenance')).matches).toEqual(ALL);
    const rows = await server.db.queryText<{ id: string; content: string }>(
      "select id, content from resource where type = 'Provenance'",
      [],
    );
    expect(rows).toHaveLength(ALL.length);
    for (const row of rows) expect(await textOf(all, Number(row.id.slice(0, 8)))).toBe(row.content);
  });

  it('with a category, with its targets in the category', async () => {
    const labs = await having(LABS, 'Provenance.rs');
    const answer = await found(labs, '/Provenance');
    expect(answer.matches).toEqual(OF_LAB);
    expect(answer.total).toBe(OF_LAB.length);
    for (const number of OF_LAB) expect(answer.told.get(number)).toEqual(number === 37 ? [LAB, LAB] : [LAB]);
    expect((await found(labs, '/Provenance?_count=0')).total).toBe(OF_LAB.length);
    for (const number of ALL) {
      const status = (await server.get(labs, `/Provenance/${id(number)}`)).statusCode;
      expect(status, `Observation ${number}`).toEqual(OF_LAB.includes(number) ? 200 : 404);
    }
  });

  it('on each page', async () => {
    const labs = await having(LABS, 'Provenance.rs');
    const numbers: number[] = [];
    for (let next: string | undefined = '/Provenance?_count=3'; next !== undefined; ) {
      const { total, entry, link }: { total: number; entry: Entry[]; link: { relation: string; url: string }[] } = (
        await server.get(labs, next)
      ).json();
      expect(total).toBe(OF_LAB.length);
      numbers.push(...entry.map(numberOf));
      for (const { resource } of entry) {
        for (const { reference } of resource.target ?? []) expect(reference).toBe(LAB);
      }
      next = link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(ordered(numbers)).toEqual(OF_LAB);
  });

  it('in `$everything`, also after the first contents, which a statement of their own reads', async () => {
    const large = await startFhir();
    const many = Array.from({ length: 105 }, (_, i) => provenance(1000 + i, [LAB, VITAL]));
    await large.load([patient(ANN, 'Ann'), observation(1, 'laboratory'), observation(2, 'vital-signs'), ...many]);
    const labs = await large.token(ANN, { scope: `patient/Patient.rs patient/${LABS} patient/Provenance.rs` });
    const { told } = await found(labs, `/Patient/${ANN}/$everything?_type=Provenance`, large);
    await large.close();
    expect([...told.values()]).toEqual(many.map(() => [LAB]));
  });

  it('with a type, with its targets of that type', async () => {
    expect(await seen('Observation.rs', 'Provenance.rs')).toEqual(ordered([...OF_LAB, 31]));
    expect(await seen('Patient.rs', 'Provenance.rs')).toEqual([35]);
    expect(await seen('Provenance.rs')).toEqual([]);
    const practitioners = await having('Practitioner.rs', 'Provenance.rs');
    const { told } = await found(practitioners, '/Provenance');
    expect([...told]).toEqual([[41, [`Practitioner/${id(50)}`]]]);
  });

  it('with each target by the scopes for its type', async () => {
    const problems = 'Condition.rs?category=problem-list-item';
    const both = await found(await having(LABS, problems, 'Provenance.s'), '/Provenance');
    expect(both.matches).toEqual(ordered([...OF_LAB, 33]));
    expect(both.told.get(34)).toEqual([LAB, PROBLEM]);
    const other = await found(
      await having(LABS, 'Condition.rs?category=health-concern', 'Provenance.s'),
      '/Provenance',
    );
    expect(other.matches).toEqual(OF_LAB);
    expect(other.told.get(34)).toEqual([LAB]);
  });

  it('with targets that may be read or searched', async () => {
    const split = ['Observation.r?category=laboratory', 'Observation.s?category=vital-signs'];
    const { told } = await found(await having(...split, 'Provenance.s'), '/Provenance');
    expect(told.get(32)).toEqual([VITAL, LAB]);
  });

  it('and may itself be granted in part, by its visible content', async () => {
    expect(await seen('*.rs', `Provenance.rs?target=${VITAL}`)).toEqual(ALL);
    expect(await seen('Observation.rs', `Provenance.rs?target=${VITAL}`)).toEqual([31, 32]);
    expect(await seen(LABS, `Provenance.rs?target=${LAB},${VITAL}`)).toEqual(OF_LAB);
    expect(await seen(LABS, `Provenance.rs?target=${VITAL}`)).toEqual([]);
  });

  it('and not if a granular scope grants nothing', async () => {
    expect(await seen('Observation.rs?unknown=1', 'Provenance.rs')).toEqual([]);
  });

  it('under both scopes, if one is for the record and another for the practice', async () => {
    const scope = `patient/Provenance.rs patient/${LABS} user/Provenance.rs user/Condition.rs`;
    const both = await server.token(ANN, { scope, practices: [1] });
    const { matches, told } = await found(both, '/Provenance');
    expect(matches).toEqual(ordered([...OF_LAB, 33]));
    expect(told.get(34)).toEqual([LAB, PROBLEM]);
    expect(told.get(32)).toEqual([LAB]);
    expect((await found(both, `/Provenance?target=${LAB}&target=${PROBLEM}`)).matches).toEqual([34]);
  });
});

describe('a partly visible Provenance', () => {
  const MORE: object = {
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance'], tag: [{ code: 'mine' }] },
    language: 'en',
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">Of ${VITAL}</div>` },
    contained: [
      { ...observation(2, 'vital-signs'), id: 'it' },
      { resourceType: 'Organization', id: 'org', name: 'O' },
    ],
    extension: [{ url: 'http://example.org/of', valueReference: { reference: VITAL } }],
    occurredPeriod: { start: '2024-05-02', end: '2024-05-03' },
    policy: ['http://example.org/policy'],
    basedOn: [{ reference: VITAL }],
    activity: { coding: [{ system: 'urn:x', code: 'CREATE', extension: [{ url: 'urn:size', valueDecimal: 7.1 }] }] },
    agent: [
      { who: { reference: '#org' }, onBehalfOf: { reference: '#org', display: 'The practice' } },
      {
        who: {
          extension: [
            { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
            { url: 'http://example.org/of', valueUri: VITAL },
          ],
        },
      },
    ],
    entity: [{ role: 'source', what: { reference: VITAL } }],
    signature: [{ type: [{ code: 'x' }], when: '2024-05-03T00:00:00Z', who: { reference: VITAL }, data: 'AAAA' }],
  };
  let mine: FhirServer;
  let labs: string;
  beforeAll(async () => {
    mine = await startFhir();
    await mine.load([
      patient(ANN, 'Ann'),
      observation(1, 'laboratory'),
      observation(2, 'vital-signs'),
      provenance(30, [VITAL, LAB], MORE),
      provenance(31, [LAB], MORE),
    ]);
    labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
  });
  afterAll(() => mine.close());

  it('is served without anything that could reveal the rest, and says so: FHIR R4 search, _summary', async () => {
    const text = await textOf(labs, 30, mine);
    expect(text).not.toContain(id(2));
    const { meta, agent, ...rest } = JSON.parse(text);
    expect(meta).toMatchObject({ profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance'] });
    expect(meta.tag[0]).toEqual({ code: 'mine' });
    expect(tagsOf(text)).toContain(SUBSETTED);
    expect(rest).toEqual({
      resourceType: 'Provenance',
      id: id(30),
      language: 'en',
      target: [{ reference: LAB }],
      occurredPeriod: { start: '2024-05-02', end: '2024-05-03' },
      recorded: '2024-05-03T00:00:00Z',
      policy: ['http://example.org/policy'],
      activity: { coding: [{ system: 'urn:x', code: 'CREATE' }] },
    });
    const absent = (valueCode: string) => ({
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode }],
    });
    // Provenance.agent is required (FHIR R4).
    expect(agent).toEqual([
      { who: absent('masked'), onBehalfOf: { display: 'The practice' } },
      { who: absent('unknown') },
    ]);
  });

  it('is the same in a read, a search and a _revinclude, with its actual version', async () => {
    const read = await mine.get(labs, `/Provenance/${id(30)}`);
    const bodies = ['/Provenance', `/Provenance?target=${LAB}`, '/Observation?_revinclude=Provenance:target'].map(
      async (path) => (await mine.get(labs, path)).body,
    );
    for (const body of await Promise.all(bodies)) expect(body).toContain(`"resource":${read.body},`);
    const whole = await mine.get(await mine.token(ANN), `/Provenance/${id(30)}`);
    expect(read.headers['etag']).toBe(whole.headers['etag']);
    expect(JSON.parse(read.body).meta.versionId).toBe(JSON.parse(whole.body).meta.versionId);
  });

  it('is served as stored if all of it is visible', async () => {
    const whole = await mine.token(ANN);
    expect(await textOf(labs, 31, mine)).toBe(await textOf(whole, 31, mine));
    const types = await mine.token(ANN, { scope: 'patient/Observation.rs patient/Provenance.rs' });
    expect(await textOf(types, 30, mine)).toBe(await textOf(whole, 30, mine));
    expect(tagsOf(await textOf(types, 30, mine))).not.toContain(SUBSETTED);
  });
});

describe('a target that isn’t a plain type and id could be anything, so it is redacted beside a lab result', () => {
  let mine: FhirServer;
  beforeAll(async () => {
    mine = await startFhir();
    await mine.load([
      patient(ANN, 'Ann'),
      observation(1, 'laboratory'),
      observation(2, 'vital-signs'),
      condition(10, 'problem-list-item'),
      ...TARGETS.map(([, target], index) => beside(100 + index, target)),
      ...TARGETS.map(([, target], index) => ({
        ...provenance(200 + index, []),
        target: [target, { reference: VITAL }],
      })),
    ]);
  });
  afterAll(() => mine.close());

  /** All forms of a Reference that FHIR R4 §2.3 allows. */
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
    ['words with NUL', { display: 'A \0 test' }],
    ['half a character', { display: '\ud83d' }],
    ['a reference with NUL', { reference: `${LAB}\0` }],
    ['a reference with half a character', { reference: `Observation/\udc00` }],
    ['a backslash before what looks like NUL', { reference: LAB, display: '\\u0000' }, 'shown'],
    ['NUL in words beside a reference', { reference: LAB, display: '\0\u0001' }, 'shown'],
    ['a number for a reference', { reference: 7 }],
    ['a text', VITAL],
    ['a number', 7],
    ['nothing', null],
    ['a list', [{ reference: VITAL }]],
    ['the same type as the reference has', { reference: LAB, type: 'Observation' }, 'shown'],
    ['words beside a reference', { reference: LAB, display: 'A blood test' }, 'shown'],
    ['a type that is not kept here', { reference: 'Procedure/A-1.b', type: 'Procedure' }],
  ];

  const beside = (number: number, target: unknown): Resource => ({
    ...provenance(number, []),
    contained: [{ ...observation(2, 'vital-signs'), id: 'it' }],
    target: [target, { reference: LAB }],
  });

  const visibleTargets = (target: unknown, shown: boolean) =>
    shown ? [target, { reference: LAB }] : [{ reference: LAB }];

  it.each(TARGETS.map(([what, target, shown], index) => [what, target, 100 + index, shown === 'shown'] as const))(
    '%s: %j',
    async (_what, target, number, shown) => {
      const whole = await textOf(await mine.token(ANN), number, mine);
      const scopes = [
        LABS,
        'Observation.rs?category=laboratory,survey',
        'Observation.rs?status=final&category=laboratory',
      ];
      for (const scope of scopes) {
        const labs = await mine.token(ANN, { scope: `patient/${scope} patient/Provenance.rs` });
        const text = await textOf(labs, number, mine);
        expect(JSON.parse(text).target).toEqual(visibleTargets(target, shown));
        expect(tagsOf(text).includes(SUBSETTED)).toBe(!shown);
        if (shown) expect(text).toBe(whole);
        else expect(text).not.toContain(id(2));
      }
    },
  );

  it('without a visible target, the Provenance is hidden', async () => {
    const labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
    const ofLab = TARGETS.flatMap(([, , isShown], index) => (isShown === 'shown' ? [200 + index] : []));
    const { matches } = await found(labs, '/Provenance?_count=1000', mine);
    expect(matches.filter((number) => number >= 200)).toEqual(ofLab);
    expect(ofLab).toHaveLength(4);
  });

  it('and isn’t found by a search for it', async () => {
    const labs = await mine.token(ANN, { scope: `patient/${LABS} patient/Provenance.rs` });
    for (const [, target] of TARGETS) {
      const { reference } = (target ?? {}) as { reference?: unknown };
      if (typeof reference !== 'string' || reference === LAB) continue;
      const { total } = await found(labs, `/Provenance?${new URLSearchParams({ target: reference })}`, mine);
      expect(total, reference).toBe(0);
    }
  });
});

describe('a search can’t reveal denied content through Provenance', () => {
  it.each([VITAL, id(2), PROBLEM, DIAGNOSIS, `Patient/${ANN}`, `Provenance/${id(30)}`, 'Procedure/1', '1'])(
    'target=%s finds nothing',
    async (target) => {
      const labs = await having(LABS, 'Provenance.rs');
      expect((await found(labs, `/Provenance?target=${target}`)).total).toBe(0);
      expect((await found(labs, `/Provenance?target=${target}&_count=0`)).total).toBe(0);
      expect((await found(labs, `/Provenance?target=${LAB},${target}`)).matches).toEqual(OF_LAB);
      expect((await found(labs, `/Provenance?target=${LAB}&target=${target}`)).total).toBe(0);
    },
  );

  it.each([LAB, LAB.toUpperCase().replace('OBSERVATION', 'Observation'), id(1), `${BASE}/${LAB}`])(
    'target=%s finds the visible ones',
    async (target) => {
      const labs = await having(LABS, 'Provenance.rs');
      expect((await found(labs, `/Provenance?target=${target}`)).matches).toEqual(OF_LAB);
      expect((await found(labs, `/Provenance?target=${target}&_count=0`)).total).toBe(OF_LAB.length);
    },
  );

  it.each(['%00', 'Observation/%00', '%ED%A0%80', "'", '%5C', '{1,2}', '%F0%9F%98%80'])(
    'target=%s doesn’t cause a server error',
    async (target) => {
      const labs = await having(LABS, 'Provenance.rs');
      expect((await found(labs, `/Provenance?target=${target}`)).total).toBe(0);
    },
  );
});

describe('_revinclude=Provenance:target', () => {
  it('includes the visible targets beside granular scopes', async () => {
    const labs = await having(LABS, 'Provenance.rs');
    const { total, matches, included } = await found(labs, '/Observation?_revinclude=Provenance:target');
    expect({ total, matches, included }).toEqual({ total: 1, matches: [1], included: OF_LAB });
    const without = await having(LABS);
    expect((await found(without, '/Observation?_revinclude=Provenance:target')).included).toEqual([]);
  });

  it('includes no target that is moved out of the granted category', async () => {
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

describe('whatever scopes a token has', () => {
  const OBSERVATIONS = ['laboratory', 'vital-signs', 'survey', 'social-history'] as const;
  const CONDITIONS = ['problem-list-item', 'encounter-diagnosis', 'health-concern'] as const;
  const things: readonly (Resource & { readonly id: string })[] = [
    ...OBSERVATIONS.map((category, index) => ({ ...observation(1 + index, category), id: id(1 + index) })),
    ...CONDITIONS.map((category, index) => ({ ...condition(10 + index, category), id: id(10 + index) })),
    { resourceType: 'Encounter', id: id(20), status: 'finished', subject: { reference: `Patient/${ANN}` } },
    { ...patient(ANN, 'Ann'), id: ANN },
  ];
  const keys = things.map(({ resourceType, id: own }) => `${resourceType}/${own}`);
  const others = [`urn:uuid:${id(1)}`, 'Procedure/1', `Observation/${id(99)}`, '#it'];
  /** Each resource has a Provenance of its own and is one of the targets of others. */
  const targets = [
    ...keys.map((key) => [key]),
    [...keys, ...others],
    ...fc.sample(fc.shuffledSubarray([...keys, ...others], { minLength: 1, maxLength: 6 }), { seed: 13, numRuns: 40 }),
    // A Provenance whose targets don't exist belongs to no record.
  ].filter((one) => one.some((name) => keys.includes(name)));
  let mine: FhirServer;
  beforeAll(async () => {
    mine = await startFhir();
    await mine.load([
      ...things.filter(({ id: own }) => own === ANN),
      ...things.filter(({ id: own }) => own !== ANN),
      ...targets.map((one, index) => provenance(100 + index, one, { entity: [{ what: { reference: one[0] } }] })),
    ]);
  });
  afterAll(() => mine.close());

  const scope = fc.constantFrom(
    ...OBSERVATIONS.map((category) => `Observation.rs?category=${category}`),
    ...CONDITIONS.map((category) => `Condition.rs?category=${category}`),
    'Observation.rs',
    'Condition.r',
    'Encounter.rs',
    'Patient.rs',
    'Practitioner.rs',
  );

  it('a Provenance names nothing that the token can’t read, omits nothing that it can, and target= agrees', async () => {
    let partly = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(scope, { maxLength: 6 }), async (scopes) => {
        const combinedScope = [...scopes, 'Provenance.rs'].map((one) => `patient/${one}`).join(' ');
        const token = await mine.token(ANN, { scope: combinedScope });
        const readable = new Set<string>();
        for (const key of keys) if ((await mine.get(token, `/${key}`)).statusCode === 200) readable.add(key);
        // If the token has a whole type, Provenance may name resources of that type, even those that don't exist in the
        // record.
        if (scopes.includes('Observation.rs')) readable.add(`Observation/${id(99)}`);
        const expected = new Map(
          targets
            .map((one, index): [number, readonly string[]] => [100 + index, one.filter((key) => readable.has(key))])
            .filter(([, own]) => own.length > 0),
        );
        const { total, told } = await found(token, '/Provenance?_count=1000', mine);
        expect(total).toBe(expected.size);
        expect([...told].sort()).toEqual([...expected].sort());
        for (const [number, own] of expected) {
          const text = await textOf(token, number, mine);
          expect(JSON.parse(text).target).toEqual(own.map((reference) => ({ reference })));
          const isWhole = own.length === targets[number - 100]?.length;
          expect(tagsOf(text).includes(SUBSETTED)).toBe(!isWhole);
          if (isWhole) continue;
          partly++;
          for (const key of [...keys, ...others].filter((one) => !readable.has(one)))
            expect(text).not.toContain(`"${key}"`);
        }
        for (const key of [...keys, ...others]) {
          const by = await found(token, `/Provenance?target=${encodeURIComponent(key)}&_count=1000`, mine);
          const having = [...expected].flatMap(([number, own]) => (own.includes(key) ? [number] : []));
          expect({ total: by.total, matches: by.matches }, key).toEqual({ total: having.length, matches: having });
        }
      }),
      { seed: 20_261_126, numRuns: propertyRuns(25) },
    );
    expect(partly).toBeGreaterThan(propertyRuns(100));
  });
});

describe.skipIf(SHARED_DATA === undefined)(withData('the published patients'), () => {
  const files = ['85', '355'].flatMap((one) =>
    dataFiles('inferno-reference-data/resources', `uscore_bundle_patient_${one}.json`),
  );

  /** Apps request the scopes of all types that they know, which don't include RelatedPerson. */
  it('have one Provenance for all: an app that lists its types finds it beside each', async () => {
    const mine = await startFhir();
    try {
      const { clock, db } = mine;
      const into = { practiceId: 1 as PracticeId, source: 'x', projections: [], clock, random: systemRandom };
      await importFiles(db, into, files.map(fileInput));
      const types = r4.types.filter(({ compartment, name }) => compartment === 'record' && name !== 'RelatedPerson');
      const scope = types.map(({ name }) => `patient/${name}.rs`).join(' ');
      const people = await db.queryText<{ patient_id: string }>('select patient_id from record', []);
      let shown = 0;
      for (const { patient_id } of people) {
        const whole = await mine.token(patient_id);
        const listed = await mine.token(patient_id, { scope });
        for (const { name } of types.filter(({ stored }) => stored !== 'Provenance')) {
          const path = `/${name}?_revinclude=Provenance:target&_count=1000`;
          const [all, own] = [await found(whole, path, mine), await found(listed, path, mine)];
          expect({ matches: own.matches, included: own.included }, name).toEqual({
            matches: all.matches,
            included: all.included,
          });
          shown += own.included.length;
        }
      }
      expect(people).toHaveLength(2);
      expect(shown).toBeGreaterThan(10);
    } finally {
      await mine.close();
    }
  });
});
