import { type Database, type Executor, type RowOf, statement } from '../../database/index.ts';
import {
  chooseHumanName,
  formatHumanName,
  insertRecord,
  isSocialSecurityNumber,
  namePart,
  parseDateRange,
} from '../../fhir/index.ts';
import {
  foldIdentifier,
  foldName,
  isUuid,
  itemsAt,
  type PracticeId,
  type Random,
  type RecordId,
  textAt,
} from '../../kernel/index.ts';
import type { SourceOrigin } from '../references/reference-map.ts';

/**
 * SQL that follows merges of patient records to the record that remains. The target of a merge may itself have been
 * merged later.
 */
const FOLLOW_MERGES_SQL = `led as (
     select * from first
     union all select l.name, r.record_id, r.state, r.merged_into
     from led l join record r on l.state = 'merged' and r.record_id = l.merged_into)
   select l.name, l.record_id, l.state, exists (select 1 from record m where m.merged_into = l.record_id) as joined
   from led l where l.state <> 'merged' or l.merged_into is null`;
const FOUND_COLUMNS = { name: 'text', record_id: 'int8', state: 'text', joined: 'bool' } as const;
const findByKeyStatement = statement(
  'intake.find-records',
  FOUND_COLUMNS,
  `with recursive first as (
     select k.value as name, r.record_id, r.state, r.merged_into
     from record_key k join record r on r.record_id = k.record_id
     where k.practice_id = $1 and k.system = $2 and k.value = any($3::text[])), ${FOLLOW_MERGES_SQL}`,
);
const findByPatientStatement = statement(
  'intake.find-records-by-patient',
  FOUND_COLUMNS,
  `with recursive first as (
     select patient_id::text as name, record_id, state, merged_into from record
     where practice_id = $1 and patient_id = any($2::uuid[])), ${FOLLOW_MERGES_SQL}`,
);
const claimKeyStatement = statement(
  'intake.claim-key',
  {},
  `insert into record_key (practice_id, system, value, record_id) values ($1, $2, $3, $4)
   on conflict (practice_id, system, value) do nothing`,
);
const storeDemographicsStatement = statement(
  'intake.keep-demographics',
  {},
  `insert into demographics (practice_id, record_id, name, birth_date, family, folded, sorted, numbers)
   values ($1, $2, $3, $4, $5, $6, $7, $8::text[] || array(
     select n.number from record m join demographics d on d.practice_id = m.practice_id and d.record_id = m.record_id
       cross join unnest(d.numbers) as n (number) where m.merged_into = $2 and n.number <> all($8::text[])))
   on conflict (practice_id, record_id) do update set name = excluded.name, birth_date = excluded.birth_date,
     family = excluded.family, folded = excluded.folded, sorted = excluded.sorted, numbers = excluded.numbers`,
);
const unfoldedStatement = statement(
  'intake.unfolded-demographics',
  { practice_id: 'int4', record_id: 'int8', patient_id: 'uuid' },
  `select d.practice_id, d.record_id, r.patient_id from demographics d join record r on r.record_id = d.record_id
   where d.folded is null and (d.practice_id, d.record_id) > ($1, $2) order by d.practice_id, d.record_id limit 500`,
);
const patientsStatement = statement(
  'intake.unfolded-patients',
  { record_id: 'int8', id: 'uuid', content: 'text' },
  `select record_id, id, content from resource
   where record_id = any($1::int8[]) and type = 'Patient' and id = any($2::uuid[])`,
);

const keySystem = ({ source }: SourceOrigin): string => `source:${source}`;

export interface KnownRecord {
  readonly recordId: RecordId;
  /** Whether the record still exists. An erased record doesn't. */
  readonly active: boolean;
  /** Whether other records were merged into this one. If so, the patient may have come with one of them. */
  readonly hasMergedRecords: boolean;
}

/**
 * Finds the records of patients by the ids that the source system uses. Patients without a record are missing in the
 * result. A UUID identifies the same patient in every source, so any record with that UUID is the patient's. If a
 * record was merged, the result contains the record that remains.
 */
export async function findRecords(
  db: Executor,
  origin: SourceOrigin,
  patients: readonly string[],
): Promise<ReadonlyMap<string, KnownRecord>> {
  if (patients.length === 0) return new Map();
  const byKey = await db.query(findByKeyStatement, [origin.practiceId, keySystem(origin), patients]);
  const byId = await db.query(findByPatientStatement, [origin.practiceId, patients.filter(isUuid)]);
  return new Map([
    ...byId.map((row) => [row.name, toKnownRecord(row)] as const),
    ...byKey.map((row) => [row.name, toKnownRecord(row)] as const),
  ]);
}

const toKnownRecord = (row: RowOf<typeof FOUND_COLUMNS>): KnownRecord => ({
  recordId: row.record_id as RecordId,
  active: row.state === 'active',
  hasMergedRecords: row.joined,
});

const currentStateStatement = statement(
  'intake.record-now',
  { state: 'text', joined: 'bool' },
  `select r.state, exists (select 1 from record m where m.merged_into = r.record_id) as joined
   from record r where r.record_id = $1`,
);

/**
 * Loads the state of a record again, because it may have been merged or separated since it was found. The caller holds
 * the lock of the practice.
 */
export async function refreshRecord(
  tx: Executor,
  origin: SourceOrigin,
  patient: string,
  previous: KnownRecord,
): Promise<KnownRecord | undefined> {
  const [row] = previous.hasMergedRecords ? [] : await tx.query(currentStateStatement, [previous.recordId]);
  if (row?.state === 'active') return { ...previous, hasMergedRecords: row.joined };
  return (await findRecords(tx, origin, [patient])).get(patient);
}

/**
 * Creates a record for a patient who has none. If two transactions do so at the same time, the second gets the record
 * of the first.
 */
export async function openRecord(
  tx: Executor,
  random: Random,
  origin: SourceOrigin,
  patient: { readonly sourceId: string; readonly patientId: string },
): Promise<{ readonly recordId: RecordId; readonly isNew: boolean }> {
  for (;;) {
    const recordNumber = Math.max(1, random.bytes(6).readUIntBE(0, 6));
    const { practiceId } = origin;
    const isNew = await insertRecord(tx, { recordId: recordNumber, practiceId, patientId: patient.patientId });
    const [found] = isNew ? [] : await tx.query(findByPatientStatement, [practiceId, [patient.patientId]]);
    const recordId = isNew ? recordNumber : found?.record_id;
    // The random record id is already in use. The probability of that is the number of records divided by 2^48. The
    // loop tries another id.
    if (recordId === undefined) continue;
    await tx.query(claimKeyStatement, [practiceId, keySystem(origin), patient.sourceId, recordId]);
    return { recordId: recordId as RecordId, isNew };
  }
}

/**
 * Stores the data by which staff find a patient. It includes the identifiers of records that were merged into this one.
 */
export async function writeDemographics(
  tx: Executor,
  { practiceId }: Pick<SourceOrigin, 'practiceId'>,
  recordId: RecordId,
  patient: unknown,
): Promise<void> {
  const humanName = chooseHumanName(patient);
  const name = formatHumanName(humanName) ?? 'No name';
  const birthDate = toCompleteDate(textAt(patient, 'birthDate'));
  const family = namePart(humanName, 'family').join(' ').slice(0, MAX_NAME_LENGTH);
  const given = namePart(humanName, 'given').slice(0, MAX_GIVEN_NAMES);
  const folded = searchableName(humanName, name);
  const values = [practiceId, recordId, name, birthDate, family, folded, demographicsSortKey(name, family, given)];
  await tx.query(storeDemographicsStatement, [...values, searchableNumbers(patient)]);
}

/**
 * Returns the sort key of a patient's name. A tab sorts before a space, so all Smiths come before the first Smith
 * Jones.
 */
const demographicsSortKey = (name: string, family: string, givenNames: readonly string[]): string =>
  foldName(family) === '' ? foldName(name) : `${foldName(family)}\t${foldName(givenNames.join(' '))}`;

/**
 * Completes demographics that an earlier release stored without the folded name (lowercase, without accents), which
 * searches use. This function runs at every start and does nothing if all demographics are complete.
 */
export async function foldDemographics(db: Database): Promise<void> {
  for (let after: readonly [practice: number, record: number] = [0, 0]; ; ) {
    const rows: readonly UnfoldedRow[] = await db.query(unfoldedStatement, after);
    const last = rows.at(-1);
    if (last === undefined) return;
    const patients = await db.query(patientsStatement, [
      rows.map(({ record_id }) => record_id),
      rows.map(({ patient_id }) => patient_id),
    ]);
    const contents = new Map(patients.map(({ record_id, id, content }) => [`${record_id} ${id}`, content]));
    await db.transaction(async (tx) => {
      for (const { practice_id, record_id, patient_id } of rows) {
        const content = contents.get(`${record_id} ${patient_id}`);
        const origin = { practiceId: practice_id as PracticeId };
        if (content !== undefined) await writeDemographics(tx, origin, record_id as RecordId, JSON.parse(content));
      }
    });
    after = [last.practice_id, last.record_id];
  }
}
type UnfoldedRow = NonNullable<(typeof unfoldedStatement)['row']>;

/** Returns the identifiers by which staff can find a patient. Social security numbers are excluded. */
const searchableNumbers = (patient: unknown): readonly string[] => {
  const numbers = itemsAt(patient, 'identifier')
    .filter((identifier) => !isSocialSecurityNumber(identifier))
    .map((identifier) => foldIdentifier(removeNul(textAt(identifier, 'value') ?? '')))
    .filter((number) => number.length <= MAX_NUMBER_LENGTH);
  return [...new Set(numbers.filter((number) => number !== ''))].slice(0, MAX_NUMBERS);
};
const MAX_NUMBERS = 20;
/**
 * Maximum number of characters of an identifier that staff can search by. Staff don't type longer ones, and rows of the
 * index have a size limit.
 */
const MAX_NUMBER_LENGTH = 200;

/** Returns a date with year, month and day. Returns null for an incomplete date or one that doesn't exist. */
const toCompleteDate = (text = ''): string | null =>
  /^\d{4}-\d\d-\d\d$/.test(text) && parseDateRange(text) !== undefined ? text : null;

/**
 * Returns the normalized words by which staff can find a patient: the displayed name and all parts of the HumanName,
 * titles included, because a practice's list of patients may have them.
 */
function searchableName(humanName: unknown, displayed: string): string {
  const parts = (['text', 'prefix', 'given', 'family', 'suffix'] as const).flatMap((part) => namePart(humanName, part));
  return [...new Set(foldName([displayed, ...parts].join(' ')).split(' '))].join(' ');
}

/** Maximum number of characters of a family name in the index. */
const MAX_NAME_LENGTH = 200;
const MAX_GIVEN_NAMES = 5;

/** Removes NUL characters, which PostgreSQL text can't contain. */
const removeNul = (text: string): string => text.replaceAll('\0', '');
