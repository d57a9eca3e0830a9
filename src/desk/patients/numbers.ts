import type { Executor } from '../../database/index.ts';
import { elementsAt, readPeople } from '../../fhir/index.ts';
import type { DeskPatient } from './patient.ts';

/** As many as tell a person apart. */
const SHOWN = 5;

/** FHIR R4 Patient.identifier: the MRN and other numbers of a patient as they are written; never the social security number. */
export async function numbersOf(db: Executor, { recordId, patientId }: DeskPatient): Promise<readonly string[]> {
  const { patient } = await readPeople(db, { recordId, patientId });
  const values = elementsAt(patient, 'identifier')
    .filter((identifier) => elementsAt(identifier, 'system')[0] !== 'http://hl7.org/fhir/sid/us-ssn')
    .flatMap((identifier) => elementsAt(identifier, 'value'))
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '');
  return [...new Set(values)].slice(0, SHOWN);
}
