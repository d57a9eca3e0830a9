import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccessibleRecord } from '../domain/index.ts';
import type { AccountId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';

/**
 * A record that the account can open. It stays available while the practice has turned its API off, because past access
 * must remain visible.
 */
export interface PortalRecord extends AccessibleRecord {
  readonly relation: 'self' | 'representative';
  /** IANA time zone of the practice, which the pages use for all times. */
  readonly timeZone: string;
  /** Whether the practice has turned its API on. Apps can read the record only if it is on. */
  readonly apiEnabled: boolean;
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
  time_zone: 'text',
  enabled: 'bool',
} as const;
/**
 * Lists the records of an account. Records of a sandbox that the operator has closed are left out: the published
 * credentials of the sandbox must not open anything.
 */
const list = statement(
  'account.records',
  COLUMNS,
  `select r.record_id, r.patient_id, r.practice_id, p.kind, p.name as practice_name, d.name as person_name, d.birth_date,
     h.relationship as relation, p.time_zone, p.enabled
   from representation h
   join record r on r.record_id = h.record_id and r.state = 'active'
   join practice p on p.practice_id = r.practice_id and not p.shut
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where h.account_id = $1 and h.ended_at is null
   order by h.relationship desc, p.name, d.name, r.record_id`,
);

/**
 * Lists the records that the account can open: the person's own records first, then those of people whom the person
 * represents.
 */
export async function listPortalRecords(db: Executor, accountId: AccountId): Promise<readonly PortalRecord[]> {
  return (await db.query(list, [accountId])).map(toPortalRecord);
}

const toPortalRecord = (row: RowOf<typeof COLUMNS>): PortalRecord => ({
  key: `${row.practice_id}-${row.patient_id}`,
  recordId: row.record_id as RecordId,
  patientId: row.patient_id as PatientId,
  practiceId: row.practice_id as PracticeId,
  practiceKind: row.kind as PortalRecord['practiceKind'],
  practiceName: row.practice_name,
  personName: row.person_name,
  birthDate: row.birth_date,
  relation: row.relation as PortalRecord['relation'],
  timeZone: row.time_zone,
  apiEnabled: row.enabled,
});
