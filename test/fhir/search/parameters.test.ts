import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB, EVE] = [id(901), id(902), id(903)];
const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const subject = { reference: `Patient/${ANN}` };
const reference = (type: string, number: number) => ({ reference: `${type}/${id(number)}` });

const quantity = (value: number, code = 'mg/dL') => ({ value, unit: 'milligrams', system: UCUM, code });
const observation = (number: number, more: object): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { coding: [{ system: LOINC, code: '2345-7', display: 'Glucose in Serum' }], text: 'Blood sugar' },
  subject,
  ...more,
});
const encounter = (number: number, code: string, more: object = {}): Resource => ({
  resourceType: 'Encounter',
  id: id(number),
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code },
  subject,
  ...more,
});

const RECORD: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: ANN,
    name: [
      { family: 'Muñoz Ávila', given: ['Ann-Marie', 'Zoë'], text: 'Ann-Marie Muñoz Ávila' },
      { use: 'maiden', family: 'O’Hara 100%' },
    ],
    telecom: [
      { system: 'phone', value: '555-0100' },
      { system: 'email', value: 'ann@example.org' },
    ],
    address: [{ line: ['1 Main St'], city: 'Tucson', state: 'AZ', postalCode: '85701' }],
    deceasedBoolean: false,
    generalPractitioner: [reference('Practitioner', 701)],
  },
  { resourceType: 'Practitioner', id: id(701), name: [{ family: 'House', given: ['Greg'] }] },
  { resourceType: 'Organization', id: id(702), name: 'Main Clinic', address: [{ city: 'Tucson' }] },
  encounter(101, 'AMB', { participant: [{ individual: reference('Practitioner', 701) }] }),
  encounter(102, 'IMP', { serviceProvider: reference('Organization', 702), partOf: reference('Encounter', 101) }),
  observation(1, { valueQuantity: quantity(5.4), encounter: reference('Encounter', 101) }),
  observation(2, { valueQuantity: quantity(180), encounter: reference('Encounter', 102) }),
  observation(3, { valueQuantity: quantity(-2), performer: [reference('Practitioner', 701)] }),
  observation(4, { valueString: 'Positive, weakly', hasMember: [reference('Observation', 1)] }),
  observation(5, {
    code: { coding: [{ system: LOINC, code: '85354-9' }] },
    component: [
      { code: { coding: [{ system: LOINC, code: '8480-6' }] }, valueQuantity: quantity(120, 'mm[Hg]') },
      { code: { coding: [{ system: LOINC, code: '8462-4' }] }, valueQuantity: quantity(80, 'mm[Hg]') },
    ],
    meta: { profile: ['http://example.org/bp'], tag: [{ system: 'urn:t', code: 'home' }] },
  }),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const report = await server.load(RECORD);
  expect(report.refused).toEqual([]);
  await server.load([
    { resourceType: 'Patient', id: BOB, name: [{ family: 'Muñoz' }] },
    { ...observation(51, { valueQuantity: quantity(5.4) }), subject: { reference: `Patient/${BOB}` } },
    { ...encounter(151, 'AMB'), subject: { reference: `Patient/${BOB}` } },
  ]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Found {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly resource: { readonly id: string; readonly resourceType: string };
    readonly search: { readonly mode: string };
  }[];
}
async function search(path: string, as = token): Promise<Found> {
  const answer = await server.get(as, path, { prefer: 'handling=strict' });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}
const numbersOf = (found: Found, mode: string) =>
  (found.entry ?? [])
    .filter((one) => one.search.mode === mode)
    .map(({ resource }) => Number(resource.id.slice(0, 8)))
    .sort((a, b) => a - b);
/** Returns the numbers of the resources that a query finds. */
async function found(query: string): Promise<readonly number[]> {
  const page = await search(`/${query}`);
  expect(page.total).toBe(numbersOf(page, 'match').length);
  return numbersOf(page, 'match');
}

describe('strings (FHIR R4 search §3.1.1.4.8)', () => {
  it.each([
    ['name=munoz', [901]],
    ['name=MUÑOZ', [901]],
    ['name=avila', []],
    ['name:contains=avila', [901]],
    ['family=muñoz', [901]],
    ['given=zoe', [901]],
    ['given=ann', [901]],
    ['given=marie', []],
    ['family:exact=Muñoz Ávila', [901]],
    ['family:exact=muñoz ávila', []],
    ['family=o’hara 100%', [901]],
    ['family=o_hara', []],
    ['family=%', []],
    ['name=smith,munoz', [901]],
    ['address=1 main', [901]],
    ['address-city=tucson', [901]],
    ['address-state=AZ', [901]],
    ['address-postalcode=857', [901]],
    ['name=munoz&given=bob', []],
  ] as const)('Patient?%s', async (query, expected) => {
    expect(await found(`Patient?${query.replace('%', '%25')}`)).toEqual(expected);
  });

  it('are also searched in the directory', async () => {
    expect(await found('Practitioner?name=hou')).toEqual([701]);
    expect(await found('Organization?address-city=tucson&name=main')).toEqual([702]);
  });
});

describe('quantities (FHIR R4 search §3.1.1.4.11)', () => {
  it.each([
    ['5.4', [1]],
    ['5.40', [1]],
    ['5.41', []],
    ['5', [1]],
    ['5e0', [1]],
    ['5.0', []],
    ['0.2e3', [2]],
    ['18e1', [2]],
    ['gt5.4', [2]],
    ['ge5.4', [1, 2]],
    ['lt5.4', [3]],
    ['le5.4', [1, 3]],
    ['lt0', [3]],
    ['ne5.4', [2, 3]],
    ['ap5.5', [1]],
    ['sa5', [1, 2]],
    ['eb5', [3]],
    ['-2', [3]],
    ['5.4,180', [1, 2]],
    [`5.4|${UCUM}|mg/dL`, [1]],
    ['5.4||mg/dL', [1]],
    ['5.4||milligrams', [1]],
    [`5.4|${UCUM}|kg`, []],
    ['5.4|urn:other|mg/dL', []],
  ] as const)('value-quantity=%s', async (value, expected) => {
    expect(await found(`Observation?value-quantity=${encodeURIComponent(value)}`)).toEqual(expected);
  });

  it('include components if both are searched', async () => {
    expect(await found('Observation?component-value-quantity=gt100')).toEqual([5]);
    expect(await found('Observation?combo-value-quantity=gt100')).toEqual([2, 5]);
    expect(await found('Observation?combo-code=8462-4')).toEqual([5]);
  });
});

describe('modifiers (FHIR R4 search §3.1.1.4.4)', () => {
  it.each([
    ['encounter:missing=true', [3, 4, 5]],
    ['encounter:missing=false', [1, 2]],
    ['value-quantity:missing=true', [4, 5]],
    ['value-string:missing=false', [4]],
    ['date:missing=true', [1, 2, 3, 4, 5]],
    ['code:missing=true', []],
    ['code:not=2345-7', [5]],
    ['code:not=85354-9,2345-7', []],
    ['code:text=blood', [1, 2, 3, 4]],
    ['code:text=serum', [1, 2, 3, 4]],
    ['code:text=lood', []],
    ['combo-code:not=8462-4', [1, 2, 3, 4]],
    ['_profile=http://example.org/bp', [5]],
    ['_profile=http://example.org/BP', []],
    ['_tag=urn:t|home', [5]],
    ['_tag:not=home', [1, 2, 3, 4]],
    ['value-string=positive', [4]],
  ] as const)('Observation?%s', async (query, expected) => {
    expect(await found(`Observation?${query}`)).toEqual(expected);
  });

  it.each([
    ['email=ann@example.org', [901]],
    ['phone=555-0100', [901]],
    ['phone=ann@example.org', []],
    ['telecom=phone|555-0100', [901]],
    ['deceased=false', [901]],
    ['deceased=true', []],
    ['general-practitioner=Practitioner/00000701-0000-4000-8000-000000000000', [901]],
  ] as const)('Patient?%s', async (query, expected) => {
    expect(await found(`Patient?${query}`)).toEqual(expected);
  });
});

describe('chains and _has (FHIR R4 search §3.1.1.5.6, §3.1.1.5.7)', () => {
  it.each([
    ['Observation?encounter.class=AMB', [1]],
    ['Observation?encounter:Encounter.class=IMP', [2]],
    ['Observation?encounter.class=AMB,IMP', [1, 2]],
    ['Observation?encounter.service-provider.name=main', [2]],
    ['Observation?encounter.part-of.class=AMB', [2]],
    ['Observation?performer:Practitioner.name=house', [3]],
    ['Observation?performer.name=house', [3]],
    ['Observation?patient.name=munoz', [1, 2, 3, 4, 5]],
    ['Observation?subject:Patient.family=smith', []],
    ['Encounter?_has:Observation:encounter:value-quantity=gt100', [102]],
    ['Encounter?_has:Observation:encounter:code=2345-7', [101, 102]],
    ['Encounter?_has:Encounter:part-of:_id=00000102-0000-4000-8000-000000000000', [101]],
    ['Observation?_has:Observation:has-member:value-string=positive', [1]],
    ['Patient?_has:Observation:patient:code=85354-9', [901]],
    ['Patient?_has:Observation:patient:code=none', []],
    ['Patient?general-practitioner.name=house', [901]],
    [`Observation?encounter.patient=${ANN}`, [1, 2]],
    [`Observation?encounter.subject=Patient/${ANN}`, [1, 2]],
    [`Observation?encounter.subject:Patient=${ANN}`, [1, 2]],
    [`Observation?encounter.subject=Group/${ANN}`, []],
    [`Observation?encounter.patient=${BOB}`, []],
    [`Encounter?_has:Observation:encounter:patient=Patient/${ANN}`, [101, 102]],
    [`Encounter?_has:Observation:encounter:patient=${BOB}`, []],
  ] as const)('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('end at a patient if the token may search patients, and for staff at the named one', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs patient/Encounter.rs' });
    expect((await server.get(narrow, `/Observation?encounter.patient=${ANN}`)).statusCode).toBe(403);
    const staff = await server.token(ANN, { scope: 'user/*.rs', practices: [1], record: false });
    expect(numbersOf(await search(`/Observation?encounter.patient=${ANN}`, staff), 'match')).toEqual([1, 2]);
    expect(numbersOf(await search(`/Observation?encounter.patient=${BOB}`, staff), 'match')).toEqual([]);
  });

  it('lead to nothing that the token may not search: 403 before any search', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs' });
    for (const query of ['encounter.class=AMB', '_has:Encounter:diagnosis:class=AMB', 'patient.name=munoz']) {
      const answer = await server.get(narrow, `/Observation?${query}`);
      expect(answer.statusCode, query).toEqual(query.startsWith('_has') ? 400 : 403);
    }
  });

  it('only match what a granular scope allows', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs patient/Encounter.rs?class=IMP' });
    expect(numbersOf(await search('/Observation?encounter.class=AMB,IMP', narrow), 'match')).toEqual([2]);
    const few = await server.token(ANN, { scope: 'patient/Encounter.rs patient/Observation.rs?value-quantity=lt10' });
    expect(numbersOf(await search('/Encounter?_has:Observation:encounter:code=2345-7', few), 'match')).toEqual([101]);
  });
});

describe('_include and _revinclude (FHIR R4 search §3.1.1.5.4)', () => {
  const included = async (path: string, as = token) => numbersOf(await search(path, as), 'include');
  const ONE = `/Observation?_id=${id(2)}`;
  it.each([
    [`${ONE}&_include=Observation:encounter`, [102]],
    [`${ONE}&_include=Observation:encounter:Encounter`, [102]],
    [`${ONE}&_include=*`, [102, 901]],
    [`${ONE}&_include=Observation:patient`, [901]],
    [`${ONE}&_include=Observation:encounter&_include:iterate=Encounter:service-provider`, [102, 702]],
    [
      `${ONE}&_include=Observation:encounter&_include:iterate=Encounter:part-of&_include:iterate=Encounter:practitioner`,
      [101, 102, 701],
    ],
    [`/Observation?_id=${id(4)}&_include=Observation:has-member`, [1]],
    [`/Encounter?_id=${id(101)}&_revinclude=Observation:encounter`, [1]],
    [`/Encounter?_id=${id(101)}&_revinclude=Encounter:part-of&_revinclude:iterate=Observation:encounter`, [1, 2, 102]],
    [`/Observation?_id=${id(1)}&_revinclude=Observation:has-member`, [4]],
    [`/Practitioner?_id=${id(701)}&_revinclude=Observation:performer`, [3]],
  ] as const)('%s', async (path, expected) => {
    expect(await included(path)).toEqual(expected);
  });

  it('repeat nothing, and count only matches', async () => {
    const page = await search('/Observation?_include=Observation:has-member&_include=Observation:encounter');
    expect(page.total).toBe(5);
    expect(numbersOf(page, 'include')).toEqual([101, 102]);
  });

  it('include nothing that the token isn’t for', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs' });
    expect(await included(`${ONE}&_include=Observation:encounter&_include=Observation:patient`, narrow)).toEqual([]);
    const half = await server.token(ANN, { scope: 'patient/Observation.rs patient/Encounter.rs?class=AMB' });
    expect(await included('/Observation?_include=Observation:encounter', half)).toEqual([101]);
  });
});

describe('pages and totals (FHIR R4 search §3.1.1.5.2)', () => {
  it('omit the total with _total=none, and page as usual', async () => {
    const seen: number[] = [];
    let path: string | undefined = '/Observation?_count=2&_total=none';
    while (path !== undefined) {
      const page: Found = await search(path);
      expect(page.total).toBeUndefined();
      seen.push(...numbersOf(page, 'match'));
      const next: string | undefined = page.link.find(({ relation }) => relation === 'next')?.url;
      path = next?.slice(next.indexOf('/Observation'));
    }
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('take a page number, as NextGen’s clients request it', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => search(`/Observation?_count=2&page=${page}`)));
    expect(pages.map((page) => page.total)).toEqual([5, 5, 5, 5]);
    expect(pages.map((page) => numbersOf(page, 'match').length)).toEqual([2, 2, 1, 0]);
    expect(new Set(pages.flatMap((page) => numbersOf(page, 'match'))).size).toBe(5);
  });
});

describe('a search by POST (FHIR R4 search §3.1.1.1)', () => {
  const post = (payload: string, url = '/Observation/_search') =>
    server.app.inject({
      method: 'POST',
      url: `/api/fhir/r4${url}`,
      payload,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });

  it('is the same as one by GET, including its links', async () => {
    const answer = await post('code=2345-7&value-quantity=gt5.4&_count=10');
    expect(answer.statusCode, answer.body).toBe(200);
    expect(numbersOf(answer.json(), 'match')).toEqual([2]);
    expect(answer.json().link[0].url).toContain('/Observation?code=2345-7&value-quantity=gt5.4&_count=10');
  });

  it('takes parameters of the URL as well', async () => {
    expect(numbersOf((await post('code=2345-7', '/Observation/_search?value-quantity=lt0')).json(), 'match')).toEqual([
      3,
    ]);
  });

  it('is rejected without a token, and with another content type', async () => {
    const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const url = '/api/fhir/r4/Observation/_search';
    expect(
      (
        await server.app.inject({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).statusCode,
    ).toBe(401);
    expect((await server.app.inject({ method: 'POST', url, payload: '{}', headers: json })).statusCode).toBe(415);
  });
});

describe('parts of resources (FHIR R4 search §3.1.1.5.8 _summary, §3.1.1.5.9 _elements)', () => {
  const one = async (query: string) => {
    const [entry] = (await search(`/Observation?_id=${id(5)}&${query}`)).entry ?? [];
    return entry?.resource as unknown as Record<string, unknown> & { meta: { tag: { code: string }[] } };
  };
  const SUBSETTED = 'SUBSETTED';

  it('have the named elements, the required ones, and the SUBSETTED tag', async () => {
    const part = await one('_elements=component');
    expect(Object.keys(part).sort()).toEqual(['code', 'component', 'id', 'meta', 'resourceType', 'status']);
    expect(part.meta.tag.map(({ code }) => code)).toContain(SUBSETTED);
    const [value] = (await search(`/Observation?_id=${id(1)}&_elements=value`)).entry ?? [];
    expect(value?.resource).toHaveProperty('valueQuantity.value', 5.4);
  });

  it.each([
    ['_summary=true', true],
    ['_summary=text', false],
    ['_summary=data', true],
  ] as const)('%s', async (query, hasSubject) => {
    const part = await one(query);
    expect('subject' in part).toBe(hasSubject);
    expect(part.meta.tag.map(({ code }) => code)).toContain(SUBSETTED);
  });

  it('have everything with _summary=false, and only the total with _summary=count', async () => {
    expect((await one('_summary=false')).meta.tag.map(({ code }) => code)).not.toContain(SUBSETTED);
    const counted = await search('/Observation?_summary=count');
    expect({ total: counted.total, entry: counted.entry }).toEqual({ total: 5, entry: undefined });
  });

  it('preserve decimals', async () => {
    const answer = await server.get(token, `/Observation?_id=${id(1)}&_elements=value`);
    expect(answer.body).toContain('"value":5.4');
  });

  it('work in a read as well', async () => {
    const { meta, ...rest } = (await server.get(token, `/Observation/${id(1)}?_elements=status`)).json();
    expect(Object.keys(rest).sort()).toEqual(['code', 'id', 'resourceType', 'status']);
    expect(meta.tag).toHaveLength(1);
  });
});

describe('a read of a resource that the client already has (FHIR R4 §3.1.0.5, RFC 9110 §13.1.2)', () => {
  it.each(['W/"1"', '"1"', '"7", W/"1"', '*'])('If-None-Match: %s is 304, without a body', async (tag) => {
    const answer = await server.get(token, `/Observation/${id(1)}`, { 'if-none-match': tag });
    expect({ status: answer.statusCode, body: answer.body, etag: answer.headers['etag'] }).toEqual({
      status: 304,
      body: '',
      etag: 'W/"1"',
    });
    expect(server.disclosures.at(-1)).toMatchObject({
      outcome: 'success',
      resources: 0,
      detail: { notModified: true },
    });
  });

  it('If-None-Match: "2" is the whole resource', async () => {
    expect((await server.get(token, `/Observation/${id(1)}`, { 'if-none-match': '"2"' })).statusCode).toBe(200);
  });

  it('reveals nothing about another patient’s resource', async () => {
    const answer = await server.get(token, `/Observation/${id(51)}`, { 'if-none-match': '*' });
    expect(answer.statusCode).toBe(404);
  });
});

describe('a reference into another patient’s record is text that nothing follows', () => {
  const HERS = `/Observation?_id=${id(61)}`;
  let [eve, both] = ['', ''];
  beforeAll(async () => {
    await server.load([
      { resourceType: 'Patient', id: EVE, name: [{ family: 'Eve' }] },
      observation(61, {
        subject: { reference: `Patient/${EVE}` },
        encounter: reference('Encounter', 151),
        performer: [{ reference: `Patient/${BOB}` }],
        hasMember: [reference('Observation', 51)],
      }),
    ]);
    eve = await server.token(EVE);
    both = await server.token(EVE, { scope: 'user/*.rs patient/*.rs', practices: [1] });
  });

  it('isn’t included, and matches no chain and no _has, for a patient', async () => {
    const all = `${HERS}&_include=*&_include:iterate=Encounter:patient&_include:iterate=Observation:patient`;
    expect(numbersOf(await search(all, eve), 'include')).toEqual([903]);
    for (const query of ['encounter.class=AMB', 'performer:Patient.family=munoz', 'has-member.code=2345-7'])
      expect(numbersOf(await search(`${HERS}&${query}`, eve), 'match'), query).toEqual([]);
    const bob = await server.token(BOB);
    expect(numbersOf(await search('/Encounter?_has:Observation:encounter:status=final', bob), 'match')).toEqual([]);
    expect(numbersOf(await search('/Encounter?_revinclude=Observation:encounter', bob), 'include')).toEqual([]);
    expect(numbersOf(await search('/Observation?_revinclude=Observation:has-member', bob), 'include')).toEqual([]);
  });

  it('nor for staff who may read both records', async () => {
    expect(numbersOf(await search(`${HERS}&_include=*`, both), 'include')).toEqual([903]);
    expect(numbersOf(await search(`${HERS}&encounter.class=AMB`, both), 'match')).toEqual([]);
  });
});
