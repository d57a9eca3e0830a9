import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projections } from '../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';
import { loadTexts, ndjson } from '../support/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const URN = 'urn:uuid:99999999-9999-4999-8999-999999999999';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = { resourceType: 'Patient', id: ANN };
const subject = { reference: `Patient/${ANN}` };
const request = (number: number, reference: string, more: object = {}) => ({
  resourceType: 'MedicationRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  subject,
  medicationReference: { reference },
  ...more,
});
const medication = (own: string, more: object = {}) => ({
  resourceType: 'Medication',
  id: own,
  meta: { versionId: '3' },
  code: { text: `drug ${own}` },
  ...more,
});
const bundle = (...entry: object[]) => JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

let server: FhirServer;
beforeEach(async () => {
  server = await startFhir();
});
afterEach(() => server.close());

const read = async (number: number) =>
  (await server.get(await server.token(ANN), `/MedicationRequest/${id(number)}`)).json();

describe('the Medication of a MedicationRequest', () => {
  it('is contained in it when it is in the Bundle (FHIR R4 references, contained resources)', async () => {
    const text = bundle(
      { fullUrl: URN, resource: medication('m1', { amount: { numerator: { value: 1 } } }) },
      { resource: person },
      { resource: request(1, URN) },
      { resource: request(2, 'Medication/m1', { contained: [{ resourceType: 'Device', id: 'medication-1' }] }) },
      { resource: request(3, 'Medication/m9') },
    ).replace('"value":1}', '"value":1.50}');
    const report = await loadTexts(server, { 'a.json': text });
    expect(report).toMatchObject({ created: 4, refused: [], skipped: {} });
    expect(await read(1)).toMatchObject({
      medicationReference: { reference: '#medication-1' },
      contained: [{ resourceType: 'Medication', id: 'medication-1', code: { text: 'drug m1' } }],
    });
    expect((await read(1)).contained[0].meta).toBeUndefined();
    expect(JSON.stringify(await server.db.queryText('select content from resource', []))).toContain('1.50');
    const second = await read(2);
    expect(second.contained.map((one: { id: string }) => `#${one.id}`)).toContain(second.medicationReference.reference);
    expect(new Set(second.contained.map((one: { id: string }) => one.id)).size).toBe(2);
    expect((await read(3)).medicationReference).toEqual({ reference: 'Medication/m9' });
    expect((await read(3)).contained).toBeUndefined();
    expect(await loadTexts(server, { 'a.json': text })).toMatchObject({ unchanged: 4, updated: 0 });
  });

  it('is that of its own Bundle, where another has the same name for another', async () => {
    const of = (own: string, number: number, more: object[] = []) =>
      bundle(...more, { fullUrl: URN, resource: medication(own) }, { resource: request(number, URN) });
    await loadTexts(server, { 'a.json': of('m1', 1, [{ resource: person }]), 'b.json': of('m2', 2) });
    expect((await read(1)).contained[0].code.text).toBe('drug m1');
    expect((await read(2)).contained[0].code.text).toBe('drug m2');
  });

  it('is contained with the Medications it is made of, in one level (DomainResource dom-2)', async () => {
    const kit = medication('kit', {
      contained: [{ resourceType: 'Substance', id: 's', code: { text: 'salt' } }],
      ingredient: [
        { itemReference: { reference: 'Medication/kit' } },
        { itemReference: { reference: 'Medication/m2' } },
        { itemReference: { reference: '#s' } },
      ],
    });
    const report = await loadTexts(server, {
      'Medication.ndjson': ndjson(kit, medication('m2'), medication('unused')),
      'MedicationRequest.ndjson': ndjson(request(1, 'Medication/kit')),
      'Patient.ndjson': ndjson(person),
    });
    expect(report).toMatchObject({ created: 2, skipped: { Medication: 1 } });
    const { contained } = await read(1);
    expect(contained.map(({ id: own }: { id: string }) => own).sort()).toEqual([
      'medication-1',
      'medication-1-s',
      'medication-2',
    ]);
    const found = contained.find(({ id: own }: { id: string }) => own === 'medication-1');
    expect(found.contained).toBeUndefined();
    expect(
      found.ingredient.map((one: { itemReference: { reference: string } }) => one.itemReference.reference),
    ).toEqual(['#medication-1', '#medication-2', '#medication-1-s']);
  });

  it('is told to DSTU2 as well', async () => {
    const text = bundle(
      { resource: person },
      { fullUrl: URN, resource: medication('m1') },
      { resource: request(1, URN) },
    );
    await loadTexts(server, { 'a.json': text }, { projections });
    const [row] = await server.db.queryText<{ content: string | null }>(
      "select content from projection where type = 'MedicationRequest'",
      [],
    );
    expect(row?.content).toContain('drug m1');
  });
});

describe('a Binary', () => {
  it('is left out of the report’s types that were left out, once its bytes were taken', async () => {
    const binary = (own: string, data: string) => ({ resource: { resourceType: 'Binary', id: own, data } });
    const document = (number: number, attachment: object) => ({
      resource: {
        resourceType: 'DocumentReference',
        id: id(number),
        status: 'current',
        subject,
        content: [{ attachment }],
      },
    });
    const report = await loadTexts(server, {
      'a.json': bundle(
        { resource: person },
        binary('taken', 'QUJD'),
        binary('bad', '%'),
        binary('alone', 'QUJD'),
        document(1, { url: 'Binary/taken' }),
        document(2, { url: 'Binary/bad' }),
      ),
    });
    expect(report).toMatchObject({ created: 2, skipped: { Binary: 2 }, refused: [{ id: id(2) }] });
  });
});
