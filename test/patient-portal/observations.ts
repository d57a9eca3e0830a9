import type { Resource } from '../../src/fhir/index.ts';
import type { TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, signInBrowser, subject } from './patients.ts';

/** Creates a record with these resources, and opens its pages in the patient portal. */
export async function openRecord(server: TestServer, resources: readonly Resource[], name?: object) {
  const person = await addPatientWithRecord(server, resources, name);
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  return { person, browser, base, section: (name: string) => browser.get(`${base}/record/${name}`) };
}

export const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];
let counted = 0;
export const observation = (more: object): Resource => {
  counted += 1;
  return {
    resourceType: 'Observation',
    id: `o-${counted}`,
    status: 'final',
    category: category('laboratory'),
    subject,
    ...more,
  };
};
export const a1c = (value: number, date: string, more: object = {}) =>
  observation({
    code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }], text: 'Hemoglobin A1c' },
    effectiveDateTime: date,
    valueQuantity: { value, unit: '%' },
    referenceRange: [{ low: { value: 4, unit: '%' }, high: { value: 5.6, unit: '%' } }],
    ...more,
  });
