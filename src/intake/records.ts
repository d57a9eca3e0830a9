import { type Database, type Executor, type RowOf, statement } from '../database/index.ts';
import { spanOfDate } from '../fhir/index.ts';
import { foldName, foldNumber, isUuid, type PracticeId, type Random, type RecordId } from '../kernel/index.ts';
import { listOf, textAt } from './json-value.ts';
import type { Origin } from './names.ts';

/** SQL: follows merges to the record that remains. That record may have been merged itself. */
const FOLLOWED = `led as (
     select * from first
     union all select l.name, r.record_id, r.state, r.merged_into
     from led l join record r on l.state = 'merged' and r.record_id = l.merged_into)
   select l.name, l.record_id, l.state, exists (select from record m where m.merged_into = l.record_id) as joined
   from led l where l.state <> 'merged' or l.merged_into is null`;
const FOUND = { name: 'text', record_id: 'int8', state: 'text', joined: 'bool' } as const;
const find = statement(
  'intake.find-records',
  FOUND,
  `with recursive first as (
     select k.value as name, r.record_id, r.state, r.merged_into
     from record_key k join record r on r.record_id = k.record_id
     where k.practice_id = $1 and k.system = $2 and k.value = any($3::text[])), ${FOLLOWED}`,
);
const findByPatient = statement(
  'intake.find-records-by-patient',
  FOUND,
  `with recursive first as (
     select patient_id::text as name, record_id, state, merged_into from record
     where practice_id = $1 and patient_id = any($2::uuid[])), ${FOLLOWED}`,
);
const claimKey = statement(
  'intake.claim-key',
  {},
  `insert into record_key (practice_id, system, value, record_id) values ($1, $2, $3, $4)
   on conflict (practice_id, system, value) do nothing`,
);
/**
 * An empty record counts as indexed and converted by every version. Writing to it lowers the numbers to the versions of
 * the writer.
 */
const addRecord = statement(
  'intake.add-record',
  { record_id: 'int8' },
  `insert into record (record_id, practice_id, patient_id, indexed_by, converted_by)
   values ($1, $2, $3, 2147483647, 2147483647)
   on conflict do nothing returning record_id`,
);
const keepDemographics = statement(
  'intake.keep-demographics',
  {},
  `insert into demographics (practice_id, record_id, name, birth_date, family, folded, sorted, numbers)
   values ($1, $2, $3, $4, $5, $6, $7, $8::text[] || array(
     select n.number from record m join demographics d on d.practice_id = m.practice_id and d.record_id = m.record_id
       cross join unnest(d.numbers) as n (number) where m.merged_into = $2 and n.number <> all($8::text[])))
   on conflict (practice_id, record_id) do update set name = excluded.name, birth_date = excluded.birth_date,
     family = excluded.family, folded = excluded.folded, sorted = excluded.sorted, numbers = excluded.numbers`,
);
const unfolded = statement(
  'intake.unfolded-demographics',
  { practice_id: 'int4', record_id: 'int8', content: 'text' },
  `select d.practice_id, d.record_id, s.content from demographics d
   join record r on r.record_id = d.record_id
   join resource s on s.record_id = r.record_id and s.type = 'Patient' and s.id = r.patient_id
   where d.folded is null limit 500`,
);

const systemOf = ({ source }: Origin): string => `source:${source}`;

export interface KnownRecord {
  readonly recordId: RecordId;
  /** Whether the record is not erased. */
  readonly active: boolean;
  /** Whether other records were merged into it. The patient may belong to one of those. */
  readonly joined: boolean;
}

/**
 * Finds the records of patients by the source's ids. Patients without a record are missing in the result. A UUID
 * identifies the same patient for every source, so the record that has it is theirs. For a merged record, the result is
 * the record that remains.
 */
export async function findRecords(
  db: Executor,
  origin: Origin,
  patients: readonly string[],
): Promise<ReadonlyMap<string, KnownRecord>> {
  if (patients.length === 0) return new Map();
  const byKey = await db.query(find, [origin.practiceId, systemOf(origin), patients]);
  const byId = await db.query(findByPatient, [origin.practiceId, patients.filter(isUuid)]);
  return new Map([
    ...byId.map((row) => [row.name, knownRecord(row)] as const),
    ...byKey.map((row) => [row.name, knownRecord(row)] as const),
  ]);
}

const knownRecord = (row: RowOf<typeof FOUND>): KnownRecord => ({
  recordId: row.record_id as RecordId,
  active: row.state === 'active',
  joined: row.joined,
});

const now = statement(
  'intake.record-now',
  { state: 'text', joined: 'bool' },
  `select r.state, exists (select from record m where m.merged_into = r.record_id) as joined
   from record r where r.record_id = $1`,
);

/**
 * Refreshes a record that was found before. It may have been merged, or separated again, meanwhile. The caller holds
 * the lock of the practice.
 */
export async function recordNow(
  tx: Executor,
  origin: Origin,
  patient: string,
  previous: KnownRecord,
): Promise<KnownRecord | undefined> {
  const [row] = previous.joined ? [] : await tx.query(now, [previous.recordId]);
  if (row?.state === 'active') return { ...previous, joined: row.joined };
  return (await findRecords(tx, origin, [patient])).get(patient);
}

/**
 * Opens a record for a patient who has none. If two transactions do so at the same time, the second gets the record of
 * the first.
 */
export async function openRecord(
  tx: Executor,
  random: Random,
  origin: Origin,
  patient: { readonly sourceId: string; readonly patientId: string },
): Promise<{ readonly recordId: RecordId; readonly isNew: boolean }> {
  for (;;) {
    const recordNumber = Math.max(1, random.bytes(6).readUIntBE(0, 6));
    const [inserted] = await tx.query(addRecord, [recordNumber, origin.practiceId, patient.patientId]);
    const [found] =
      inserted === undefined ? await tx.query(findByPatient, [origin.practiceId, [patient.patientId]]) : [inserted];
    const recordId = found?.record_id;
    // The random number is taken, which happens once in 2^48 divided by the number of records. Try another one.
    if (recordId === undefined) continue;
    await tx.query(claimKey, [origin.practiceId, systemOf(origin), patient.sourceId, recordId]);
    return { recordId: recordId as RecordId, isNew: inserted !== undefined };
  }
}

/**
 * Stores the data by which staff find a patient, including the identifiers of records that were merged into this one.
 */
export async function writeDemographics(
  tx: Executor,
  { practiceId }: Pick<Origin, 'practiceId'>,
  recordId: RecordId,
  patient: unknown,
): Promise<void> {
  const name = displayName(patient);
  const birthDate = wholeDate(textAt(patient, 'birthDate'));
  const { family = '', given } = officialName(patient);
  const folded = foldName(storable(`${name} ${family}`));
  const values = [practiceId, recordId, name, birthDate, storable(family), folded, sortKey(name, family, given)];
  await tx.query(keepDemographics, [...values, numbersOf(patient)]);
}

/** A tab sorts before a space, so that all Smiths come before the first Smith Jones. */
const sortKey = (name: string, family: string, givenNames: readonly string[]): string =>
  foldName(family) === '' ? foldName(name) : `${foldName(family)}\t${foldName(givenNames.join(' '))}`;

/**
 * Rebuilds demographics that an older version stored without the folded name. Runs at start; the second time there is
 * nothing to do.
 */
export async function foldDemographics(db: Database): Promise<void> {
  for (;;) {
    const rows = await db.query(unfolded);
    if (rows.length === 0) return;
    await db.transaction(async (tx) => {
      for (const { practice_id, record_id, content } of rows) {
        const origin = { practiceId: practice_id as PracticeId };
        await writeDemographics(tx, origin, record_id as RecordId, JSON.parse(content));
      }
    });
  }
}

/** Identifiers by which a patient can be searched for. Social security numbers are excluded. */
const numbersOf = (patient: unknown): readonly string[] => {
  const numbers = listOf(patient, 'identifier')
    .filter((identifier) => textAt(identifier, 'system') !== 'http://hl7.org/fhir/sid/us-ssn')
    .map((identifier) => foldNumber(storable(textAt(identifier, 'value') ?? '')))
    .filter((number) => number.length <= LONGEST_NUMBER);
  return [...new Set(numbers.filter((number) => number !== ''))].slice(0, MOST_NUMBERS);
};
const MOST_NUMBERS = 20;
/** Nobody types a longer one, and index rows have a size limit. */
const LONGEST_NUMBER = 200;

/** Returns null for an incomplete date or a date that doesn't exist. */
const wholeDate = (text = ''): string | null =>
  /^\d{4}-\d\d-\d\d$/.test(text) && spanOfDate(text) !== undefined ? text : null;

interface HumanName {
  readonly text: string | undefined;
  readonly parts: readonly unknown[];
  readonly family: string | undefined;
  readonly given: readonly string[];
}

function officialName(patient: unknown): HumanName {
  const names = listOf(patient, 'name');
  const name = names.find((one) => textAt(one, 'use') === 'official') ?? names[0];
  const family = textAt(name, 'family');
  return {
    text: textAt(name, 'text'),
    parts: [...listOf(name, 'prefix'), ...listOf(name, 'given'), family],
    family: family?.slice(0, LONGEST_NAME),
    given: listOf(name, 'given')
      .filter((part) => typeof part === 'string')
      .slice(0, MOST_GIVEN)
      .map((part) => part.slice(0, LONGEST_NAME)),
  };
}

/** Maximum number of characters shown in lists and stored in the index. */
const LONGEST_NAME = 200;
const MOST_GIVEN = 5;

function displayName(patient: unknown): string {
  const { text, parts } = officialName(patient);
  const name = storable(text ?? parts.filter((part) => typeof part === 'string').join(' '));
  return name.slice(0, LONGEST_NAME).trim() || 'No name';
}

/** PostgreSQL text can't contain NUL. */
const storable = (text: string): string => text.replaceAll('\0', '');
