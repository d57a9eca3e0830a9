import { randomUUID } from 'node:crypto';
import type { Resource } from '../../src/fhir/index.ts';
import { textInput } from '../../src/intake/index.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import type { TestServer } from '../support/servers/server.ts';
import { PATIENT_PLACEHOLDER, signInBrowser } from './patients.ts';

const ID = '~';
export const linkedPatient = (name: object = { text: 'Lena Linked' }): Resource => ({
  resourceType: 'Patient',
  id: PATIENT_PLACEHOLDER,
  name: [name],
  gender: 'other',
  birthDate: '1974-07-04',
});

/**
 * Opens a record whose resources refer to the patient and to one another. In the given resources, `~` at the end of an
 * id makes it unique.
 */
export async function openLinkedRecord(server: TestServer, resources: readonly Resource[], patient = linkedPatient()) {
  const tag = randomUUID();
  const entry = [patient, ...resources].map((resource) => ({ resource }));
  const bundle = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  const text = bundle.replaceAll(PATIENT_PLACEHOLDER, tag).replaceAll(`${ID}"`, `-${tag}"`);
  const person = await addLivePatient(server, [textInput(`linked-${tag}.json`, text)]);
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  return { person, browser, base, section: (name: string) => browser.get(`${base}/record/${name}`) };
}

/** Adds a clinician to the practice's directory. Entries name them only by reference. */
export const doctor: Resource = {
  resourceType: 'Practitioner',
  id: 'doctor~',
  name: [{ prefix: ['Dr.'], given: ['Ann'], family: 'Rowe' }],
};
export const insurer: Resource = { resourceType: 'Organization', id: 'insurer~', name: 'Blue Meadow Health' };
export const clinic: Resource = { resourceType: 'Location', id: 'clinic~', name: 'Meadow Clinic' };
export const byDoctor = { reference: 'Practitioner/doctor~' };
