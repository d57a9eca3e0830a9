import { type Executor, type RowOf, statement } from '../../../database/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../../kernel/index.ts';

/**
 * How it was reported that two Patients are the same person: by an operator, or by a feed. For a feed, this is the type
 * of the link in the Patient resource.
 */
export type MergeReporter = 'operator' | 'replaced-by' | 'replaces';

/** A patient record of a practice, and whether it is active, merged into another one, or erased. */
export interface RecordState {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly state: 'active' | 'merged' | 'erased';
  readonly mergedInto: RecordId | undefined;
}

/** A patient record that was merged into another one, and the time and reporter of the merge. */
export interface MergedRecord {
  readonly mergeId: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  /** The record into which this record was merged. It may later have been merged into a third one. */
  readonly into: RecordId;
  readonly intoPatientId: PatientId;
  readonly reportedBy: MergeReporter;
  readonly source: string | undefined;
  readonly mergedAt: Date;
}

const STATE = { record_id: 'int8', patient_id: 'uuid', state: 'text', merged_into: 'int8?' } as const;
const byPatient = statement(
  'fhir.record-state',
  STATE,
  'select record_id, patient_id, state, merged_into from record where practice_id = $1 and patient_id = $2',
);
const byRecord = statement(
  'fhir.record-state-by-record',
  STATE,
  'select record_id, patient_id, state, merged_into from record where record_id = $1',
);
const MERGED = {
  merge_id: 'uuid',
  record_id: 'int8',
  patient_id: 'uuid',
  into_record_id: 'int8',
  into_patient_id: 'uuid',
  said: 'text',
  source: 'text?',
  merged_at: 'timestamptz',
} as const;
const MERGED_COLUMNS = `m.merge_id, m.record_id, r.patient_id, m.into_record_id, i.patient_id as into_patient_id,
  m.said, m.source, m.merged_at`;
const MERGED_JOINS = 'join record r on r.record_id = m.record_id join record i on i.record_id = m.into_record_id';
const parts = statement(
  'fhir.merged-records',
  MERGED,
  `with recursive part as (
     select record_id from record where merged_into = $1
     union select r.record_id from part p join record r on r.merged_into = p.record_id)
   select ${MERGED_COLUMNS} from part p
     join record_merge m on m.record_id = p.record_id and m.undone_at is null ${MERGED_JOINS} order by m.merged_at, m.merge_id`,
);
const open = statement(
  'fhir.open-merge',
  MERGED,
  `select ${MERGED_COLUMNS} from record_merge m ${MERGED_JOINS}
   where m.record_id = $1 and m.undone_at is null`,
);
const joined = statement(
  'fhir.joined-patients',
  { gone: 'uuid', remains: 'uuid' },
  `with recursive led as (
     select patient_id as gone, merged_into from record
     where practice_id = $1 and patient_id = any($2::uuid[]) and state = 'merged'
     union all select l.gone, r.merged_into from led l join record r on r.record_id = l.merged_into and r.state = 'merged')
   select l.gone, r.patient_id as remains from led l join record r on r.record_id = l.merged_into and r.state <> 'merged'`,
);

/**
 * Returns the patient record that a practice has or had for a Patient, also if it was merged or erased. Undefined if
 * there never was one.
 */
export async function findRecordState(
  db: Executor,
  practiceId: PracticeId,
  patientId: string,
): Promise<RecordState | undefined> {
  const [row] = await db.query(byPatient, [practiceId, patientId]);
  return row === undefined ? undefined : toRecordState(row);
}

/** Returns the record into which a patient record was finally merged. Returns the given record if it wasn't merged. */
export async function findSurvivingRecord(db: Executor, record: RecordState): Promise<RecordState> {
  let last = record;
  while (last.state === 'merged' && last.mergedInto !== undefined) {
    const [row] = await db.query(byRecord, [last.mergedInto]);
    if (row === undefined) break;
    last = toRecordState(row);
  }
  return last;
}

/**
 * Returns the id of the Patient to whom a patient record belongs.
 * @throws Error if the record doesn't exist
 */
export async function getPatientOfRecord(db: Executor, recordId: RecordId): Promise<PatientId> {
  const [row] = await db.query(byRecord, [recordId]);
  if (row === undefined) throw new Error('no such record');
  return row.patient_id as PatientId;
}

/**
 * Lists all patient records that were merged into this one, directly or through other records. The oldest merge comes
 * first.
 */
export const listMergedRecords = async (db: Executor, recordId: RecordId): Promise<readonly MergedRecord[]> =>
  (await db.query(parts, [recordId])).map(toMergedRecord);

/**
 * Finds those of the given Patients whose records were merged into other ones. The result maps each of these Patients
 * to the Patient of the record that now has the data.
 */
export async function findSurvivingPatients(
  db: Executor,
  practiceId: PracticeId,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.query(joined, [practiceId, patientIds]);
  return new Map(rows.map(({ gone, remains }) => [gone, remains]));
}

/**
 * Returns the merge of a patient record into another. Undefined if the record isn't merged, or if the merge was undone.
 */
export async function findCurrentMerge(db: Executor, recordId: RecordId): Promise<MergedRecord | undefined> {
  const [row] = await db.query(open, [recordId]);
  return row === undefined ? undefined : toMergedRecord(row);
}

const toRecordState = (row: RowOf<typeof STATE>): RecordState => ({
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  state: row.state as RecordState['state'],
  mergedInto: (row.merged_into ?? undefined) as RecordId | undefined,
});

const toMergedRecord = (row: RowOf<typeof MERGED>): MergedRecord => ({
  mergeId: row.merge_id,
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  into: row.into_record_id as RecordId,
  intoPatientId: row.into_patient_id as PatientId,
  reportedBy: row.said as MergeReporter,
  source: row.source ?? undefined,
  mergedAt: row.merged_at,
});
