import type { Executor } from '../../database/index.ts';
import { elementsAt, identifierKind, isConfidentialIdentifier, readRecordPersons } from '../../fhir/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { PracticePatient } from './find-patient.ts';

/** Maximum number of identifiers to show. A few are enough to identify a person. */
const MAX_IDENTIFIERS = 5;

/**
 * Lists the MRN and other identifiers of a patient (FHIR R4 Patient.identifier) with their kind, but never numbers that
 * are used for identity theft, such as those of Social Security, a driver’s license or a passport.
 */
export async function listIdentifiers(
  db: Executor,
  { recordId, patientId }: PracticePatient,
  language: Language,
): Promise<readonly string[]> {
  const { patient } = await readRecordPersons(db, { recordId, patientId });
  const { kinds } = getMessages(language).patientPortal.patientRecord.values.identifiers;
  const shown = elementsAt(patient, 'identifier').filter((identifier) => !isConfidentialIdentifier(identifier));
  const texts = shown.flatMap((identifier) => {
    const kind = identifierKind(identifier);
    return elementsAt(identifier, 'value')
      .filter((value): value is string => typeof value === 'string' && value.trim() !== '')
      .map((value) => (kind === undefined ? value : `${kinds[kind]}: ${value}`));
  });
  return [...new Set(texts)].slice(0, MAX_IDENTIFIERS);
}
