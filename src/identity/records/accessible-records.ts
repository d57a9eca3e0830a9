import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccessibleRecord } from '../../domain/index.ts';
import { type AccountId, isUuid, type PatientId, type PracticeId, type RecordId } from '../../kernel/index.ts';
import { type PatientSearchQuery, parsePatientSearch } from './patient-search-query.ts';

const COLUMNS = {
  record_id: 'int8',
  patient_id: 'uuid',
  practice_id: 'int4',
  kind: 'text',
  practice_name: 'text',
  person_name: 'text',
  birth_date: 'date?',
  relation: 'text',
} as const;

/**
 * Returns SQL that selects active records at practices whose API is enabled.
 * @param relation SQL expression for the account's relation to the record
 * @param holder SQL join that restricts record `r` to those that the account may open
 */
const accessibleRecordsSql = (relation: string, holder: string): string =>
  `select r.record_id, r.patient_id, r.practice_id, p.kind, p.name as practice_name, d.name as person_name, d.birth_date,
     ${relation} as relation
   from record r
   join practice p on p.practice_id = r.practice_id and p.enabled
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   ${holder} where r.state = 'active'`;

/** SQL sort key: the family name without case and accents, independent of the database's locale. */
const BY_FAMILY = `lower(regexp_replace(normalize(coalesce(d.family, ''), NFKD), '[\\u0300-\\u036f]', '', 'g')) collate "C"`;
const MAX_RESULTS = 50;

const REPRESENTED = 'join representation a on a.record_id = r.record_id and a.account_id = $1 and a.ended_at is null';
/**
 * SQL join that restricts record `r` to patients of the staff member's practices. Staff who aren't in a practice's
 * directory can't open charts for apps.
 */
const EMPLOYED =
  'join staff s on s.practice_id = r.practice_id and s.account_id = $1 and s.practitioner_id is not null';

const selectForAccount = statement(
  'people.records.of-account',
  COLUMNS,
  `${accessibleRecordsSql('a.relationship', REPRESENTED)} order by a.relationship desc, p.name, d.name, r.record_id`,
);
/**
 * Finds patients by search words. Each word must occur in the normalized name or the birth date, or equal one of the
 * patient's numbers, such as the MRN. `parsePatientSearch` normalizes the words.
 */
const searchForStaff = statement(
  'people.records.of-staff',
  COLUMNS,
  `${accessibleRecordsSql("'staff'", EMPLOYED)} and (d.numbers @> array[$5] or not exists (
     select from unnest($2::text[], $3::text[], $4::text[]) as w (name, date, number)
     where not (w.name <> '' and strpos(coalesce(d.folded, ''), w.name) > 0)
       and not (w.date <> '' and strpos(coalesce(d.birth_date::text, ''), w.date) > 0)
       and not d.numbers @> array[w.number]))
   order by ${BY_FAMILY}, d.name, d.birth_date, r.record_id limit ${MAX_RESULTS}`,
);
const selectForStaffByKey = statement(
  'people.records.of-staff-by-key',
  COLUMNS,
  `${accessibleRecordsSql("'staff'", EMPLOYED)} and r.practice_id = coalesce($2, s.practice_id) and r.patient_id = $3
   limit 2`,
);

const selectForStaffById = statement(
  'people.records.of-staff-by-id',
  COLUMNS,
  `${accessibleRecordsSql("'staff'", EMPLOYED)} and r.record_id = $2`,
);
const selectStaffPractices = statement(
  'people.practices-of-staff',
  { name: 'text', kind: 'text' },
  `select p.name, p.kind from staff s join practice p on p.practice_id = s.practice_id and p.enabled
   where s.account_id = $1 and s.practitioner_id is not null order by p.name`,
);

/**
 * Returns all records that the account may open: the person's own records first, then those of people they represent.
 */
export async function listAccountRecords(db: Executor, accountId: AccountId): Promise<readonly AccessibleRecord[]> {
  return (await db.query(selectForAccount, [accountId])).map(toAccessibleRecord);
}

/**
 * Searches the patients of the practices where a staff member works. Returns at most 50, sorted by family name.
 * @param words search text; each word must occur in the patient's name or birth date, or be one of the patient's
 * numbers, such as the MRN
 */
export async function searchStaffPatients(
  db: Executor,
  accountId: AccountId,
  words: string,
): Promise<readonly AccessibleRecord[]> {
  const { names, dates, numbers, number }: PatientSearchQuery = parsePatientSearch(words);
  return (await db.query(searchForStaff, [accountId, names, dates, numbers, number])).map(toAccessibleRecord);
}

/**
 * Finds a patient of the staff member's practices. Returns `undefined` if the key is invalid, the patient belongs to none
 * of these practices, or the key is a Patient.id that several of them use.
 * @param key `AccessibleRecord.key`, or a Patient.id, which is all that an app knows
 */
export async function findStaffPatientByKey(
  db: Executor,
  accountId: AccountId,
  key: string,
): Promise<AccessibleRecord | undefined> {
  const [, practiceId, patientId = ''] = /^(?:(\d{1,9})-)?(.{36})$/.exec(key) ?? [];
  if (!isUuid(patientId)) return undefined;
  const practice = practiceId === undefined ? null : Number(practiceId);
  const [row, ...others] = await db.query(selectForStaffByKey, [accountId, practice, patientId]);
  return row === undefined || others.length > 0 ? undefined : toAccessibleRecord(row);
}

/**
 * Finds a patient record by its id. Returns `undefined` if the record belongs to none of the staff member's practices.
 */
export async function findStaffPatientById(
  db: Executor,
  accountId: AccountId,
  recordId: RecordId,
): Promise<AccessibleRecord | undefined> {
  const [row] = await db.query(selectForStaffById, [accountId, recordId]);
  return row === undefined ? undefined : toAccessibleRecord(row);
}

/**
 * Returns the practices where a staff member can open charts for apps. Practices whose API is turned off are left out.
 */
export async function listStaffPractices(
  db: Executor,
  accountId: AccountId,
): Promise<readonly Pick<AccessibleRecord, 'practiceName' | 'practiceKind'>[]> {
  const rows = await db.query(selectStaffPractices, [accountId]);
  return rows.map(({ name, kind }) => ({ practiceName: name, practiceKind: kind as AccessibleRecord['practiceKind'] }));
}

const toAccessibleRecord = (row: RowOf<typeof COLUMNS>): AccessibleRecord => ({
  key: `${row.practice_id}-${row.patient_id}`,
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  practiceId: row.practice_id as PracticeId,
  practiceKind: row.kind as AccessibleRecord['practiceKind'],
  practiceName: row.practice_name,
  personName: row.person_name,
  birthDate: row.birth_date,
  relation: row.relation as AccessibleRecord['relation'],
});

const selectPractices = statement(
  'people.practices-of-account',
  { practice_id: 'int4' },
  `select distinct r.practice_id from representation h
   join record r on r.record_id = h.record_id and r.state = 'active'
   where h.account_id = $1 and h.ended_at is null limit 2`,
);

/**
 * Returns the practice of all records of an account. `undefined` if the account has no records, or records at several
 * practices.
 */
export async function findOnlyPractice(db: Executor, accountId: AccountId): Promise<PracticeId | undefined> {
  const rows = await db.query(selectPractices, [accountId]);
  return rows.length === 1 ? (rows[0]?.practice_id as PracticeId | undefined) : undefined;
}
