import { type Executor, statement } from '../database/index.ts';
import type { Random, RecordId } from '../kernel/index.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import type { Origin } from './names.ts';

const find = statement(
  'intake.find-records',
  { value: 'text', record_id: 'int8', state: 'text' },
  `select k.value, k.record_id, r.state from record_key k join record r on r.record_id = k.record_id
   where k.practice_id = $1 and k.system = $2 and k.value = any($3::text[])`,
);
const claimKey = statement(
  'intake.claim-key',
  { record_id: 'int8' },
  `insert into record_key (practice_id, system, value, record_id) values ($1, $2, $3, $4)
   on conflict (practice_id, system, value) do update set value = excluded.value returning record_id`,
);
const addRecord = statement(
  'intake.add-record',
  { record_id: 'int8' },
  `insert into record (record_id, practice_id, patient_id) values ($1, $2, $3)
   on conflict (record_id) do nothing returning record_id`,
);
const keepDemographics = statement(
  'intake.keep-demographics',
  {},
  `insert into demographics (practice_id, record_id, name, birth_date) values ($1, $2, $3, $4)
   on conflict (practice_id, record_id) do update set name = excluded.name, birth_date = excluded.birth_date`,
);

const systemOf = ({ source }: Origin): string => `source:${source}`;

export interface KnownRecord {
  readonly recordId: RecordId;
  /** Neither merged into another nor erased. */
  readonly active: boolean;
}

/** The records of patients by the source's ids; those that have none are not in the answer. */
export async function findRecords(
  db: Executor,
  origin: Origin,
  patients: readonly string[],
): Promise<ReadonlyMap<string, KnownRecord>> {
  if (patients.length === 0) return new Map();
  const rows = await db.query(find, [origin.practiceId, systemOf(origin), patients]);
  return new Map(
    rows.map((row) => [row.value, { recordId: row.record_id as RecordId, active: row.state === 'active' }]),
  );
}

/** Opens a record for a patient who has none. Of two that do so at once, the second is given the record of the first. */
export async function openRecord(
  tx: Executor,
  random: Random,
  origin: Origin,
  patient: { readonly sourceId: string; readonly patientId: string },
): Promise<RecordId> {
  for (;;) {
    const minted = Math.max(1, random.bytes(6).readUIntBE(0, 6));
    const [row] = await tx.query(addRecord, [minted, origin.practiceId, patient.patientId]);
    // Taken, once in 2^48 times the number of records: another number.
    if (row === undefined) continue;
    const [claimed] = await tx.query(claimKey, [origin.practiceId, systemOf(origin), patient.sourceId, minted]);
    if (claimed?.record_id !== minted) await tx.query(dropRecord, [minted]);
    return (claimed?.record_id ?? minted) as RecordId;
  }
}

const dropRecord = statement('intake.drop-record', {}, 'delete from record where record_id = $1');

/** What people at the practice know a patient by. */
export async function writeDemographics(
  tx: Executor,
  origin: Origin,
  recordId: RecordId,
  patient: unknown,
): Promise<void> {
  const birthDate = textAt(patient, 'birthDate');
  const whole = birthDate !== undefined && /^\d{4}-\d\d-\d\d$/.test(birthDate) ? birthDate : null;
  await tx.query(keepDemographics, [origin.practiceId, recordId, displayName(patient), whole]);
}

function displayName(patient: unknown): string {
  const names = listOf(patient, 'name');
  const name = names.find((one) => textAt(one, 'use') === 'official') ?? names[0];
  const parts = [...listOf(name, 'prefix'), ...listOf(name, 'given'), isObject(name) ? name['family'] : undefined];
  const text = textAt(name, 'text') ?? parts.filter((part) => typeof part === 'string').join(' ');
  // PostgreSQL's text has no NUL.
  return text.replaceAll('\0', '').trim() || 'No name';
}
