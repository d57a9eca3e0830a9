import { type Executor, statement } from '../../database/index.ts';
import { isUuid, type PatientId, type PracticeId, type RecordId } from '../../kernel/index.ts';
import { EXPIRED, STATUS, STATUS_JOINS, STATUS_TABLES, type Status } from './status.ts';

/** A patient of a practice, as the staff pages need it. */
export interface DeskPatient {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly name: string;
  /** ISO 8601 date. */
  readonly birthDate: string | undefined;
  readonly status: Status;
  /** Whether the status is `invited` and the invitation is no longer valid. */
  readonly expired: boolean;
  readonly declined: { readonly at: Date; readonly reason: string } | undefined;
}

const find = statement(
  'desk.patient.find',
  {
    record_id: 'int8',
    name: 'text',
    birth_date: 'date?',
    status: 'text',
    expired: 'bool',
    declined_at: 'timestamptz?',
    declined_for: 'text?',
  },
  `with named as (
   select d.practice_id, d.record_id, d.name, d.birth_date
   from record r join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where r.practice_id = $1 and r.patient_id = $3 and r.state = 'active'),
 ${STATUS_TABLES}
 select d.record_id, d.name, d.birth_date, ${STATUS} as status, ${EXPIRED} as expired, x.at as declined_at,
   x.reason as declined_for
 from named d${STATUS_JOINS}`,
);

/**
 * Finds a patient; undefined when this practice has no such patient.
 * @param patientId from the address, not yet validated
 */
export async function findPatient(
  db: Executor,
  now: Date,
  practiceId: PracticeId,
  patientId: string,
): Promise<DeskPatient | undefined> {
  const [row] = isUuid(patientId) ? await db.query(find, [practiceId, now, patientId]) : [];
  if (row === undefined) return undefined;
  const { declined_at, declined_for } = row;
  return {
    recordId: row.record_id as RecordId,
    patientId: patientId.toLowerCase() as PatientId,
    practiceId,
    name: row.name,
    birthDate: row.birth_date ?? undefined,
    status: row.status as Status,
    expired: row.status === 'invited' && row.expired,
    declined: declined_at === null ? undefined : { at: declined_at, reason: declined_for ?? '' },
  };
}
