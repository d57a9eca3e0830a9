import { elementsAt, isConfidentialIdentifier, listRecordEntries, parseJson } from '../../fhir/index.ts';
import { formatBirthDate } from '../../i18n/index.ts';
import { isObject } from '../../kernel/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { describePatient } from '../record/entries/people.ts';
import { createResourceReader } from '../record/resource-reader.ts';
import { sanitizeText } from '../sanitize-text.ts';

/** Identifies the patient at the head of a printed or downloaded record. */
export interface PatientIdentity {
  readonly name: string;
  /** Birth date in words. undefined if none is on record. */
  readonly born: string | undefined;
  /** Label and text of each detail, such as sex, address and ID numbers. */
  readonly details: readonly (readonly [label: string, text: string])[];
}

/** Maximum number of Patient resources that a record has after a merge of duplicates. */
const MAX_PATIENTS = 5;

/** Loads the details that identify the patient, from the Patient resource in use. */
export async function loadPatientIdentity(
  { db }: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<PatientIdentity> {
  const { record, messages, pageContext, accountRecord } = context;
  const found = await listRecordEntries(db, accountRecord, 'Patient', { limit: MAX_PATIENTS });
  const current = found.find(({ id }) => id === record.patientId) ?? found[0];
  const reader = createResourceReader(context, messages.patientRecord);
  const { facts } =
    current === undefined
      ? { facts: [] }
      : describePatient(withoutConfidentialNumbers(parseJson(current.content)), reader);
  return {
    name: sanitizeText(record.personName),
    born: record.birthDate === null ? undefined : formatBirthDate(pageContext.language, record.birthDate),
    details: facts.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [[label, text] as const])),
  };
}

/** Leaves out numbers that are used for identity theft, because people pass a summary on. The record's own numbers stay. */
function withoutConfidentialNumbers(patient: unknown): unknown {
  if (!isObject(patient)) return patient;
  const identifier = elementsAt(patient, 'identifier').filter((one) => !isConfidentialIdentifier(one));
  return { ...patient, identifier };
}
