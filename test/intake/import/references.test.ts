import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

const UUID = {
  patient: 'd831ec91-c7a3-4a61-9312-7ff0c4a32134',
  practitioner: 'c38e2d6b-b2d5-4f8e-acae-3044eeb5edbb',
  encounter: '00c7f717-4030-4582-8ed8-888ad2bc878e',
  observation: '11111111-1111-4111-8111-111111111111',
};

/** A Bundle as test servers publish it, with ids and references of every kind. */
const bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: `urn:uuid:${UUID.encounter}`,
      resource: {
        resourceType: 'Encounter',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: `urn:uuid:${UUID.patient}` },
        participant: [{ individual: { reference: 'Practitioner?identifier=urn:npi|99' } }],
        location: [{ location: { reference: 'Location?identifier=urn%3Aloc%7C1' } }],
        serviceProvider: { reference: 'Organization?identifier=urn:npi|unknown' },
      },
      request: { method: 'POST', url: 'Encounter' },
    },
    {
      fullUrl: `urn:uuid:${UUID.patient}`,
      resource: { resourceType: 'Patient', id: '85', name: [{ text: 'Eighty Five' }] },
    },
    {
      fullUrl: 'https://source.example/fhir/Practitioner/dr-1',
      resource: { resourceType: 'Practitioner', id: 'dr-1', identifier: [{ system: 'urn:npi', value: '99' }] },
    },
    { resource: { resourceType: 'Location', id: 'L1', identifier: [{ system: 'urn:loc', value: '1' }], name: 'Ward' } },
    {
      fullUrl: `urn:uuid:${UUID.observation}`,
      resource: {
        resourceType: 'Observation',
        id: UUID.observation.toUpperCase(),
        status: 'final',
        code: {},
        contained: [{ resourceType: 'Device', id: 'd' }],
        device: { reference: '#d' },
        subject: { reference: 'Patient/85' },
        encounter: { reference: `urn:uuid:${UUID.encounter}` },
        performer: [
          { reference: 'https://source.example/fhir/Practitioner/dr-1' },
          { reference: 'https://other.example/fhir/Practitioner/dr-1' },
        ],
        basedOn: [{ reference: 'ImmunizationRecommendation/ir-1' }, { reference: 'MedicationRequest/mr-1/_history/3' }],
        specimen: { reference: 'urn:uuid:99999999-9999-4999-8999-999999999999' },
      },
    },
  ],
};

let server: FhirServer;
let token: string;
let patientId: string;
beforeAll(async () => {
  server = await startFhir();
  expect(await loadTexts(server, { 'bundle.json': JSON.stringify(bundle, null, 2) })).toMatchObject({
    created: 5,
    refused: [],
  });
  const [row] = await server.db.queryText<{ patient_id: string }>('select patient_id from record', []);
  patientId = row?.patient_id ?? '';
  token = await server.token(patientId);
});
afterAll(() => server.close());

const only = async (type: string) => (await server.get(token, `/${type}`)).json().entry[0].resource;

describe('ids', () => {
  it('that are UUIDs are preserved, in lowercase', async () => {
    expect((await only('Observation')).id).toBe(UUID.observation);
  });

  it('are taken from fullUrl if there is no other', async () => {
    expect((await only('Encounter')).id).toBe(UUID.encounter);
  });

  it('of any other kind become the same UUID every time, for this source and practice', async () => {
    expect(patientId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
    expect((await only('Patient')).id).toBe(patientId);
    const other = await startFhir();
    try {
      await loadTexts(other, { 'b.json': JSON.stringify(bundle) });
      await loadTexts(other, { 'b.json': JSON.stringify({ ...bundle, type: 'batch' }) }, { source: 'second' });
      const rows = await other.db.queryText<{ patient_id: string }>('select patient_id from record', []);
      expect(rows.map((row) => row.patient_id)).toContain(patientId);
      expect(new Set(rows.map((row) => row.patient_id)).size).toBe(2);
    } finally {
      await other.close();
    }
  });
});

describe('references', () => {
  it('by urn:uuid, type and id, URL or identifier become type and final id', async () => {
    const practitioner = (await only('Practitioner')).id;
    const encounter = await only('Encounter');
    expect(encounter.subject.reference).toBe(`Patient/${patientId}`);
    expect(encounter.participant[0].individual.reference).toBe(`Practitioner/${practitioner}`);
    expect(encounter.location[0].location.reference).toBe(`Location/${(await only('Location')).id}`);
    const observation = await only('Observation');
    expect(observation.subject.reference).toBe(`Patient/${patientId}`);
    expect(observation.encounter.reference).toBe(`Encounter/${UUID.encounter}`);
    expect(observation.performer[0].reference).toBe(`Practitioner/${practitioner}`);
    expect(observation.basedOn[1].reference).toMatch(/^MedicationRequest\/[0-9a-f-]{36}$/);
  });

  it('to unknown or unstored resources stay as they are', async () => {
    const observation = await only('Observation');
    expect(observation.performer[1].reference).toBe('https://other.example/fhir/Practitioner/dr-1');
    expect(observation.basedOn[0].reference).toBe('ImmunizationRecommendation/ir-1');
    expect(observation.specimen.reference).toBe('urn:uuid:99999999-9999-4999-8999-999999999999');
    expect((await only('Encounter')).serviceProvider.reference).toBe('Organization?identifier=urn:npi|unknown');
  });

  it('to contained resources stay, with the contained resources', async () => {
    const observation = await only('Observation');
    expect(observation.device.reference).toBe('#d');
    expect(observation.contained).toEqual([{ resourceType: 'Device', id: 'd' }]);
  });
});
