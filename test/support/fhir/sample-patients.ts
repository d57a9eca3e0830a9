import { derivedUuid } from '../../../src/kernel/index.ts';

const uuid = (...parts: readonly (string | number)[]): string => derivedUuid('loaded lives', ...parts.map(String));

/** Id of the patient with this number. */
export const samplePatientId = (number: number): string => uuid(number);

/** Makes a patient with resources of every kind that has a table of its own. */
export function samplePatient(number: number, observations: number): readonly object[] {
  const id = samplePatientId(number);
  const subject = { reference: `Patient/${id}` };
  const encounter = uuid(number, 'encounter');
  const document = uuid(number, 'document');
  const code = (text: string) => ({ coding: [{ system: 'http://loinc.org', code: '8867-4' }], text });
  return [
    {
      resourceType: 'Patient',
      id,
      identifier: [{ system: 'urn:mrn', value: `M-${number}` }],
      name: [{ family: `Kilburn-${number}`, given: ['Ada'] }],
      birthDate: '1980-02-03',
    },
    {
      resourceType: 'Encounter',
      id: encounter,
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      period: { start: '2024-01-02T09:00:00Z', end: '2024-01-02T09:30:00Z' },
    },
    ...Array.from({ length: observations }, (_, n) => ({
      resourceType: 'Observation',
      id: uuid(number, 'observation', n),
      status: 'final',
      code: code(`Heart rate ${n}`),
      subject,
      encounter: { reference: `Encounter/${encounter}` },
      effectiveDateTime: `2024-01-02T09:${String(n % 60).padStart(2, '0')}:00Z`,
      valueQuantity: { value: 60 + n, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    })),
    {
      resourceType: 'MedicationRequest',
      id: uuid(number, 'request'),
      status: 'active',
      intent: 'order',
      subject,
      medicationReference: { reference: 'Medication/shared' },
      authoredOn: '2024-01-02',
    },
    {
      resourceType: 'DocumentReference',
      id: document,
      status: 'current',
      type: code('Note'),
      subject,
      date: '2024-01-02T10:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(`Note ${number}`).toString('base64') } }],
    },
    {
      resourceType: 'Provenance',
      id: uuid(number, 'provenance'),
      target: [{ reference: `DocumentReference/${document}` }],
      recorded: '2024-01-02T10:00:00Z',
      agent: [{ who: { display: 'A clerk' } }],
    },
  ];
}

/** A Medication that the prescriptions of all sample patients refer to. */
export const SHARED_MEDICATION = {
  resourceType: 'Medication',
  id: 'shared',
  code: { text: 'Something against everything' },
};
