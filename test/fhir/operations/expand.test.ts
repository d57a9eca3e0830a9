import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(901), id(902)];
const GENDER = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const LOINC = 'http://loinc.org';
const PAIN = 'http://practice.example/ValueSet/pain';
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

const valueSet = (number: number, more: object): Resource => ({
  resourceType: 'ValueSet',
  id: id(number),
  status: 'active',
  ...more,
});
const url = (name: string) => `http://practice.example/ValueSet/${name}`;
const concepts = (count: number) => Array.from({ length: count }, (_, at) => ({ code: `c${at}` }));

const SETS: readonly Resource[] = [
  valueSet(1, {
    url: PAIN,
    version: '1',
    date: '2020',
    compose: { include: [{ system: LOINC, concept: [{ code: 'old' }] }] },
  }),
  valueSet(2, {
    url: PAIN,
    version: '2',
    date: '2024',
    name: 'Pain',
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">pain</div>' },
    compose: {
      include: [
        {
          system: LOINC,
          concept: [
            { code: 'LA-1', display: 'No pain', designation: [{ language: 'es', value: 'Sin dolor' }] },
            { code: 'LA-2', display: 'Some pain', designation: [{ language: 'es-MX', value: 'Algo de dolor' }] },
            { code: 'LA-3', display: 'Worst pain' },
          ],
        },
        { valueSet: [GENDER] },
      ],
      exclude: [{ system: 'http://hl7.org/fhir/administrative-gender', concept: [{ code: 'other' }] }],
    },
  }),
  valueSet(3, { url: url('loinc'), compose: { include: [{ system: LOINC }] } }),
  valueSet(4, {
    url: url('filtered'),
    compose: { include: [{ system: CLINICAL, filter: [{ property: 'concept', op: 'is-a', value: 'active' }] }] },
  }),
  valueSet(5, { url: url('huge'), compose: { include: [{ system: 'urn:x', concept: concepts(10_001) }] } }),
  valueSet(6, { url: url('round'), compose: { include: [{ valueSet: [url('round')] }] } }),
  valueSet(7, { url: url('nothing') }),
  valueSet(8, { url: url('elsewhere'), compose: { include: [{ valueSet: ['http://example.org/none'] }] } }),
  valueSet(9, {
    url: url('expanded'),
    expansion: {
      timestamp: '2024-01-01T00:00:00Z',
      total: 2,
      contains: [
        { abstract: true, display: 'Heading', contains: [{ system: 'urn:x', code: 'a', display: 'A' }] },
        { system: 'urn:x', code: 'b', inactive: true },
      ],
    },
  }),
  valueSet(10, {
    url: url('half'),
    expansion: { timestamp: '2024-01-01T00:00:00Z', total: 9, contains: [{ system: 'urn:x', code: 'a' }] },
  }),
  valueSet(11, { url: url('both'), compose: { include: [{ system: CLINICAL, valueSet: [url('some')] }] } }),
  valueSet(12, {
    url: url('some'),
    compose: { include: [{ system: CLINICAL, concept: [{ code: 'active' }, { code: 'x' }] }] },
  }),
  valueSet(13, {
    url: url('spoiled'),
    compose: {
      include: [7, { system: 7, concept: 'x' }, { system: 'urn:x', concept: [{ code: 7 }, null, { code: 'ok' }] }],
    },
  }),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([{ resourceType: 'Patient', id: ANN }, ...SETS]);
  expect(refused).toEqual([]);
  await server.load(
    [
      { resourceType: 'Patient', id: BOB },
      valueSet(50, { url: url('theirs'), compose: { include: [{ system: 'urn:x', concept: [{ code: 'secret' }] }] } }),
    ],
    { practiceId: 2 },
  );
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Expansion {
  readonly total: number;
  readonly offset?: number;
  readonly parameter?: readonly object[];
  readonly contains?: readonly { code: string; display?: string; designation?: object[]; inactive?: boolean }[];
}
const ask = (query: string, as: string | undefined = token) =>
  server.get(as, `/ValueSet/${query}`, { prefer: 'handling=strict' });
const byUrl = (canonical: string, more = '') => `$expand?url=${encodeURIComponent(canonical)}${more}`;
async function expand(query: string, as = token): Promise<Expansion> {
  const answer = await ask(query, as);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.json().resourceType).toBe('ValueSet');
  return answer.json().expansion;
}
const codes = ({ contains = [] }: Expansion) => contains.map(({ code }) => code);

describe('ValueSet/$expand (FHIR R4 ValueSet-expand)', () => {
  it('lists the codes of a value set of the practice, by its URL and by its id', async () => {
    const all = ['LA-1', 'LA-2', 'LA-3', 'male', 'female', 'unknown'];
    const answer = await ask(byUrl(PAIN));
    const { expansion, ...described } = answer.json();
    expect(described).toMatchObject({
      resourceType: 'ValueSet',
      url: PAIN,
      version: '2',
      name: 'Pain',
      status: 'active',
    });
    expect(described).not.toHaveProperty('compose');
    expect(described).not.toHaveProperty('text');
    expect(expansion).toMatchObject({ timestamp: server.clock.now().toISOString(), total: 6 });
    expect(expansion.contains[0]).toEqual({ system: LOINC, code: 'LA-1', display: 'No pain' });
    expect(codes(expansion)).toEqual(all);
    expect(codes(await expand(`${id(2)}/$expand`))).toEqual(all);
  });

  it('returns the requested version, however it is requested', async () => {
    expect(codes(await expand(byUrl(PAIN, '&valueSetVersion=1')))).toEqual(['old']);
    expect(codes(await expand(byUrl(`${PAIN}|1`)))).toEqual(['old']);
    expect((await ask(byUrl(PAIN, '&valueSetVersion=3'))).statusCode).toBe(404);
    expect(codes(await expand(byUrl(GENDER, '&valueSetVersion=4.0.1')))).toHaveLength(4);
    expect((await ask(byUrl(GENDER, '&valueSetVersion=5.0.0'))).statusCode).toBe(404);
  });

  it.each([
    [GENDER, ['male', 'female', 'other', 'unknown']],
    [
      'http://hl7.org/fhir/ValueSet/condition-clinical',
      ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'],
    ],
    [
      'http://terminology.hl7.org/ValueSet/v3-ActEncounterCode',
      ['AMB', 'EMER', 'FLD', 'HH', 'IMP', 'ACUTE', 'NONAC', 'OBSENC', 'PRENC', 'SS', 'VR'],
    ],
    ['http://hl7.org/fhir/us/core/ValueSet/us-core-documentreference-category', ['clinical-note']],
  ])('lists what FHIR and US Core define: %s', async (canonical, expected) => {
    expect(codes(await expand(byUrl(canonical)))).toEqual(expected);
  });

  it.each([
    ['&filter=PAIN', ['LA-1', 'LA-2', 'LA-3'], 3],
    ['&filter=worst', ['LA-3'], 1],
    ['&filter=la-2', ['LA-2'], 1],
    ['&filter=none', [], 0],
    ['&count=2', ['LA-1', 'LA-2'], 6],
    ['&count=2&offset=4', ['female', 'unknown'], 6],
    ['&offset=5', ['unknown'], 6],
    ['&offset=99', [], 6],
    ['&count=0', [], 6],
    ['&filter=pain&count=1&offset=1', ['LA-2'], 3],
    ['&displayLanguage=es&filter=dolor', ['LA-1', 'LA-2'], 2],
  ] as const)('%s', async (more, expected, total) => {
    const expansion = await expand(byUrl(PAIN, more));
    expect({ codes: codes(expansion), total: expansion.total }).toEqual({ codes: expected, total });
    expect(expansion.parameter?.length).toBeGreaterThan(0);
  });

  it('returns displays in another language, and all designations, when they are requested', async () => {
    const { contains = [] } = await expand(byUrl(PAIN, '&displayLanguage=es-US&includeDesignations=true&count=3'));
    expect(contains.map(({ display }) => display)).toEqual(['Sin dolor', 'Algo de dolor', 'Worst pain']);
    expect(contains[0]?.designation).toEqual([{ language: 'es', value: 'Sin dolor' }]);
    expect(contains[2]).not.toHaveProperty('designation');
  });

  it('uses an expansion in the value set if it is complete', async () => {
    expect(await expand(byUrl(url('expanded')))).toMatchObject({
      total: 2,
      contains: [
        { system: 'urn:x', code: 'a', display: 'A' },
        { system: 'urn:x', code: 'b', inactive: true },
      ],
    });
    expect(codes(await expand(byUrl(url('expanded'), '&activeOnly=true')))).toEqual(['a']);
  });

  it('intersects code system and value set where both are named, and ignores malformed parts', async () => {
    expect(codes(await expand(byUrl(url('both'))))).toEqual(['active']);
    expect(codes(await expand(byUrl(url('spoiled'))))).toEqual(['ok']);
  });

  it.each([
    ['DocumentReference.type', 'us-core-clinical-note-type', 10],
    [
      'http://hl7.org/fhir/us/core/StructureDefinition/us-core-documentreference#DocumentReference.category',
      'us-core-documentreference-category',
      1,
    ],
    ['DiagnosticReport.category', 'us-core-diagnosticreport-category', 3],
    ['Observation.status', 'observation-status', 8],
  ])('takes the element it is for, as US Core’s clients send it: %s', async (element, name, total) => {
    const answer = await ask(`$expand?context=${encodeURIComponent(element)}&contextDirection=outgoing`);
    expect({ name: answer.json().url.split('/').at(-1), total: answer.json().expansion.total }).toEqual({
      name,
      total,
    });
    expect((await ask(`$expand?context=${encodeURIComponent(element)}&contextDirection=incoming`)).statusCode).toBe(
      400,
    );
    expect((await ask('$expand?context=DiagnosticReport.code')).statusCode).toBe(422);
  });

  it.each([
    ['loinc', 'not-supported', LOINC],
    ['filtered', 'not-supported', 'filter'],
    ['round', 'not-supported', 'too many nested value sets'],
    ['nothing', 'not-supported', 'no definition'],
    ['elsewhere', 'not-supported', 'http://example.org/none'],
    ['half', 'not-supported', 'some of its codes'],
    ['huge', 'too-costly', '10000'],
  ])('explains why it can’t expand %s: 422, %s', async (name, issue, why) => {
    const { statusCode, body } = await ask(byUrl(url(name)));
    const [{ code, details }] = JSON.parse(body).issue;
    expect({ statusCode, code }).toEqual({ statusCode: 422, code: issue });
    expect(details.text).toContain(why);
  });

  it('takes its parameters by POST as a form too', async () => {
    const { statusCode, body } = await server.app.inject({
      method: 'POST',
      url: '/api/fhir/r4/ValueSet/$expand',
      payload: `url=${encodeURIComponent(GENDER)}&filter=fem`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect({ statusCode, codes: codes(JSON.parse(body).expansion) }).toEqual({ statusCode: 200, codes: ['female'] });
  });

  const post = (payload: string, contentType = 'application/fhir+json', as: string | undefined = token) =>
    server.app.inject({
      method: 'POST',
      url: '/api/fhir/r4/ValueSet/$expand',
      payload,
      headers: { ...(as === undefined ? {} : { authorization: `Bearer ${as}` }), 'content-type': contentType },
    });
  const parameters = (...parameter: readonly unknown[]) => JSON.stringify({ resourceType: 'Parameters', parameter });

  it('and as a Parameters resource (FHIR R4 §3.2.0.1)', async () => {
    const body = parameters(
      { name: 'url', valueUri: GENDER },
      { name: 'count', valueInteger: 2 },
      { name: 'activeOnly', valueBoolean: true },
    );
    const answer = await post(body);
    expect({ status: answer.statusCode, codes: codes(answer.json().expansion) }).toEqual({
      status: 200,
      codes: ['male', 'female'],
    });
    expect((await post(body, 'application/json; charset=utf-8')).statusCode).toBe(200);
    expect((await post(body, 'application/fhir+json', '')).statusCode).toBe(401);
  });

  it.each([
    ['{', 'application/fhir+json'],
    ['[]', 'application/fhir+json'],
    ['{"resourceType":"ValueSet"}', 'application/fhir+json'],
    [parameters(7), 'application/fhir+json'],
    [parameters({ name: 'url' }), 'application/fhir+json'],
    [parameters({ name: 'url', valueUri: 'a', valueString: 'b' }), 'application/fhir+json'],
    [parameters({ name: 'valueSet', resource: { resourceType: 'ValueSet' } }), 'application/fhir+json'],
    ['<Parameters/>', 'application/fhir+xml'],
    ['x', 'text/plain'],
  ])('rejects the body %s, %s', async (body, contentType) => {
    const answer = await post(body, contentType);
    expect({ status: answer.statusCode, resourceType: answer.json().resourceType }).toEqual({
      status: 400,
      resourceType: 'OperationOutcome',
    });
  });

  it('is written as XML when that is requested', async () => {
    const { body } = await ask(byUrl(GENDER, '&_format=xml'));
    expect(body).toMatch(/<expansion><timestamp value="[^"]+"\/><total value="4"\/><contains><system/);
  });

  it.each([
    '$expand',
    byUrl(GENDER, '&count=ten'),
    byUrl(GENDER, '&offset=-1'),
    byUrl(GENDER, '&activeOnly=maybe'),
    byUrl(GENDER, '&property=x'),
    byUrl(GENDER, `&count=${'9'.repeat(400)}`),
  ])('rejects %s', async (query) => {
    expect((await ask(query)).statusCode).toBe(400);
  });

  it('ignores unknown parameters, unless handling is strict', async () => {
    const lenient = await server.get(token, `/ValueSet/${byUrl(GENDER, '&property=x')}`);
    expect(lenient.json().expansion.total).toBe(4);
  });
});

describe('authorization of $expand (SMART App Launch 2.2 §3.0.2)', () => {
  it('requires a scope to read or search value sets', async () => {
    expect((await server.get(undefined, `/ValueSet/${byUrl(GENDER)}`)).statusCode).toBe(401);
    const without = await server.token(ANN, { scope: 'patient/Observation.rs' });
    for (const query of [byUrl(GENDER), byUrl('http://example.org/none'), `${id(2)}/$expand`])
      expect((await ask(query, without)).statusCode, query).toBe(403);
    const reads = await server.token(ANN, { scope: 'patient/ValueSet.r' });
    expect((await ask(`${id(2)}/$expand`, reads)).statusCode).toBe(200);
    expect((await ask(byUrl(PAIN), reads)).statusCode).toBe(403);
  });

  it('excludes value sets of another practice', async () => {
    const bob = await server.token(BOB);
    expect(codes(await expand(byUrl(url('theirs')), bob))).toEqual(['secret']);
    expect((await ask(byUrl(url('theirs')))).statusCode).toBe(404);
    expect((await ask(`${id(50)}/$expand`)).statusCode).toBe(404);
    expect((await ask(`${id(50).slice(1)}/$expand`)).statusCode).toBe(404);
    expect((await ask(byUrl(PAIN), bob)).statusCode).toBe(404);
  });

  it('applies a granular scope to the included value sets, too', async () => {
    const narrow = await server.token(ANN, { scope: `patient/ValueSet.rs?url=${encodeURIComponent(url('both'))}` });
    expect((await ask(byUrl(PAIN), narrow)).statusCode).toBe(404);
    expect((await ask(byUrl(url('both')), narrow)).statusCode).toBe(422);
  });

  it('is recorded without its parameter values', async () => {
    await expand(byUrl(PAIN, '&filter=worst'));
    expect(server.disclosures.at(-1)).toMatchObject({
      kind: 'search',
      type: 'ValueSet',
      outcome: 'success',
      resources: 1,
      detail: { operation: 'expand', parameters: ['url', 'filter'] },
    });
    expect(JSON.stringify(server.disclosures)).not.toMatch(/practice\.example|worst/);
  });

  it('hostile values never cause a server error', async () => {
    for (const text of ['\0', '|', '||', '💉', '%', "'", '\\', 'x'.repeat(4000), '__proto__', 'constructor'])
      for (const query of [
        byUrl(text),
        byUrl(PAIN, `&filter=${encodeURIComponent(text)}`),
        byUrl(PAIN, `&displayLanguage=${encodeURIComponent(text)}`),
        byUrl(`${PAIN}|${text}`),
        `${encodeURIComponent(text.slice(0, 80))}/$expand`,
      ])
        expect((await ask(query)).statusCode < 500, `${query.slice(0, 60)}`).toBe(true);
  });
});
