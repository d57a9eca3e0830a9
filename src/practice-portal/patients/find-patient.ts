import { type Executor, statement } from '../../database/index.ts';
import {
  ENROLLMENT_CTES,
  ENROLLMENT_JOINS,
  ENROLLMENT_STATUS_SQL,
  type EnrollmentStatus,
  INVITATION_EXPIRED_SQL,
} from '../../enrollment/index.ts';
import { isUuid, type PatientId, type PracticeId, type RecordId } from '../../kernel/index.ts';

/** A patient of a practice, as the staff pages need it. */
export interface PracticePatient {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly name: string;
  /** Date of birth as an ISO 8601 date. */
  readonly birthDate: string | undefined;
  readonly status: EnrollmentStatus;
  /** Whether the status is `invited`, but the invitation is no longer valid. */
  readonly expired: boolean;
  readonly declined: { readonly at: Date; readonly reason: string } | undefined;
}

const findStatement = statement(
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
 ${ENROLLMENT_CTES}
 select d.record_id, d.name, d.birth_date, ${ENROLLMENT_STATUS_SQL} as status, ${INVITATION_EXPIRED_SQL} as expired, x.at as declined_at,
   x.reason as declined_for
 from named d${ENROLLMENT_JOINS}`,
);

/**
 * Finds a patient. undefined if this practice has no such patient.
 * @param patientId from the path, not yet validated
 */
export async function findPatient(
  db: Executor,
  now: Date,
  practiceId: PracticeId,
  patientId: string,
): Promise<PracticePatient | undefined> {
  const [row] = isUuid(patientId) ? await db.query(findStatement, [practiceId, now, patientId]) : [];
  if (row === undefined) return undefined;
  const { declined_at, declined_for } = row;
  return {
    recordId: row.record_id as RecordId,
    patientId: patientId.toLowerCase() as PatientId,
    practiceId,
    name: row.name,
    birthDate: row.birth_date ?? undefined,
    status: row.status as EnrollmentStatus,
    expired: row.status === 'invited' && row.expired,
    declined: declined_at === null ? undefined : { at: declined_at, reason: declined_for ?? '' },
  };
}
