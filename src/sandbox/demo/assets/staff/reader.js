// Reads what the view needs, each part once. Every resource that comes back must be about the patient of the launch.
import { Failure } from '../shared/failure.js';
import { fetchFhir, readAll, readPatient } from '../shared/fhir.js';
import { messages } from './messages.js';
import { VITAL_CODES } from './vitals.js';

/** @returns an object whose `get` reads a part by its name. A part that failed is read again by the next call. */
export function createReader(client, base) {
  const all = (type, filter) => async () => ownOf(await readAll(client, base, type, { filter }));
  const { encounter } = client.state.tokenResponse;
  const ways = {
    patient: async () => {
      const patient = await readPatient(client, base);
      if (patient.id !== client.patient.id) throw new Failure(messages.otherPatient);
      return patient;
    },
    user: () => readUser(client, base),
    visit: async () => encounter && ownOf([await readOne(client, base, `Encounter/${encounter}`)])[0],
    Encounter: all('Encounter'),
    AllergyIntolerance: all('AllergyIntolerance'),
    Condition: all('Condition'),
    MedicationRequest: all('MedicationRequest'),
    MedicationStatement: all('MedicationStatement'),
    Observation: all('Observation', { category: 'laboratory' }),
    vitals: all('Observation', { category: 'vital-signs', code: VITAL_CODES }),
    Immunization: all('Immunization'),
    Procedure: all('Procedure'),
  };
  /** Patient safety: a chart that mixes two patients is worse than none, so one strange resource fails the part. */
  const ownOf = (resources) => {
    const own = [`Patient/${client.patient.id}`, `${base}/Patient/${client.patient.id}`];
    if (resources.every(({ subject, patient }) => own.includes((subject ?? patient)?.reference))) return resources;
    throw new Failure(messages.otherPatient);
  };
  const parts = new Map();
  return {
    get(name) {
      if (!parts.has(name)) {
        const part = ways[name]();
        parts.set(name, part);
        part.catch(() => parts.delete(name));
      }
      return parts.get(name);
    },
  };
}

const readOne = async (client, base, path) => (await fetchFhir(client, base, `${base}/${path}`)).json();

/** The person who opened the app. `fhirUser` of the ID token is missing if the practice's directory doesn't list them. */
async function readUser(client, base) {
  const fhirUser = client.getFhirUser();
  if (!fhirUser) return undefined;
  try {
    return await readOne(client, base, fhirUser.replace(`${base}/`, ''));
  } catch (failure) {
    // The entry was deleted from the directory.
    if (failure.status === 404 || failure.status === 410) return undefined;
    throw failure;
  }
}
