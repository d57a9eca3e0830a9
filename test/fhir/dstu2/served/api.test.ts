import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import type { Node } from '../fixtures/convert.ts';
import { allergy, concept, condition, observation, request, TERMINOLOGY } from '../fixtures/small-resources.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const subject = { reference: `Patient/${ANN}` };
let last = 0;
const numbered = (resource: Resource): Resource => {
  last += 1;
  const id = `${String(last).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return { ...resource, id, ...('patient' in resource ? { patient: subject } : { subject }) };
};
const allergyWith = (clinical: string, verification: string, text: string) =>
  allergy({
    clinicalStatus: clinical === '' ? undefined : concept(`${TERMINOLOGY}/allergyintolerance-clinical`, clinical),
    verificationStatus: concept(`${TERMINOLOGY}/allergyintolerance-verification`, verification),
    code: { text },
  });
const clinicalStatus = (code: string) => concept(`${TERMINOLOGY}/condition-clinical`, code);

const record = [
  allergyWith('active', 'confirmed', 'nuts'),
  allergyWith('active', 'unconfirmed', 'milk'),
  allergyWith('inactive', 'confirmed', 'pollen'),
  allergyWith('inactive', 'refuted', 'latex'),
  allergyWith('', 'entered-in-error', 'soap'),
  condition({
    category: [concept(`${TERMINOLOGY}/condition-category`, 'problem-list-item')],
    code: { text: 'asthma' },
  }),
  condition({
    clinicalStatus: clinicalStatus('recurrence'),
    category: [concept('http://hl7.org/fhir/us/core/CodeSystem/condition-category', 'health-concern')],
    code: { text: 'housing' },
    onsetDateTime: '2019-05',
    recordedDate: '2020-01-01T10:00:00Z',
  }),
  request({ status: 'cancelled', authoredOn: '2020-05-01' }),
  request({ status: 'stopped', authoredOn: '2021-05-01' }),
  request({ status: 'active', authoredOn: '2022-05-01' }),
  request({ status: 'active', intent: 'proposal', authoredOn: '2022-05-01' }),
  request({ status: 'active', doNotPerform: true, authoredOn: '2022-05-01' }),
  observation({
    category: [concept(`${TERMINOLOGY}/observation-category`, 'vital-signs')],
    code: concept('http://loinc.org', '85354-9'),
    effectiveDateTime: '2020-01-01',
  }),
  observation({
    category: [concept(`${TERMINOLOGY}/observation-category`, 'laboratory')],
    status: 'corrected',
    effectiveDateTime: '2021-01-01',
    meta: {
      security: [{ system: `${TERMINOLOGY}/v3-Confidentiality`, code: 'N' }],
      tag: [{ system: `${TERMINOLOGY}/v3-ObservationValue`, code: 'SUBSETTED' }],
      profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab'],
    },
  }),
].map(numbered);

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: [dstu2Projection] });
  const report = await server.load([
    { resourceType: 'Patient', id: ANN, name: [{ family: 'Example', given: ['Ann'] }], gender: 'female' },
    ...record,
  ]);
  expect(report).toMatchObject({ refused: [] });
  token = await server.token(ANN);
});
afterAll(() => server.close());

const search = async (path: string) => {
  const response = await server.get(token, path);
  expect(response.statusCode).toBe(200);
  return response.json() as { total: number; entry?: { fullUrl: string; resource: Node }[] };
};
const found = async (path: string, element: string) => {
  const { total, entry = [] } = await search(path);
  expect(total).toBe(entry.length);
  return entry.map(({ resource }) => (resource[element] as { text?: string }).text ?? resource[element]).sort();
};

describe('the DSTU2 API', () => {
  it.each([
    ['active', ['milk', 'nuts']],
    ['confirmed', ['nuts']],
    ['http://hl7.org/fhir/allergy-intolerance-status|unconfirmed', ['milk']],
    ['inactive', ['pollen']],
    ['resolved', []],
    ['refuted,entered-in-error', ['latex', 'soap']],
  ])('AllergyIntolerance?status=%s', async (status, expected) => {
    expect(await found(`/AllergyIntolerance?patient=${ANN}&status=${encodeURIComponent(status)}`, 'substance')).toEqual(
      expected,
    );
  });

  it.each([
    ['category=problem', ['asthma']],
    ['category=health-concern', ['housing']],
    ['category=http://argonaut.hl7.org|', ['asthma', 'housing']],
    ['clinicalstatus=active', ['asthma']],
    ['clinicalstatus=active,recurrance,remission', ['asthma']],
    ['clinicalstatus=relapse', ['housing']],
    ['onset=2019', ['housing']],
    ['date-recorded=ge2020', ['housing']],
  ])('Condition?%s', async (query, expected) => {
    expect(await found(`/Condition?${query}`, 'code')).toEqual(expected);
  });

  it.each([
    ['status=stopped', ['2020-05-01', '2021-05-01']],
    ['status=active', ['2022-05-01']],
    ['datewritten=lt2021', ['2020-05-01']],
  ])('MedicationOrder?%s: neither counts nor returns hidden resources', async (query, expected) => {
    expect(await found(`/MedicationOrder?${query}`, 'dateWritten')).toEqual(expected);
  });

  it.each([
    ['category=http://hl7.org/fhir/observation-category|vital-signs', ['2020-01-01']],
    ['category=laboratory', ['2021-01-01']],
    ['code=55284-4', ['2020-01-01']],
    ['status=amended', ['2021-01-01']],
    ['date=2021', ['2021-01-01']],
  ])('Observation?%s', async (query, expected) => {
    expect(await found(`/Observation?${query}`, 'effectiveDateTime')).toEqual(expected);
  });

  it.each([
    ['_security=http://hl7.org/fhir/v3/Confidentiality|N'],
    ['_security=N'],
    ['_tag=http://hl7.org/fhir/v3/ObservationValue|SUBSETTED'],
  ])('Observation?%s: by the code systems of DSTU2', async (query) => {
    expect(await found(`/Observation?${query}`, 'effectiveDateTime')).toEqual(['2021-01-01']);
    expect(await found(`/Observation?${query}x`, 'effectiveDateTime')).toEqual([]);
  });

  it('doesn’t search by profile, because the record stores R4 profiles', async () => {
    const { entry = [] } = await search('/Observation?_profile=http://hl7.org/fhir/us/core/StructureDefinition/x');
    expect(entry).toHaveLength(2);
    const strict = await server.get(token, '/Observation?_profile=urn:x', { prefer: 'handling=strict' });
    expect(strict.json().issue[0].details.coding[0].code).toBe('parameter-unknown');
  });

  it('sorts with the syntax of DSTU2', async () => {
    const dates = async (query: string) =>
      (await search(`/MedicationOrder?${query}`)).entry?.map(({ resource }) => resource['dateWritten']);
    expect(await dates('_sort:asc=datewritten')).toEqual(['2020-05-01', '2021-05-01', '2022-05-01']);
    expect(await dates('_sort:desc=datewritten')).toEqual(['2022-05-01', '2021-05-01', '2020-05-01']);
  });

  it('reads by the DSTU2 type name, and hides what it must', async () => {
    const [{ fullUrl = '', resource } = {}] = (await search('/MedicationOrder?status=active')).entry ?? [];
    expect(fullUrl).toBe(`${BASE}/MedicationOrder/${resource?.['id']}`);
    expect((await server.get(token, `/MedicationOrder/${resource?.['id']}`)).json()).toEqual(resource);
    const hidden = record.find((one) => one['doNotPerform'] === true);
    expect((await server.get(token, `/MedicationOrder/${hidden?.id}`)).statusCode).toBe(404);
    expect((await server.get(token, `/MedicationRequest/${resource?.['id']}`)).statusCode).toBe(404);
  });

  it('returns the patient in the requested content type', async () => {
    const response = await server.get(token, `/Patient/${ANN}`, { accept: 'application/json' });
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toMatchObject({ id: ANN, name: [{ family: ['Example'] }] });
    const other = await server.get(token, `/Patient/${ANN}`);
    expect(other.headers['content-type']).toBe('application/json+fhir; charset=utf-8');
  });
});
