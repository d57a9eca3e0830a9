import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenOptions } from '../../support/fhir/fhir-server.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(901), id(902)];
const URN = 'urn:uuid:99999999-9999-4999-8999-999999999999';
const SUBSTANCE = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' };
const labelled = (...security: readonly unknown[]) => ({ meta: { security } });
const person = (own: string) => ({ resourceType: 'Patient', id: own });
const about = (resourceType: string, number: number, reference: string, more: object = {}) => ({
  resourceType,
  id: id(number),
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${ANN}` },
  medicationReference: { reference },
  ...more,
});
const request = (number: number, reference: string, more: object = {}) =>
  about('MedicationRequest', number, reference, more);
const ofBob = { subject: { reference: `Patient/${BOB}` } };
const medication = (own: string, more: object = {}) => ({
  resourceType: 'Medication',
  id: own,
  code: { coding: [{ system: 'urn:drugs', code: own }], text: `drug ${own}` },
  ...more,
});
const bundle = (...entry: object[]) => JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
const inBundle = (...resources: object[]) => bundle(...resources.map((resource) => ({ resource })));

interface Found {
  readonly id: string;
  readonly code?: { readonly text: string };
  readonly meta: { readonly security?: readonly object[] };
  readonly medicationReference?: { readonly reference: string; readonly display?: string };
  readonly ingredient?: readonly { readonly itemReference: { readonly reference: string } }[];
}

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const load = (files: Readonly<Record<string, string>>) => loadTexts(server, files);
async function search(path: string, options: TokenOptions = {}, patient = ANN): Promise<readonly Found[]> {
  const answer = await server.get(await server.token(patient, options), path);
  expect(answer.statusCode).toBe(200);
  return (answer.json().entry ?? []).map(({ resource }: { resource: Found }) => resource);
}
const drugs = async (options: TokenOptions = {}, patient = ANN) =>
  (await search('/Medication', options, patient)).map(({ code }) => code?.text).sort();
async function read(path: string, options: TokenOptions = {}, patient = ANN) {
  const answer = await server.get(await server.token(patient, options), path);
  return { status: answer.statusCode, body: answer.json() };
}
const referenceOf = async (number: number, type = 'MedicationRequest') =>
  (await read(`/${type}/${id(number)}`)).body.medicationReference;

describe('a Medication that other resources in the input refer to (decision 029)', () => {
  it.each(['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'])(
    'is a resource of the record, and %s refers to it',
    async (type) => {
      const text = bundle(
        { fullUrl: URN, resource: medication('m1', { amount: { numerator: { value: 1 } } }) },
        { resource: person(ANN) },
        { resource: about(type, 1, URN) },
        { resource: about(type, 2, 'Medication/m1', { medicationReference: { reference: URN, display: 'own' } }) },
        { resource: about(type, 3, 'Medication/m9') },
      ).replace('"value":1}', '"value":1.50}');
      expect(await load({ 'a.json': text })).toMatchObject({ created: 5, refused: [], skipped: {} });
      const { reference, display } = await referenceOf(1, type);
      expect(reference).toMatch(/^Medication\/[0-9a-f-]{36}$/);
      expect(display).toBe('drug m1');
      expect(await referenceOf(2, type)).toEqual({ reference, display: 'own' });
      expect(await referenceOf(3, type)).toEqual({ reference: 'Medication/m9' });
      expect((await read(`/${reference}`)).body).toMatchObject({ code: { text: 'drug m1' } });
      const [row] = await server.db.queryText<{ content: string }>(
        "select content from resource where type = 'Medication'",
        [],
      );
      expect(row?.content).toContain('1.50');
    },
  );

  it('is the same at the next load, and nothing has changed', async () => {
    const files = {
      'Medication.ndjson': ndjson(
        medication('m1', { ingredient: [{ itemReference: { reference: 'Medication/m2' } }] }),
      ),
      'More.ndjson': ndjson(medication('m2'), { ...medication('m3'), ...labelled(SUBSTANCE) }),
      'Patient.ndjson': ndjson(person(ANN)),
      'MedicationRequest.ndjson': ndjson(request(1, 'Medication/m1'), request(2, 'Medication/m3', labelled('ETH'))),
    };
    const rows = () => server.db.queryText('select * from resource order by type, id', []);
    const seen: number[] = [];
    const options = { onProgress: (done: number) => seen.push(done) };
    expect(await loadTexts(server, files, options)).toMatchObject({ created: 6, refused: [] });
    expect(seen.at(-1)).toBe(6);
    const before = await rows();
    server.clock.set(new Date('2027-01-01'));
    expect(await load(files)).toEqual({ records: 1, created: 0, updated: 0, unchanged: 3, skipped: {}, refused: [] });
    expect(await rows()).toEqual(before);
  });

  it('is copied to each record, and a record has no access to another’s copy', async () => {
    await load({
      'a.json': inBundle(
        person(ANN),
        person(BOB),
        medication(id(5)),
        request(1, `Medication/${id(5)}`),
        request(2, `Medication/${id(5)}`, ofBob),
      ),
    });
    const [ann] = await search('/Medication');
    const [bob] = await search('/Medication', {}, BOB);
    expect({ ann: ann?.code, bob: bob?.code }).toEqual({
      ann: { ...medication(id(5)).code },
      bob: { ...medication(id(5)).code },
    });
    expect(new Set([ann?.id, bob?.id, id(5)]).size).toBe(3);
    for (const path of [`/Medication/${bob?.id}`, `/Medication/${id(5)}`, `/Medication/${bob?.id}/_history/1`])
      expect((await read(path)).status).toBe(404);
    expect(await search(`/Medication?_id=${bob?.id}`)).toEqual([]);
  });

  it('is the one of the same Bundle, if another Bundle uses the same name', async () => {
    const of = (own: string, number: number, more: object[] = []) =>
      bundle(...more, { fullUrl: URN, resource: medication(own) }, { resource: request(number, URN) });
    await load({ 'a.json': of('m1', 1, [{ resource: person(ANN) }]), 'b.json': of('m2', 2) });
    expect((await referenceOf(1)).display).toBe('drug m1');
    expect((await referenceOf(2)).display).toBe('drug m2');
    expect(await drugs()).toEqual(['drug m1', 'drug m2']);
  });

  it('is identified by its content if it has neither an id nor a UUID', async () => {
    const of = (name: string, number: number) => {
      const { id: _id, ...nameless } = medication(name);
      return bundle(
        { resource: person(ANN) },
        { fullUrl: 'resource:0', resource: nameless },
        { resource: request(number, 'resource:0') },
      );
    };
    await load({ 'a.json': of('m1', 1) });
    await load({ 'b.json': of('m2', 2) });
    expect({ first: (await referenceOf(1)).display, second: (await referenceOf(2)).display }).toEqual({
      first: 'drug m1',
      second: 'drug m2',
    });
    expect(await drugs()).toEqual(['drug m1', 'drug m2']);
  });

  it('is stored with its ingredients, even circular ones', async () => {
    const madeOf = (...names: string[]) => ({
      ingredient: names.map((name) => ({ itemReference: { reference: `Medication/${name}` } })),
    });
    const report = await load({
      'Medication.ndjson': ndjson(
        medication('kit', { ...madeOf('kit', 'm2'), contained: [{ resourceType: 'Substance', id: 's' }] }),
        medication('m2', madeOf('m3')),
        medication('m3', madeOf('kit', 'm9')),
        medication('unused', madeOf('kit')),
      ),
      'MedicationRequest.ndjson': ndjson(request(1, 'Medication/kit')),
      'Patient.ndjson': ndjson(person(ANN)),
    });
    expect(report).toMatchObject({ created: 5, skipped: {}, refused: [{ type: 'Medication', id: 'unused' }] });
    const all = new Map((await search('/Medication')).map((one) => [one.code?.text, one]));
    const parts = (name: string) =>
      all.get(`drug ${name}`)?.ingredient?.map(({ itemReference }) => itemReference.reference);
    const at = (name: string) => `Medication/${all.get(`drug ${name}`)?.id}`;
    expect(parts('kit')).toEqual([at('kit'), at('m2')]);
    expect(parts('m2')).toEqual([at('m3')]);
    expect(parts('m3')).toEqual([at('kit'), 'Medication/m9']);
    expect((await referenceOf(1)).reference).toBe(at('kit'));
  });

  it('stays in the resource that contains it, whatever else has the same id', async () => {
    const contained = [{ resourceType: 'Medication', id: 'm1', code: { text: 'inside' } }];
    const report = await load({
      'a.json': bundle(
        { resource: person(ANN) },
        { fullUrl: '#m1', resource: medication('m1') },
        { resource: request(1, '#m1', { contained }) },
      ).replace('transaction', 'batch'),
    });
    expect(report).toMatchObject({ created: 2, refused: [{ id: 'm1' }] });
    expect((await read(`/MedicationRequest/${id(1)}`)).body).toMatchObject({
      medicationReference: { reference: '#m1' },
      contained,
    });
    expect(await drugs()).toEqual([]);
  });

  it.each([
    [{ code: { text: 'in words', coding: [{ display: 'coded' }] } }, 'in words'],
    [{ code: { coding: [{ code: '1' }, { display: 'coded' }] } }, 'coded'],
    [{ code: { text: 'wrong' }, status: 'entered-in-error' }, undefined],
    [{ code: 'no concept' }, undefined],
  ])('has its name in references to it, unless it is in error: %j', async (more, display) => {
    await load({ 'a.json': inBundle(person(ANN), medication('m1', more), request(1, 'Medication/m1')) });
    expect((await referenceOf(1)).display).toBe(display);
  });

  it('names its manufacturer in the directory', async () => {
    await load({
      'a.json': inBundle(
        person(ANN),
        { resourceType: 'Organization', id: 'maker', name: 'Maker' },
        medication('m1', { manufacturer: { reference: 'Organization/maker' } }),
        request(1, 'Medication/m1/_history/4'),
      ),
    });
    const found = await search('/Medication?_include=Medication:manufacturer');
    expect(found.map((one) => (one as { name?: string }).name)).toEqual([undefined, 'Maker']);
  });

  it('is the target of its Provenance: each copy in the record of its other targets', async () => {
    const target = ['Medication/m1', `MedicationRequest/${id(1)}`, 'Medication/unknown'];
    const provenance = {
      resourceType: 'Provenance',
      id: id(50),
      recorded: '2026-01-01T00:00:00Z',
      target: target.map((reference) => ({ reference })),
      agent: [{ who: { display: 'Dr. One' } }],
    };
    await load({
      'a.json': inBundle(
        provenance,
        person(ANN),
        person(BOB),
        medication('m1'),
        request(1, 'Medication/m1', labelled(SUBSTANCE)),
        request(2, 'Medication/m1'),
        request(3, 'Medication/m1', ofBob),
      ),
    });
    const path = '/Medication?_revinclude=Provenance:target';
    const targetsIn = (found: readonly Found[]) =>
      found.flatMap((one) => (one as { target?: { reference: string }[] }).target ?? []).map((one) => one.reference);
    const copies = (await search('/Medication')).map((one) => `Medication/${one.id}`);
    expect(copies).toHaveLength(2);
    expect(targetsIn(await search(path)).toSorted()).toEqual([...copies, ...target.slice(1)].toSorted());
    expect(await search(path, {}, BOB)).toHaveLength(1);
    const open = await referenceOf(2);
    expect(targetsIn(await search(path, { withheld: [SUBSTANCE] }))).toEqual([open.reference]);
  });

  it('isn’t stored for a rejected request', async () => {
    const report = await load({ 'a.json': inBundle(medication('m1'), request(1, 'Medication/m1')) });
    expect(report.refused.map(({ type }) => type)).toEqual(['MedicationRequest']);
    expect(await server.db.queryText('select id from resource', [])).toEqual([]);
  });
});

describe('the labels of a resource that refers to a Medication', () => {
  const withheld = [SUBSTANCE];

  it.each([
    ['of the request', request(1, 'Medication/m1', labelled(SUBSTANCE)), medication('m1')],
    ['its own', request(1, 'Medication/m1'), medication('m1', labelled(SUBSTANCE))],
    ['without an array', request(1, 'Medication/m1', { meta: { security: SUBSTANCE } }), medication('m1')],
    ['as a concept', request(1, 'Medication/m1', labelled({ coding: [SUBSTANCE] })), medication('m1')],
    [
      'of another contained resource',
      request(1, 'Medication/m1', { contained: [{ resourceType: 'Condition', id: 'c', ...labelled(SUBSTANCE) }] }),
      medication('m1'),
    ],
  ])('hide it from reads, searches, includes and chains: %s', async (_, asking, asked) => {
    await load({ 'a.json': inBundle(person(ANN), asked, asking, request(2, 'Medication/m2'), medication('m2')) });
    const [hidden] = (await search('/Medication')).filter(({ code }) => code?.text === 'drug m1');
    expect(await drugs({ withheld })).toEqual(['drug m2']);
    expect((await read(`/Medication/${hidden?.id}`)).status).toBe(200);
    expect((await read(`/Medication/${hidden?.id}`, { withheld })).status).toBe(404);
    expect((await read(`/MedicationRequest/${id(1)}`, { withheld })).status).toBe(404);
    const along = await search('/MedicationRequest?_include=MedicationRequest:medication', { withheld });
    expect(JSON.stringify(along)).not.toContain('drug m1');
    expect(along.map(({ id: own }) => own)).toContain(id(2));
    const chained = (code: string) => search(`/MedicationRequest?medication.code=${code}`, { withheld });
    expect(await chained('m1')).toEqual([]);
    expect((await chained('m2')).map(({ id: own }) => own)).toEqual([id(2)]);
    expect((await search('/MedicationRequest?medication.code=m1')).map(({ id: own }) => own)).toEqual([id(1)]);
  });

  it('hide everything connected to it: its ingredients, and what it is an ingredient of', async () => {
    const kit = medication('kit', { ingredient: [{ itemReference: { reference: 'Medication/secret' } }] });
    await load({
      'a.json': inBundle(person(ANN), kit, medication('secret', labelled(SUBSTANCE)), request(1, 'Medication/kit')),
    });
    expect(await drugs()).toEqual(['drug kit', 'drug secret']);
    expect(await drugs({ withheld })).toEqual([]);
    expect((await read(`/MedicationRequest/${id(1)}`, { withheld })).status).toBe(404);
  });

  it('don’t hide it if an entry without labels refers to it', async () => {
    await load({
      'a.json': inBundle(
        person(ANN),
        medication('m1'),
        request(1, 'Medication/m1', labelled(SUBSTANCE)),
        request(2, 'Medication/m1'),
        about('MedicationDispense', 3, 'Medication/m1'),
      ),
    });
    expect(await drugs()).toEqual(['drug m1', 'drug m1']);
    expect(await drugs({ withheld })).toEqual(['drug m1']);
    const open = await referenceOf(2);
    expect(await referenceOf(3, 'MedicationDispense')).toEqual(open);
    expect((await referenceOf(1)).reference).not.toBe(open.reference);
    expect((await read(`/${open.reference}`, { withheld })).status).toBe(200);
  });

  it('hide it when they are added later, in its older versions too', async () => {
    const chart = (more: object, ...others: object[]) =>
      inBundle(person(ANN), medication('m1'), request(1, 'Medication/m1', more), ...others);
    await load({ 'a.json': chart({}) });
    const before = await referenceOf(1);
    expect(await load({ 'b.json': chart(labelled(SUBSTANCE)) })).toMatchObject({ created: 1, updated: 1 });
    expect(await drugs()).toEqual(['drug m1']);
    expect(await drugs({ withheld })).toEqual([]);
    for (const path of [before.reference, `${before.reference}/_history/1`, `${before.reference}/_history`]) {
      expect((await read(`/${path}`, { withheld })).status).toBe(404);
    }
    await load({ 'c.json': chart({}) });
    expect(await drugs({ withheld })).toEqual(['drug m1']);
    expect(await referenceOf(1)).toEqual(before);
  });
});

describe('a Medication that nothing in the record refers to any more', () => {
  it('is removed with its ingredients, and no other is', async () => {
    const circle = (one: string, other: string) =>
      medication(one, { ingredient: [{ itemReference: { reference: `Medication/${other}` } }] });
    const chart = (number: number, to: string) =>
      inBundle(
        person(ANN),
        circle('a', 'b'),
        circle('b', 'a'),
        circle('kit', 'inside'),
        medication('inside'),
        medication('new'),
        request(1, `Medication/${to}`),
        request(2, 'Medication/kit'),
        about('MedicationStatement', number, 'Medication/new', ofBob),
        person(BOB),
      );
    await load({ 'a.json': chart(3, 'a') });
    expect(await drugs()).toEqual(['drug a', 'drug b', 'drug inside', 'drug kit']);
    await load({ 'a.json': chart(3, 'new').replace('transaction', 'batch') });
    expect(await drugs()).toEqual(['drug inside', 'drug kit', 'drug new']);
    expect(await drugs({}, BOB)).toEqual(['drug new']);
  });
});
