import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { elementsAt, readPeople, spanOfDate } from '../../fhir/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { Language } from '../../words/index.ts';
import type { Chart, MissingItem, RelatedPersonInChart } from '../contract.ts';
import { ageOn, dateIn } from './age.ts';
import { emailsAt, homeOf, phonesAt } from './contacts.ts';
import { nameIn, relationshipIn } from './names.ts';

const PLACE = {
  record_id: 'int8',
  patient_id: 'uuid',
  practice_id: 'int4',
  name: 'text',
  kind: 'text',
  phone: 'text?',
  email: 'text?',
  time_zone: 'text',
} as const;
const place = statement(
  'enrollment.chart.place',
  PLACE,
  `select r.record_id, r.patient_id, r.practice_id, p.name, p.kind, p.phone, p.email, p.time_zone
   from record r join practice p on p.practice_id = r.practice_id where r.record_id = $1 and r.state = 'active'`,
);

/**
 * Reads the patient's current details from the record. Returns `undefined` if there is no active record with this id.
 */
export async function readChart(db: Executor, recordId: RecordId, now: Date): Promise<Chart | undefined> {
  const [row] = await db.query(place, [recordId]);
  if (row === undefined) return undefined;
  const { patient, relatedPersons } = await readPeople(db, { recordId, patientId: row.patient_id as PatientId });
  const today = dateIn(row.time_zone, now);
  return { ...placeOf(row), ...patientIn(patient, today), relatedPersons: relatedIn(relatedPersons, today) };
}

const placeOf = (row: RowOf<typeof PLACE>) => ({
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  practiceId: row.practice_id as PracticeId,
  practiceName: row.name,
  practiceKind: row.kind as Chart['practiceKind'],
  practicePhone: row.phone ?? undefined,
  practiceEmail: row.email ?? undefined,
  timeZone: row.time_zone,
});

function patientIn(patient: unknown, today: string) {
  const name = nameIn(patient);
  const birthDate = wholeDateIn(patient, today);
  const { lines, postalCode } = homeOf(patient, today);
  const missing: readonly (readonly [MissingItem, unknown])[] = [
    ['name', name === '' ? undefined : name],
    ['birth-date', birthDate],
    ['postal-code', postalCode],
  ];
  return {
    name,
    birthDate,
    age: birthDate === undefined ? undefined : ageOn(today, birthDate),
    postalCode,
    addressLines: lines,
    emails: emailsAt(patient, 'telecom', today),
    phones: phonesAt(patient, 'telecom', today),
    contactEmails: emailsAt(patient, 'contact.telecom', today),
    language: languageIn(patient),
    missing: missing.filter(([, value]) => value === undefined).map(([item]) => item),
  };
}

/**
 * A FHIR R4 date may be only a year, which is not enough to verify an identity. Dates in the future are ignored too.
 */
function wholeDateIn(patient: unknown, today: string): string | undefined {
  const [date] = elementsAt(patient, 'birthDate');
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  return spanOfDate(date) !== undefined && date <= today ? date : undefined;
}

/**
 * Returns Spanish if the preferred communication language (BCP 47), or the first one if none is preferred, is Spanish;
 * otherwise English.
 */
function languageIn(patient: unknown): Language {
  const all = elementsAt(patient, 'communication');
  const chosen = all.find((one) => elementsAt(one, 'preferred')[0] === true) ?? all[0];
  const codes = elementsAt(chosen, 'language.coding.code');
  return codes.some((code) => typeof code === 'string' && /^es(-|$)/i.test(code)) ? 'es' : 'en';
}

const relatedIn = (persons: readonly unknown[], today: string): readonly RelatedPersonInChart[] =>
  persons
    .filter((person) => elementsAt(person, 'active')[0] !== false && !isPast(person, today))
    .map((person) => ({
      id: String(elementsAt(person, 'id')[0]),
      name: nameIn(person),
      relationship: relationshipIn(person),
      emails: emailsAt(person, 'telecom', today),
      addressLines: homeOf(person, today).lines,
    }))
    .filter(({ name }) => name !== '');

/** FHIR R4 RelatedPerson.period: the relationship may have ended. */
const isPast = (person: unknown, today: string): boolean => {
  const [end] = elementsAt(person, 'period.end');
  return typeof end === 'string' && end.slice(0, 10) < today;
};
