import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, projections } from '../../../../src/fhir/index.ts';
import { type FhirServer, startFhir, type TokenOptions } from '../../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../../support/fhir/load-texts.ts';

const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(901);
/** Patient whose orders change. */
const BEA = id(902);
const SUBSTANCE = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' };
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const medication = (own: string, more: object = {}) => ({
  resourceType: 'Medication',
  id: own,
  code: { coding: [{ system: RXNORM, code: own }] },
  ...more,
});
const order = (number: number, to: string, more: object = {}, owner = ANN) => ({
  resourceType: 'MedicationRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${owner}` },
  medicationReference: { reference: `Medication/${to}` },
  ...more,
});

interface Shown {
  readonly resourceType: string;
  readonly id: string;
  readonly code?: { readonly coding: readonly { readonly code: string }[] };
  readonly medicationReference?: { readonly reference: string };
}

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections });
  await load(
    { resourceType: 'Patient', id: ANN },
    { resourceType: 'Organization', id: 'maker', name: 'Maker' },
    medication('kit', {
      manufacturer: { reference: 'Organization/maker' },
      form: { coding: [{ system: 'http://snomed.info/sct', code: '385055001' }] },
      ingredient: [{ itemReference: { reference: 'Medication/part' } }],
    }),
    medication('part'),
    medication('wrong', { status: 'entered-in-error' }),
    medication('secret'),
    order(1, 'kit'),
    order(2, 'wrong'),
    order(3, 'secret', { meta: { security: [SUBSTANCE] } }),
  );
});
afterAll(() => server.close());

async function load(...resources: readonly object[]): Promise<void> {
  const entry = resources.map((resource) => ({ resource }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  const { refused } = await loadTexts(server, { 'a.json': text }, { projections });
  expect(refused).toEqual([]);
}
async function search(path: string, options: TokenOptions = {}, owner = ANN): Promise<readonly Shown[]> {
  const answer = await server.get(await server.token(owner, options), path);
  expect(answer.statusCode).toBe(200);
  return (answer.json().entry ?? []).map(({ resource }: { resource: Shown }) => resource);
}
const codes = async (query: string, options: TokenOptions = {}) =>
  (await search(`/Medication${query}`, options)).map(({ code }) => code?.coding[0]?.code).sort();

describe('FHIR DSTU2: Medication', () => {
  it('is what a MedicationOrder refers to, and includes its ingredients', async () => {
    const [first] = await search(`/MedicationOrder?_id=${id(1)}`);
    const token = await server.token(ANN);
    const read = await server.get(token, `/${first?.medicationReference?.reference}`);
    expect(read.json()).toMatchObject({ resourceType: 'Medication', code: { coding: [{ code: 'kit' }] } });
    const part = await server.get(token, `/${read.json().product.ingredient[0].item.reference}`);
    expect(part.json().code.coding[0].code).toBe('part');
  });

  it.each([
    ['', ['kit', 'part', 'secret']],
    [`?code=${RXNORM}|kit`, ['kit']],
    ['?form=385055001', ['kit']],
  ])('is searched by its parameters, without those entered in error: %s', async (query, expected) => {
    expect(await codes(query)).toEqual(expected);
  });

  it('is found by its ingredients and its manufacturer', async () => {
    const [kit] = await search('/Medication?code=kit');
    const [part] = await search('/Medication?code=part');
    expect((await search(`/Medication?ingredient=Medication/${part?.id}`)).map((one) => one.id)).toEqual([kit?.id]);
    const { manufacturer } = kit as unknown as { manufacturer: { reference: string } };
    expect(await codes(`?manufacturer=${manufacturer.reference}`)).toEqual(['kit']);
  });

  it('is included with its order, if the app has access to both', async () => {
    const path = `/MedicationOrder?_id=${id(1)}&_include=MedicationOrder:medication`;
    expect((await search(path)).map(({ resourceType }) => resourceType)).toEqual(['MedicationOrder', 'Medication']);
    const statement = `/MedicationStatement?_id=medicationrequest-${id(1)}&_include=MedicationStatement:medication`;
    const types = async (query: string) => (await search(query)).map(({ resourceType }) => resourceType);
    expect(await types(statement)).toEqual(['MedicationStatement', 'Medication']);
    expect(await types(`${statement}&_include:iterate=Medication:ingredient`)).toEqual([
      'MedicationStatement',
      'Medication',
      'Medication',
    ]);
    const scope = 'patient/MedicationOrder.rs';
    expect((await search(path, { scope })).map(({ resourceType }) => resourceType)).toEqual(['MedicationOrder']);
  });

  it('is hidden by the label of its order', async () => {
    const [secret] = await search('/Medication?code=secret');
    const withheld = [SUBSTANCE];
    expect(await codes('', { withheld })).toEqual(['kit', 'part']);
    const answer = await server.get(await server.token(ANN, { withheld }), `/Medication/${secret?.id}`);
    expect(answer.statusCode).toBe(404);
  });

  it('is removed from DSTU2 with the order that no longer refers to it', async () => {
    const storedMedications = () =>
      server.db.queryText<{ n: number }>(
        `select count(distinct id)::int as n from (
           select record_id, id from resource where type = 'Medication' and converted_with is not null
           union all select record_id, id from conversion where type = 'Medication') m
         where record_id = (select record_id from record where patient_id = $1)`,
        [BEA],
      );
    await load(
      { resourceType: 'Patient', id: BEA },
      medication('set', { ingredient: [{ itemReference: { reference: 'Medication/piece' } }] }),
      medication('piece'),
      medication('mistake', { status: 'entered-in-error' }),
      medication('other'),
      order(4, 'set', {}, BEA),
      order(5, 'mistake', {}, BEA),
      order(6, 'other', {}, BEA),
    );
    expect(await storedMedications()).toEqual([{ n: 4 }]);
    await loadTexts(
      server,
      {
        'a.ndjson': JSON.stringify(order(4, 'gone', {}, BEA)),
        'b.ndjson': JSON.stringify(medication('mistake')),
      },
      { projections },
    );
    expect(await storedMedications()).toEqual([{ n: 2 }]);
    const left = await search('/Medication', {}, BEA);
    expect(left.map(({ code }) => code?.coding[0]?.code)).toEqual(['other']);
  });
});
