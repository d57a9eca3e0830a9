import { type Executor, statement } from '../database/index.ts';
import type { PracticeKind } from '../domain/index.ts';
import { isUuid, type PatientId, type PracticeId, type RecordId } from '../kernel/index.ts';

/** A patient record with the names by which operators know it. */
export interface RecordSummary {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly name: string;
  readonly practiceId: PracticeId;
  readonly practice: string;
  readonly practiceKind: PracticeKind;
}

const COLUMNS = {
  record_id: 'int8',
  patient_id: 'uuid',
  name: 'text',
  practice_id: 'int4',
  practice: 'text',
  kind: 'text',
} as const;
const SELECT = `select r.record_id, r.patient_id, d.name, r.practice_id, p.name as practice, p.kind
  from record r
  join practice p on p.practice_id = r.practice_id
  join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
  where r.state = 'active'`;

const list = statement('practices.records.list', COLUMNS, `${SELECT} order by p.name, d.name, r.patient_id`);
const byPatient = statement('practices.records.by-patient', COLUMNS, `${SELECT} and r.patient_id = $1 order by p.name`);

/** Lists all active patient records, sorted by practice and patient name. */
export async function listActiveRecords(db: Executor): Promise<readonly RecordSummary[]> {
  return (await db.query(list)).map(toRecordSummary);
}

/** Finds the active patient records with this Patient.id. There are several if two practices imported the same data. */
export async function findRecordsByPatientId(db: Executor, patientId: string): Promise<readonly RecordSummary[]> {
  return isUuid(patientId) ? (await db.query(byPatient, [patientId])).map(toRecordSummary) : [];
}

const toRecordSummary = (row: NonNullable<(typeof list)['row']>): RecordSummary => ({
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  name: row.name,
  practiceId: row.practice_id as PracticeId,
  practice: row.practice,
  practiceKind: row.kind as RecordSummary['practiceKind'],
});
