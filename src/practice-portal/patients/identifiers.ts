import type { Executor } from '../../database/index.ts';
import { elementsAt, readRecordPersons } from '../../fhir/index.ts';
import type { PracticePatient } from './find-patient.ts';

/** Maximum number of identifiers to show. A few are enough to identify a person. */
const MAX_IDENTIFIERS = 5;

/**
 * Lists the MRN and other identifiers of a patient (FHIR R4 Patient.identifier), but never the social security number.
 */
export async function listIdentifiers(
  db: Executor,
  { recordId, patientId }: PracticePatient,
): Promise<readonly string[]> {
  const { patient } = await readRecordPersons(db, { recordId, patientId });
  const values = elementsAt(patient, 'identifier')
    .filter((identifier) => elementsAt(identifier, 'system')[0] !== 'http://hl7.org/fhir/sid/us-ssn')
    .flatMap((identifier) => elementsAt(identifier, 'value'))
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '');
  return [...new Set(values)].slice(0, MAX_IDENTIFIERS);
}
