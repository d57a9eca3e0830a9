import { type Executor, type RowOf, statement } from '../database/index.ts';
import { type AccountId, isUuid, type PatientId, type PracticeId, type RecordId } from '../kernel/index.ts';
import { type LookedFor, lookedForIn } from './looked-for.ts';

/** A record that an account may open. */
export interface HeldRecord {
  /** Tells the records of an account apart: two practices may know a person by one patient id. */
  readonly key: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly practiceKind: 'sandbox' | 'live';
  readonly practiceName: string;
  readonly personName: string;
  /** ISO 8601 date. */
  readonly birthDate: string | null;
  /** `staff`: of a patient of theirs. */
  readonly relation: 'self' | 'representative' | 'staff';
}

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

/** Active records at practices that have their API on. @param holder joins what says that the account may open `r` */
const select = (relation: string, holder: string): string =>
  `select r.record_id, r.patient_id, r.practice_id, p.kind, p.name as practice_name, d.name as person_name, d.birth_date,
     ${relation} as relation
   from record r
   join practice p on p.practice_id = r.practice_id and p.enabled
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   ${holder} where r.state = 'active'`;

/** As a list of names is sorted by people, whatever the locale of the database. */
const BY_FAMILY = `lower(regexp_replace(normalize(coalesce(d.family, ''), NFKD), '[\\u0300-\\u036f]', '', 'g')) collate "C"`;
const MOST_FOUND = 50;

const REPRESENTED = 'join representation a on a.record_id = r.record_id and a.account_id = $1 and a.ended_at is null';
/** Who is nobody in the practice's directory opens no chart for an app. */
const EMPLOYED =
  'join staff s on s.practice_id = r.practice_id and s.account_id = $1 and s.practitioner_id is not null';

const ofAccount = statement(
  'people.records.of-account',
  COLUMNS,
  `${select('a.relationship', REPRESENTED)} order by a.relationship desc, p.name, d.name, r.record_id`,
);
/** As the words come: each in the folded name, in the date of birth, or one of the patient's numbers. */
const ofStaff = statement(
  'people.records.of-staff',
  COLUMNS,
  `${select("'staff'", EMPLOYED)} and (d.numbers @> array[$5] or not exists (
     select from unnest($2::text[], $3::text[], $4::text[]) as w (name, date, number)
     where not (w.name <> '' and strpos(coalesce(d.folded, ''), w.name) > 0)
       and not (w.date <> '' and strpos(coalesce(d.birth_date::text, ''), w.date) > 0)
       and not d.numbers @> array[w.number]))
   order by ${BY_FAMILY}, d.name, d.birth_date, r.record_id limit ${MOST_FOUND}`,
);
const ofStaffByKey = statement(
  'people.records.of-staff-by-key',
  COLUMNS,
  `${select("'staff'", EMPLOYED)} and r.practice_id = $2 and r.patient_id = $3`,
);

const ofStaffById = statement(
  'people.records.of-staff-by-id',
  COLUMNS,
  `${select("'staff'", EMPLOYED)} and r.record_id = $2`,
);
const practices = statement(
  'people.practices-of-staff',
  { name: 'text', kind: 'text' },
  `select p.name, p.kind from staff s join practice p on p.practice_id = s.practice_id and p.enabled
   where s.account_id = $1 and s.practitioner_id is not null order by p.name`,
);

/** Every record the account may open: its own first, then those of people it represents. */
export async function recordsOfAccount(db: Executor, accountId: AccountId): Promise<readonly HeldRecord[]> {
  return (await db.query(ofAccount, [accountId])).map(recordOf);
}

/**
 * The patients of the practices where someone works, at most 50, by family name.
 * @param words each has to occur in the patient's name or date of birth, or be a number of theirs, such as the MRN
 */
export async function recordsOfStaff(
  db: Executor,
  accountId: AccountId,
  words: string,
): Promise<readonly HeldRecord[]> {
  const { names, dates, numbers, number }: LookedFor = lookedForIn(words);
  return (await db.query(ofStaff, [accountId, names, dates, numbers, number])).map(recordOf);
}

/** The one of these patients that has this key; undefined for a key of anyone else's patient, or of nobody's. */
export async function recordOfStaffByKey(
  db: Executor,
  accountId: AccountId,
  key: string,
): Promise<HeldRecord | undefined> {
  const [, practiceId, patientId = ''] = /^(\d{1,9})-(.{36})$/.exec(key) ?? [];
  if (!isUuid(patientId)) return undefined;
  const [row] = await db.query(ofStaffByKey, [accountId, Number(practiceId), patientId]);
  return row === undefined ? undefined : recordOf(row);
}

export async function recordOfStaffById(
  db: Executor,
  accountId: AccountId,
  recordId: RecordId,
): Promise<HeldRecord | undefined> {
  const [row] = await db.query(ofStaffById, [accountId, recordId]);
  return row === undefined ? undefined : recordOf(row);
}

/** The practices where someone works, those that have their API on. */
export async function practicesOfStaff(
  db: Executor,
  accountId: AccountId,
): Promise<readonly Pick<HeldRecord, 'practiceName' | 'practiceKind'>[]> {
  const rows = await db.query(practices, [accountId]);
  return rows.map(({ name, kind }) => ({ practiceName: name, practiceKind: kind as HeldRecord['practiceKind'] }));
}

const recordOf = (row: RowOf<typeof COLUMNS>): HeldRecord => ({
  key: `${row.practice_id}-${row.patient_id}`,
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  practiceId: row.practice_id as PracticeId,
  practiceKind: row.kind as HeldRecord['practiceKind'],
  practiceName: row.practice_name,
  personName: row.person_name,
  birthDate: row.birth_date,
  relation: row.relation as HeldRecord['relation'],
});
