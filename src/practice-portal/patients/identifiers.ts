import type { Executor } from '../../database/index.ts';
import { elementsAt, isConfidentialIdentifier, readRecordPersons } from '../../fhir/index.ts';
import type { PracticePatient } from './find-patient.ts';

/** Maximum number of identifiers to show. A few are enough to identify a person. */
const MAX_IDENTIFIERS = 5;

/**
 * Lists the MRN and other identifiers of a patient (FHIR R4 Patient.identifier), but never numbers that are used for
 * identity theft, such as those of Social Security, a driver’s license or a passport.
 */
export async function listIdentifiers(
  db: Executor,
  { recordId, patientId }: PracticePatient,
): Promise<readonly string[]> {
  const { patient } = await readRecordPersons(db, { recordId, patientId });
  const values = elementsAt(patient, 'identifier')
    .filter((identifier) => !isConfidentialIdentifier(identifier))
    .flatMap((identifier) => elementsAt(identifier, 'value'))
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '');
  return [...new Set(values)].slice(0, MAX_IDENTIFIERS);
}
