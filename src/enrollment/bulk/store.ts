import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { sendJob, withoutJob } from '../../jobs/index.ts';
import { type AccountId, isUuid, type PracticeId, type RecordId } from '../../kernel/index.ts';
import type { BulkProgress, BulkRejectionReason, BulkReportRow } from '../contract.ts';
import type { BulkLine, BulkRowValues } from './parse-file.ts';

const insert = statement(
  'enrollment.bulk.insert',
  {},
  'insert into bulk_invitation (bulk_id, practice_id, created_by, created_at, browser) values ($1, $2, $3, $4, $5)',
);
const insertRows = statement(
  'enrollment.bulk.insert-rows',
  {},
  `insert into bulk_invitation_row (bulk_id, line, given)
   select $1, line, given from json_to_recordset($2) as r (line int, given jsonb)`,
);
const PENDING = {
  bulk_id: 'uuid',
  line: 'int4',
  given: 'jsonb',
  practice_id: 'int4',
  created_by: 'uuid',
  browser: 'bytea?',
} as const;
/**
 * Locks the next pending row until the transaction ends, and skips rows that another process has locked. No row is
 * therefore processed twice, even if a process is so slow that another one takes over its job. If a process crashes,
 * its row is pending again.
 */
const claim = statement(
  'enrollment.bulk.claim',
  PENDING,
  `select b.bulk_id, w.line, w.given, b.practice_id, b.created_by, b.browser
   from bulk_invitation b join bulk_invitation_row w on w.bulk_id = b.bulk_id
   where b.bulk_id = $1 and b.finished_at is null and w.outcome is null
   order by w.line limit 1 for update of w skip locked`,
);
const pending = statement(
  'enrollment.bulk.pending',
  { bulk_id: 'uuid' },
  `select b.bulk_id from bulk_invitation b join practice p on p.practice_id = b.practice_id
   where b.finished_at is null order by p.kind = 'sandbox', b.created_at`,
);
/** Selects the priority of a job: files of live practices are processed before files of sandbox practices. */
const priority = statement(
  'enrollment.bulk.priority',
  { priority: 'int4' },
  `select (kind <> 'sandbox')::int4 as priority from practice where practice_id = $1`,
);
const unqueued = statement(
  'enrollment.bulk.unqueued',
  { bulk_id: 'uuid', practice_id: 'int4' },
  `select bulk_id, practice_id from bulk_invitation b
   where finished_at is null and ${withoutJob('bulk-invitation', 'b.bulk_id::text')} order by created_at limit 1000`,
);
const updateOutcome = statement(
  'enrollment.bulk.settle',
  {},
  `update bulk_invitation_row set outcome = $3, reason = $4, record_id = $5, invitation_id = $6
   where bulk_id = $1 and line = $2 and outcome is null`,
);
const finish = statement(
  'enrollment.bulk.finish',
  {},
  `update bulk_invitation b set finished_at = $1
   where bulk_id = $2 and finished_at is null
     and not exists (select from bulk_invitation_row w where w.bulk_id = b.bulk_id and w.outcome is null)`,
);
const unfinished = statement(
  'enrollment.bulk.unfinished',
  { count: 'int4' },
  'select count(*)::int4 as count from bulk_invitation where practice_id = $1 and finished_at is null',
);
const PROGRESS = {
  bulk_id: 'uuid',
  created_at: 'timestamptz',
  finished_at: 'timestamptz?',
  by_name: 'text?',
  total: 'int4',
  invited: 'int4',
  refused: 'int4',
} as const;
const SELECT = `select b.bulk_id, b.created_at, b.finished_at, a.display_name as by_name, count(*)::int4 as total,
    (count(*) filter (where w.outcome = 'invited'))::int4 as invited,
    (count(*) filter (where w.outcome = 'refused'))::int4 as refused
  from bulk_invitation b join bulk_invitation_row w on w.bulk_id = b.bulk_id
  left join account a on a.account_id = b.created_by`;
const ofPractice = statement(
  'enrollment.bulk.of-practice',
  PROGRESS,
  `${SELECT} where b.practice_id = $1 and ($2::bytea is null or b.browser = $2)
   group by b.bulk_id, a.display_name order by b.created_at desc, b.bulk_id limit 50`,
);
const byId = statement(
  'enrollment.bulk.by-id',
  PROGRESS,
  `${SELECT} where b.practice_id = $1 and b.bulk_id = $2 and ($3::bytea is null or b.browser = $3)
   group by b.bulk_id, a.display_name`,
);
const report = statement(
  'enrollment.bulk.report',
  {
    line: 'int4',
    given: 'jsonb',
    outcome: 'text?',
    reason: 'text?',
    record_id: 'int8?',
    patient_id: 'uuid?',
    invitation_id: 'uuid?',
    letter: 'bool',
  },
  `select w.line, w.given, w.outcome, w.reason, w.record_id, r.patient_id, w.invitation_id,
     i.invitation_id is not null and i.email is null as letter
   from bulk_invitation b join bulk_invitation_row w on w.bulk_id = b.bulk_id
   left join record r on r.record_id = w.record_id
   left join invitation i on i.invitation_id = w.invitation_id
   where b.practice_id = $1 and b.bulk_id = $2 and ($3::bytea is null or b.browser = $3) order by w.line`,
);

export interface NewBulkInvitation {
  readonly bulkId: string;
  readonly practiceId: PracticeId;
  readonly createdBy: AccountId;
  readonly visitor: Buffer | undefined;
  readonly now: Date;
  readonly lines: readonly BulkLine[];
}

/** Counts the files of a practice that are still being processed. */
export const countUnfinished = async (db: Executor, practiceId: PracticeId): Promise<number> =>
  (await db.query(unfinished, [practiceId]))[0]?.count ?? 0;

/** Stores a bulk invitation with its pending rows, and queues the first job that processes rows. */
export async function saveBulkInvitation(tx: Executor, bulk: NewBulkInvitation): Promise<void> {
  const { bulkId, practiceId, createdBy, visitor, now, lines } = bulk;
  await tx.query(insert, [bulkId, practiceId, createdBy, now, visitor]);
  await tx.query(insertRows, [bulkId, JSON.stringify(lines)]);
  await queueTurn(tx, bulkId, practiceId);
}

/** Queues a job that processes the next rows of a file. */
export async function queueTurn(tx: Executor, bulkId: string, practiceId: PracticeId): Promise<void> {
  const [row] = await tx.query(priority, [practiceId]);
  await sendJob(tx, 'bulk-invitation', bulkId, { priority: row?.priority ?? 0 });
}

/** Queues jobs for unfinished files that have no job, such as files that an earlier release left unfinished. */
export async function queueUnfinishedBulks(db: Executor): Promise<void> {
  for (const { bulk_id, practice_id } of await db.query(unqueued))
    await queueTurn(db, bulk_id, practice_id as PracticeId);
}

/** Lists the ids of unfinished bulk invitations, those of live practices first. */
export const listUnfinishedBulks = async (db: Executor): Promise<readonly string[]> =>
  (await db.query(pending)).map(({ bulk_id }) => bulk_id);

export interface PendingBulkRow {
  readonly bulkId: string;
  readonly line: number;
  readonly given: BulkRowValues;
  readonly practiceId: PracticeId;
  readonly createdBy: AccountId;
  /** SHA-256 of the browser's cookie, if a user of a shared sandbox account uploaded the file. */
  readonly visitor: Buffer | undefined;
}

/**
 * Locks the next pending row of an uploaded file until the transaction ends, so that no other process takes it. Returns
 * `undefined` if no row is pending.
 */
export async function claimPendingRow(tx: Executor, bulkId: string): Promise<PendingBulkRow | undefined> {
  const [row] = await tx.query(claim, [bulkId]);
  return (
    row && {
      bulkId: row.bulk_id,
      line: row.line,
      given: row.given as BulkRowValues,
      practiceId: row.practice_id as PracticeId,
      createdBy: row.created_by as AccountId,
      visitor: row.browser ?? undefined,
    }
  );
}

export interface BulkRowOutcome {
  readonly outcome: 'invited' | 'refused';
  readonly reason?: BulkRejectionReason;
  readonly recordId?: RecordId;
  readonly invitationId?: string;
}

/** Records whether the patient of a row was invited, or why not. */
export async function recordRowOutcome(
  tx: Executor,
  { bulkId, line }: Pick<PendingBulkRow, 'bulkId' | 'line'>,
  { outcome, reason, recordId, invitationId }: BulkRowOutcome,
): Promise<void> {
  await tx.query(updateOutcome, [bulkId, line, outcome, reason, recordId, invitationId]);
}

/** Marks a bulk invitation as finished if all of its rows have an outcome. */
export async function finishIfComplete(db: Executor, bulkId: string, now: Date): Promise<void> {
  await db.query(finish, [now, bulkId]);
}

/** Lists at most 50 bulk invitations of a practice, the newest first. */
export const listBulkInvitations = async (
  db: Executor,
  { practiceId, visitor }: Omit<BulkInvitationKey, 'bulkId'>,
): Promise<readonly BulkProgress[]> => (await db.query(ofPractice, [practiceId, visitor])).map(toBulkProgress);

export interface BulkInvitationKey {
  readonly practiceId: PracticeId;
  readonly bulkId: string;
  /**
   * SHA-256 of a browser's cookie, which restricts the result to files uploaded in that browser. It is set for users of
   * shared sandbox accounts. If it is undefined, files from all browsers are included.
   */
  readonly visitor: Buffer | undefined;
}

export async function findBulkProgress(
  db: Executor,
  { practiceId, bulkId, visitor }: BulkInvitationKey,
): Promise<BulkProgress | undefined> {
  const [row] = isUuid(bulkId) ? await db.query(byId, [practiceId, bulkId, visitor]) : [];
  return row === undefined ? undefined : toBulkProgress(row);
}

const toBulkProgress = (row: RowOf<typeof PROGRESS>): BulkProgress => ({
  bulkId: row.bulk_id,
  createdAt: row.created_at,
  finishedAt: row.finished_at ?? undefined,
  startedBy: row.by_name ?? undefined,
  total: row.total,
  done: row.invited + row.refused,
  invited: row.invited,
  refused: row.refused,
});

/** Lists the rows of an uploaded file with their outcomes, in the order of the file. */
export async function listBulkReport(
  db: Executor,
  { practiceId, bulkId, visitor }: BulkInvitationKey,
): Promise<readonly BulkReportRow[]> {
  const rows = isUuid(bulkId) ? await db.query(report, [practiceId, bulkId, visitor]) : [];
  return rows.map((row) => ({
    line: row.line,
    given: row.given as BulkRowValues,
    outcome: (row.outcome ?? undefined) as BulkReportRow['outcome'],
    reason: row.reason ?? undefined,
    recordId: (row.record_id ?? undefined) as RecordId | undefined,
    patientId: (row.patient_id ?? undefined) as BulkReportRow['patientId'],
    invitationId: row.invitation_id ?? undefined,
    letter: row.letter,
  }));
}
