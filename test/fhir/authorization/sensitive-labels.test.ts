import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWithheldLabels } from '../../../src/access/index.ts';
import type { SecurityLabel } from '../../../src/domain/index.ts';
import { dstu2, projections, type Resource, r4, refreshIndex } from '../../../src/fhir/index.ts';
import { markIndexAsEarlierRelease } from '../../support/database/earlier-release.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';
import { propertyRuns, slice } from '../../support/runs/slice.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const SUBSTANCE: SecurityLabel = { system: ACT, code: 'ETH' };
const MIND: SecurityLabel = { system: ACT, code: 'PSY' };
const HIV: SecurityLabel = { system: ACT, code: 'HIV' };

const entry = (type: string, number: number, security: readonly object[] = [], more: object = {}): Resource => ({
  resourceType: type,
  id: id(number),
  ...(security.length === 0 ? {} : { meta: { security } }),
  subject: { reference: `Patient/${ANN}` },
  status: type === 'DocumentReference' ? 'current' : 'final',
  code: { coding: [{ system: 'http://loinc.org', code: 'x' }] },
  ...more,
});
const lab = { category: [{ coding: [{ code: 'laboratory' }] }], effectiveDateTime: '2026-01-01' };
const note = (text: string) => ({
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
});
const provenance = (number: number, targets: readonly string[], security: readonly object[] = []): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  ...(security.length === 0 ? {} : { meta: { security } }),
  recorded: '2026-01-02T00:00:00Z',
  target: targets.map((reference) => ({ reference })),
  agent: [{ who: { display: 'Dr. One' } }],
});
const PLAIN = `Observation/${id(1)}`;
const OF_SUBSTANCE = `Observation/${id(2)}`;
const CHART: readonly Resource[] = [
  patient(ANN, 'Ann'),
  entry('Observation', 1, [], lab),
  entry('Observation', 2, [SUBSTANCE], lab),
  entry('Observation', 3, [{ ...MIND, display: 'Mental health' }], lab),
  entry('Observation', 4, [SUBSTANCE, MIND], lab),
  // Security labels as sources write them (FHIR R4 §6.1.1): in lowercase, without a system, beside others, or
  // malformed.
  entry('Observation', 5, [{ system: ACT, code: 'eth' }], lab),
  entry('Observation', 6, [{ code: 'ETH' }], lab),
  entry('Observation', 7, [{ system: 'urn:other', code: 'ETH' }, { display: 'x' }], lab),
  entry('Condition', 10, [SUBSTANCE]),
  entry('DocumentReference', 11, [SUBSTANCE], note('hidden words')),
  entry('DocumentReference', 12, [], note('plain words')),
  provenance(20, [PLAIN]),
  provenance(21, [OF_SUBSTANCE]),
  provenance(22, [PLAIN, OF_SUBSTANCE]),
  provenance(23, [PLAIN], [SUBSTANCE]),
];

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load(CHART);
});
afterAll(() => server.close());

const having = (withheld: readonly SecurityLabel[], scope = 'patient/*.rs', of = server) =>
  of.token(ANN, { scope, withheld });
interface Entry {
  readonly resource: { readonly id: string; readonly resourceType: string; readonly target?: readonly object[] };
  readonly search: { readonly mode: string };
}
const numberOf = ({ resource }: Entry) => Number(resource.id.slice(0, 8));
async function found(token: string, path: string, of = server) {
  const answer = await of.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry: entries = [] } = answer.json() as { total: number; entry?: Entry[] };
  const of_ = (mode: string) =>
    entries
      .filter(({ search }) => search.mode === mode)
      .map(numberOf)
      .sort((a, b) => a - b);
  return { total, matches: of_('match'), included: of_('include'), body: answer.body };
}
const statusOf = async (token: string, path: string) => (await server.get(token, path)).statusCode;

describe('an entry with a label that wasn’t granted doesn’t exist', () => {
  it('it isn’t found or counted by any search', async () => {
    const token = await having([SUBSTANCE]);
    for (const path of ['/Observation', '/Observation?category=laboratory', `/Observation?patient=${ANN}&code=x`]) {
      const { total, matches } = await found(token, path);
      expect({ total, matches }, path).toEqual({ total: 3, matches: [1, 3, 7] });
    }
    expect((await found(token, '/Observation?_count=0')).total).toBe(3);
    expect(await found(token, '/Condition')).toMatchObject({ total: 0, matches: [] });
    expect(await found(token, `/Observation?_id=${id(2)},${id(1)}`)).toMatchObject({ total: 1, matches: [1] });
  });

  it('each of several labels has to be granted', async () => {
    expect((await found(await having([MIND]), '/Observation')).matches).toEqual([1, 2, 5, 6, 7]);
    expect((await found(await having([SUBSTANCE, MIND]), '/Observation')).matches).toEqual([1, 7]);
    expect((await found(await having([]), '/Observation')).total).toBe(7);
  });

  it('it isn’t on any page', async () => {
    const token = await having([SUBSTANCE]);
    const pages: number[] = [];
    for (let path = '/Observation?_count=1'; path !== ''; ) {
      const answer = (await server.get(token, path)).json();
      expect(answer.total).toBe(3);
      pages.push(...answer.entry.map(numberOf));
      path = answer.link.find(({ relation }: { relation: string }) => relation === 'next')?.url ?? '';
    }
    expect(pages.sort()).toEqual([1, 3, 7]);
  });

  it('a read is the same as for a resource that doesn’t exist', async () => {
    const token = await having([SUBSTANCE]);
    const bodies = await Promise.all([2, 99].map(async (number) => server.get(token, `/Observation/${id(number)}`)));
    expect(bodies.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
    const [hidden, missing] = bodies.map(({ body }) => body.replaceAll(/Request id: [^"]*/g, ''));
    expect(hidden).toBe(missing);
    expect(await statusOf(await having([MIND]), `/Observation/${id(2)}`)).toBe(200);
  });

  it('its documents don’t exist either', async () => {
    const all = await having([]);
    const urlOf = async (number: number) =>
      (await server.get(all, `/DocumentReference/${id(number)}`)).json().content[0].attachment.url as string;
    const [hidden, plain] = [await urlOf(11), await urlOf(12)];
    const token = await having([SUBSTANCE]);
    expect((await server.get(all, hidden)).body).toBe('hidden words');
    expect((await server.get(token, hidden)).statusCode).toBe(404);
    expect((await server.get(token, plain)).body).toBe('plain words');
    const name = /[0-9a-f-]{36}$/.exec(hidden)?.[0];
    expect(await statusOf(token, `/Binary/${name}`)).toBe(404);
  });

  it('this also applies to granular scopes, and to fhirUser', async () => {
    const token = await having([SUBSTANCE], 'patient/Observation.rs?category=laboratory');
    expect((await found(token, '/Observation')).matches).toEqual([1, 3, 7]);
    const labelled = await startFhir();
    await labelled.load([{ ...patient(ANN, 'Ann'), meta: { security: [SUBSTANCE] } }]);
    const own = { scope: 'openid fhirUser', fhirUser: { type: 'Patient', id: ANN } };
    const status = async (withheld: readonly SecurityLabel[]) =>
      (await labelled.get(await labelled.token(ANN, { ...own, withheld }), `/Patient/${ANN}`)).statusCode;
    expect({ withoutLabel: await status([]), withLabel: await status([SUBSTANCE]) }).toEqual({
      withoutLabel: 200,
      withLabel: 404,
    });
    await labelled.close();
  });
});

describe('docs/decisions/013: Provenance reveals nothing of it', () => {
  it('a labeled Provenance doesn’t exist; other Provenance is without targets that don’t exist', async () => {
    const token = await having([SUBSTANCE]);
    expect((await found(token, '/Provenance')).matches).toEqual([20, 22]);
    const part = (await server.get(token, `/Provenance/${id(22)}`)).json();
    expect(part.target).toEqual([{ reference: PLAIN }]);
    expect(JSON.stringify(part.meta.tag)).toContain('SUBSETTED');
    expect(await statusOf(token, `/Provenance/${id(21)}`)).toBe(404);
  });

  it('Provenance can’t be searched by a withheld target, or included with it', async () => {
    const token = await having([SUBSTANCE]);
    expect((await found(token, `/Provenance?target=${OF_SUBSTANCE}`)).matches).toEqual([]);
    expect((await found(token, `/Provenance?target=${PLAIN}`)).matches).toEqual([20, 22]);
    const answer = await found(token, '/Observation?_revinclude=Provenance:target');
    expect({ matches: answer.matches, included: answer.included }).toEqual({ matches: [1, 3, 7], included: [20, 22] });
    expect(answer.body).not.toContain(id(2));
    const all = await found(await having([]), '/Observation?_revinclude=Provenance:target');
    expect(all.included).toEqual([20, 21, 22, 23]);
  });
});

describe('DSTU2 is a view of the same rows', () => {
  it('it doesn’t have the entry either', async () => {
    const old = await startFhir({ version: dstu2, projections });
    await old.load(CHART);
    const token = await having([SUBSTANCE], 'patient/*.rs', old);
    expect(await found(token, '/Observation', old)).toMatchObject({ total: 3, matches: [1, 3, 7] });
    expect((await old.get(token, `/Observation/${id(2)}`)).statusCode).toBe(404);
    expect((await old.get(token, `/Condition/${id(10)}`)).statusCode).toBe(404);
    await old.close();
  });
});

describe.each([
  ['R4', r4],
  ['DSTU2', dstu2],
] as const)('every access path of %s', (name, version) => {
  const TYPES = r4.types.filter(({ compartment, stored }) => compartment === 'record' && stored !== 'Patient');
  const coded = (code: string) => ({ coding: [{ system: 'urn:s', code }] });
  const hidden = (number: number) => id(900 + number);
  const rich = (type: string, at: number, security: readonly object[]): Resource => ({
    ...entry(type, at, security, {
      patient: { reference: `Patient/${ANN}` },
      category: [coded('laboratory')],
      type: type === 'Encounter' ? [coded('x')] : coded('x'),
      class: { system: 'urn:s', code: 'AMB' },
      identifier: [{ system: 'urn:s', value: 'x' }],
      status: type === 'DocumentReference' ? 'current' : type === 'Encounter' ? 'finished' : 'final',
      effectiveDateTime: '2026-01-01',
      recordedDate: '2026-01-01',
      recorded: '2026-01-01T00:00:00Z',
      date: '2026-01-01T00:00:00Z',
      authoredOn: '2026-01-01',
      occurrenceDateTime: '2026-01-01',
      period: { start: '2026-01-01' },
      target: [{ reference: PLAIN }],
      vaccineCode: coded('x'),
      medicationCodeableConcept: coded('x'),
      intent: 'order',
    }),
  });
  const VALUES = {
    token: ['x', 'urn:s|', 'laboratory', 'final'],
    date: ['ge1900', 'ne1900-01-01'],
    string: ['x', 'a'],
    quantity: ['ne1', 'gt-1'],
    uri: ['urn:x', 'http://example.org'],
    composite: ['x$ne1', 'x$x', 'x$ge1900'],
  } as const;
  const placeOf = (type: string) => hidden(TYPES.findIndex(({ stored }) => stored === type));
  const medicationReference = { reference: `Medication/${placeOf('Medication')}` };
  let old: FhirServer;
  /** Each record has its own copy of the Medication, with an id of its own. */
  let copied: string;
  beforeAll(async () => {
    old = await startFhir({ version, projections });
    await old.load([
      patient(ANN, 'Ann'),
      entry('Observation', 1, [], lab),
      ...TYPES.map(({ stored }, at) => ({
        ...rich(stored, 900 + at, [SUBSTANCE]),
        ...(stored === 'Medication' ? { status: 'active' } : {}),
        ...(stored === 'MedicationStatement' ? { medicationReference } : {}),
      })),
    ]);
    const rows = await old.db.queryText<{ id: string }>("select id from resource where type = 'Medication'", []);
    copied = rows[0]?.id ?? '';
  });
  afterAll(() => old.close());

  it('no search, whatever its parameters and modifiers, finds, counts or names it', async () => {
    const token = await having([SUBSTANCE], 'patient/*.rs', old);
    const all = await having([], 'patient/*.rs', old);
    let searches = 0;
    for (const type of version.types) {
      if (type.compartment !== 'record' || type.stored === 'Patient') continue;
      const own = type.stored === 'Medication' ? copied : placeOf(type.stored);
      const values = type.parameters.flatMap((parameter) => {
        if (parameter.kind === 'patient') return [`${parameter.name}=${ANN}`];
        if (parameter.kind === 'reference') return [`${parameter.name}=${PLAIN}`, `${parameter.name}=${OF_SUBSTANCE}`];
        return VALUES[parameter.kind].map((value) => `${parameter.name}=${encodeURIComponent(value)}`);
      });
      const more = [
        `_id=${own}`,
        '_lastUpdated=ge1900',
        '_count=1',
        '_count=0',
        '_sort=-_lastUpdated',
        '_summary=count',
      ];
      const others = ['_elements=id', '_summary=true', '_include=*', '_revinclude=Provenance:target', '_security=ETH'];
      const always = ['', '_has:Provenance:target:_id=x', 'status:not=x'];
      for (const query of [...always, ...slice([...values, ...more, ...others], { share: 0.25 })]) {
        const path = `/${type.name}?${query}`;
        const answer = await old.get(token, path);
        if (answer.statusCode !== 200) continue;
        const { total, entry: found = [] } = answer.json() as { total: number; entry?: Entry[] };
        expect(JSON.stringify(found), path).not.toMatch(/000009\d\d-0000/);
        expect(JSON.stringify(found), path).not.toContain(copied);
        const plain = type.stored === 'Observation' && found.length > 0;
        expect(total, path).toBeLessThanOrEqual(type.stored === 'Observation' ? 1 : 0);
        expect(found.filter(({ search }) => search.mode === 'match').length, path).toBe(plain ? 1 : 0);
        searches += 1;
      }
      const seen = (await old.get(all, `/${type.name}/${own}`)).statusCode;
      if (name === 'R4') expect(seen, `${type.name}`).toBe(200);
      for (const path of [`/${type.name}/${own}`, `/${type.name}/${own.toUpperCase()}`])
        expect((await old.get(token, path)).statusCode, `${type.name} ${seen}`).toBe(404);
      for (const rest of ['/_history', '/_history/1', '/$everything', '/$meta'])
        expect((await old.get(token, `/${type.name}/${own}${rest}`)).statusCode).toBe(404);
      const etag = { 'if-none-match': 'W/"1"', 'if-modified-since': 'Wed, 01 Jan 2070 00:00:00 GMT' };
      expect((await old.get(token, `/${type.name}/${own}`, etag)).statusCode).toBe(404);
    }
    expect(searches).toBeGreaterThan(80);
  });
});

describe('wherever a source has written a label', () => {
  const bundle = (...resources: readonly { readonly id: string; readonly resourceType: string }[]) =>
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'collection',
      entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
    });
  const request = (number: number, more: object): Resource & { id: string } => ({
    ...entry('MedicationRequest', number),
    id: id(number),
    status: 'active',
    intent: 'order',
    ...more,
  });
  const medication = (number: number, security: readonly object[]) => ({
    resourceType: 'Medication',
    id: id(number),
    ...(security.length === 0 ? {} : { meta: { security } }),
    code: { text: 'a medicine' },
  });
  const inside = { ...medication(90, [SUBSTANCE]), id: 'm' };
  const binary = (number: number, security: readonly object[]) => ({
    resourceType: 'Binary',
    id: id(number),
    ...(security.length === 0 ? {} : { meta: { security } }),
    contentType: 'text/plain',
    data: Buffer.from(`bytes ${number}`).toString('base64'),
  });
  const pointing = (number: number, to: number) => ({
    ...entry('DocumentReference', number, [], {
      content: [{ attachment: { contentType: 'text/plain', url: `urn:uuid:${id(to)}` } }],
    }),
    id: id(number),
  });
  const coded = (...coding: readonly object[]) => [{ coding }];

  let written: FhirServer;
  beforeAll(async () => {
    written = await startFhir();
    await loadTexts(written, {
      'chart.json': bundle(
        { ...patient(ANN, 'Ann'), id: ANN },
        medication(91, [{ ...SUBSTANCE, display: 'x' }]),
        medication(92, []),
        request(30, { medicationReference: { reference: `urn:uuid:${id(91)}` } }),
        request(31, { medicationReference: { reference: `urn:uuid:${id(92)}` } }),
        request(32, { medicationReference: { reference: '#m' }, contained: [inside] }),
        binary(93, [SUBSTANCE]),
        binary(94, []),
        pointing(40, 93),
        pointing(41, 94),
        { ...entry('DocumentReference', 42, [], { ...note('a'), securityLabel: coded(SUBSTANCE) }), id: id(42) },
        { ...entry('DocumentReference', 43, [], { ...note('b'), securityLabel: coded(MIND) }), id: id(43) },
        ...[
          [50, [{ system: ` ${ACT} `, code: ' ETH' }]],
          [51, [{ system: ACT.toUpperCase(), code: 'Eth' }]],
          [52, [{ system: '', code: 'ETH' }]],
          [53, { system: ACT, code: 'ETH' }],
          [54, [{ coding: [SUBSTANCE] }]],
          [55, [{ ...SUBSTANCE, extension: [{ url: 'urn:x', valueBoolean: false }] }]],
          [56, ['ETH']],
          [57, [{ system: ACT, code: 'ETHX' }]],
          [58, [{ system: ACT }, null, 7]],
        ].map(([number, security]) => ({
          ...entry('Observation', Number(number), [], { meta: { security } }),
          id: id(Number(number)),
        })),
      ),
    });
  });
  afterAll(() => written.close());
  const seen = async (type: string, withheld: readonly SecurityLabel[]) =>
    (await found(await having(withheld, 'patient/*.rs', written), `/${type}`, written)).matches;

  it('on a contained Medication of its request (FHIR R4 dom-5), before or after the load', async () => {
    expect(await seen('MedicationRequest', [])).toEqual([30, 31, 32]);
    expect(await seen('MedicationRequest', [SUBSTANCE])).toEqual([31]);
    const medicationRequest = await written.get(
      await having([], 'patient/*.rs', written),
      `/MedicationRequest/${id(30)}`,
    );
    expect(medicationRequest.json().meta.security).toEqual([{ ...SUBSTANCE, display: 'x' }]);
  });
  it('on the Binary that a document is read from, and in DocumentReference.securityLabel', async () => {
    expect(await seen('DocumentReference', [])).toEqual([40, 41, 42, 43]);
    expect(await seen('DocumentReference', [SUBSTANCE])).toEqual([41, 43]);
    expect(await seen('DocumentReference', [MIND])).toEqual([40, 41, 42]);
  });
  it('with surrounding spaces, in another case, without its array or its system', async () => {
    expect(await seen('Observation', [SUBSTANCE])).toEqual([57, 58]);
    const untidy = { system: `${ACT} `, code: 'eth' };
    expect(await seen('Observation', [untidy])).toEqual([57, 58]);
  });
});

describe('a row whose labels change with a new load', () => {
  it('is withheld from then on, and found again when they are removed, even on the later pages of a search', async () => {
    const again = await startFhir();
    const rows = (security: readonly object[]) =>
      [1, 2, 3].map((number) => entry('Observation', number, security, lab));
    await again.load([patient(ANN, 'Ann'), ...rows([])]);
    const token = await having([SUBSTANCE], 'patient/*.rs', again);
    const first = (await again.get(token, '/Observation?_count=1')).json();
    const next = first.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    await again.load(rows([SUBSTANCE]));
    expect(await found(token, next, again)).toMatchObject({ matches: [] });
    expect(await found(token, '/Observation', again)).toMatchObject({ total: 0, matches: [] });
    await again.load(rows([]));
    expect((await found(token, '/Observation', again)).matches).toEqual([1, 2, 3]);
    await again.close();
  });
});

describe('rows from before labels were indexed', () => {
  it('aren’t found while a label is withheld; after an upgrade they are indexed once, with progress by records', async () => {
    const before = await startFhir();
    await before.load(CHART);
    const written = await before.db.queryText<{ id: string }>(
      `update resource set indexed_by = 0, flags = '{}', codes = '{}', dates = '{}', sort_at = '-infinity' returning id`,
      [],
    );
    await markIndexAsEarlierRelease(before.db);
    const token = await having([HIV], 'patient/*.rs', before);
    expect(await found(token, '/Observation', before)).toMatchObject({ total: 0, matches: [] });
    expect((await before.get(token, `/${PLAIN}`)).statusCode).toBe(404);
    expect((await before.get(token, `/Provenance/${id(20)}`)).statusCode).toBe(404);
    const progress: string[] = [];
    const onProgress = (done: number, all: number) => void progress.push(`${done} of ${all}`);
    expect(await refreshIndex(before.db, { onProgress })).toBe(written.length);
    expect(progress).toEqual(['1 of 1']);
    expect((await found(token, '/Observation?category=laboratory&date=2026', before)).total).toBe(7);
    expect((await found(await having([SUBSTANCE], 'patient/*.rs', before), '/Observation', before)).matches).toEqual([
      1, 3, 7,
    ]);
    expect(await refreshIndex(before.db)).toBe(0);
    const [state] = await before.db.queryText<{ same: boolean }>(
      'select bool_and(version = 1) as same from resource',
      [],
    );
    expect(state?.same).toBe(true);
    await before.close();
  });
});

describe('where no label is sensitive', () => {
  it('the query adds no condition on labels', async () => {
    const [all, some] = [await having([]), await having([SUBSTANCE])];
    const texts: string[] = [];
    const { queryText } = server.db;
    server.db.queryText = async (text, ...rest) => {
      texts.push(text);
      return queryText(text, ...rest);
    };
    await found(all, '/Observation?_revinclude=Provenance:target');
    expect(texts).toHaveLength(2);
    expect(texts.join()).not.toMatch(/indexed_by|flags/);
    texts.length = 0;
    await found(some, '/Observation');
    expect(texts.join()).toMatch(/indexed_by >= 1 and not r\.flags && \$\d/);
    server.db.queryText = queryText;
  });
  it('the parameter _security finds entries with a label, except withheld ones (FHIR R4 §3.1.1.4.1)', async () => {
    const label = `${SUBSTANCE.system}|${SUBSTANCE.code}`;
    const withheld = await having([SUBSTANCE], 'patient/*.rs');
    const all = await having([], 'patient/*.rs');
    expect((await server.get(all, `/Observation?_security=${label}`)).json().total).toBeGreaterThan(0);
    expect((await server.get(withheld, `/Observation?_security=${label}`)).json().total).toBe(0);
  });
});

describe('for any labels of entries and any granted labels', () => {
  const LABELS = [SUBSTANCE, MIND, HIV];
  const labelled = fc.array(fc.subarray(LABELS), { minLength: 6, maxLength: 6 });

  it('each search, read and Provenance has exactly the entries whose labels were all granted', async () => {
    const many = await startFhir();
    await many.load([patient(ANN, 'Ann')]);
    await fc.assert(
      fc.asyncProperty(labelled, fc.subarray(LABELS), async (labels, withheld) => {
        const entries = labels.map((own, number) => entry('Observation', number + 1, own, lab));
        const all = entries.map((_one, index) => `Observation/${id(index + 1)}`);
        await many.load([...entries, provenance(20, all)]);
        const token = await having(withheld, 'patient/*.rs', many);
        const seen = labels.flatMap((own, index) => (own.some((label) => withheld.includes(label)) ? [] : [index + 1]));
        const answer = await found(token, '/Observation?_revinclude=Provenance:target', many);
        expect({ total: answer.total, matches: answer.matches }).toEqual({ total: seen.length, matches: seen });
        expect(answer.included).toEqual(seen.length === 0 ? [] : [20]);
        for (let number = 1; number <= labels.length; number++) {
          expect(answer.body.includes(id(number))).toBe(seen.includes(number));
          const { statusCode } = await many.get(token, `/Observation/${id(number)}`);
          expect(statusCode).toBe(seen.includes(number) ? 200 : 404);
        }
      }),
      { numRuns: propertyRuns(25), seed: 20_261_126 },
    );
    await many.close();
  });

  it('an entry is withheld exactly if one of its labels wasn’t granted', () => {
    fc.assert(
      fc.property(fc.subarray(LABELS), fc.subarray(LABELS), (sensitive, allowed) => {
        const keys = allowed.map(({ system, code }) => `sensitive:${system}|${code}`);
        expect(findWithheldLabels(sensitive, keys)).toEqual(sensitive.filter((label) => !allowed.includes(label)));
      }),
    );
  });
});
