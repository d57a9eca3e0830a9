import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { elementsAt, parseDateRange, readRecordPersons } from '../../fhir/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { MissingItem, PatientChart, RelatedPersonInChart } from '../contract.ts';
import { ageOnDate, localDate } from './age.ts';
import { readEmails, readHomeAddress, readPhones } from './contacts.ts';
import { readName, readRelationship } from './names.ts';

const PRACTICE_COLUMNS = {
  record_id: 'int8',
  patient_id: 'uuid',
  practice_id: 'int4',
  name: 'text',
  kind: 'text',
  phone: 'text?',
  email: 'text?',
  time_zone: 'text',
} as const;
const selectPractice = statement(
  'enrollment.chart.place',
  PRACTICE_COLUMNS,
  `select r.record_id, r.patient_id, r.practice_id, p.name, p.kind, p.phone, p.email, p.time_zone
   from record r join practice p on p.practice_id = r.practice_id where r.record_id = $1 and r.state = 'active'`,
);

/**
 * Reads the details that enrollment needs from the patient's record. Returns `undefined` if there is no active record
 * with this id.
 */
export async function readChart(db: Executor, recordId: RecordId, now: Date): Promise<PatientChart | undefined> {
  const [row] = await db.query(selectPractice, [recordId]);
  if (row === undefined) return undefined;
  const { patient, relatedPersons } = await readRecordPersons(db, { recordId, patientId: row.patient_id as PatientId });
  const today = localDate(row.time_zone, now);
  return {
    ...toPractice(row),
    ...readPatient(patient, today),
    relatedPersons: readRelatedPersons(relatedPersons, today),
  };
}

const toPractice = (row: RowOf<typeof PRACTICE_COLUMNS>) => ({
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  practiceId: row.practice_id as PracticeId,
  practiceName: row.name,
  practiceKind: row.kind as PatientChart['practiceKind'],
  practicePhone: row.phone ?? undefined,
  practiceEmail: row.email ?? undefined,
  timeZone: row.time_zone,
});

function readPatient(patient: unknown, today: string) {
  const name = readName(patient);
  const birthDate = readFullBirthDate(patient, today);
  const { lines, postalCode } = readHomeAddress(patient, today);
  const missing: readonly (readonly [MissingItem, unknown])[] = [
    ['name', name === '' ? undefined : name],
    ['birth-date', birthDate],
    ['postal-code', postalCode],
  ];
  return {
    name,
    birthDate,
    age: birthDate === undefined ? undefined : ageOnDate(today, birthDate),
    postalCode,
    addressLines: lines,
    emails: readEmails(patient, 'telecom', today),
    phones: readPhones(patient, 'telecom', today),
    contactEmails: readEmails(patient, 'contact.telecom', today),
    language: readLanguage(patient),
    missing: missing.filter(([, value]) => value === undefined).map(([item]) => item),
  };
}

/**
 * Reads a birth date from the chart if it is a full date in the past. A FHIR R4 date may be only a year, which isn't
 * enough to verify an identity.
 */
function readFullBirthDate(patient: unknown, today: string): string | undefined {
  const [date] = elementsAt(patient, 'birthDate');
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  return parseDateRange(date) !== undefined && date <= today ? date : undefined;
}

/**
 * Returns Spanish if the patient's preferred language (BCP 47) is Spanish, otherwise English. If no language is marked
 * as preferred, the first listed language is used.
 */
function readLanguage(patient: unknown): Language {
  const all = elementsAt(patient, 'communication');
  const chosen = all.find((one) => elementsAt(one, 'preferred')[0] === true) ?? all[0];
  const codes = elementsAt(chosen, 'language.coding.code');
  return codes.some((code) => typeof code === 'string' && /^es(-|$)/i.test(code)) ? 'es' : 'en';
}

const readRelatedPersons = (persons: readonly unknown[], today: string): readonly RelatedPersonInChart[] =>
  persons
    .filter((person) => elementsAt(person, 'active')[0] !== false && !hasEnded(person, today))
    .map((person) => ({
      id: String(elementsAt(person, 'id')[0]),
      name: readName(person),
      relationship: readRelationship(person),
      emails: readEmails(person, 'telecom', today),
      addressLines: readHomeAddress(person, today).lines,
    }))
    .filter(({ name }) => name !== '');

/** Tells whether a relationship to the patient has ended (FHIR R4 RelatedPerson.period). */
const hasEnded = (person: unknown, today: string): boolean => {
  const [end] = elementsAt(person, 'period.end');
  return typeof end === 'string' && end.slice(0, 10) < today;
};
