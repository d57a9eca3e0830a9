import type { Database, Executor } from '../../database/index.ts';
import { type RecordId, toProblem } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { type EnrollmentActor, EnrollmentError } from '../contract.ts';
import { lockRecordEnrollment } from '../invitation/enrollment-status.ts';
import { inviteInTransaction } from '../invitation/invite.ts';
import { listInvitations } from '../invitation/store.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { findPatientForRow } from './match-row.ts';
import {
  type BulkRowOutcome,
  claimPendingRow,
  finishIfComplete,
  listUnfinishedBulks,
  type PendingBulkRow,
  queueTurn,
  recordRowOutcome,
} from './store.ts';

/**
 * Maximum number of rows of a file that one job processes. With small jobs, a stopping server doesn't wait for a whole
 * file, and several files take turns.
 */
const MAX_ROWS_PER_TURN = 200;

type BulkProcessingDeps = EnrollmentDeps & { readonly db: Database };

/**
 * Invites the patients of the next rows of a file, at most `MAX_ROWS_PER_TURN`, and queues another job if there may be
 * more rows. It is the handler of the queue `bulk-invitation`. Each row is one transaction with its invitation, email,
 * audit event and outcome.
 */
export async function processBulkTurn(deps: BulkProcessingDeps, bulkId: string): Promise<void> {
  let last: PendingBulkRow | undefined;
  for (let count = 0; count < MAX_ROWS_PER_TURN; count += 1) {
    const row = await processNextRow(deps, bulkId);
    if (row === undefined) return finishIfComplete(deps.db, bulkId, deps.clock.now());
    last = row;
  }
  if (last !== undefined) await queueTurn(deps.db, bulkId, last.practiceId);
}

/** Processes the next rows of each unfinished file. */
export async function processPendingRows(deps: BulkProcessingDeps): Promise<void> {
  for (const bulkId of await listUnfinishedBulks(deps.db)) await processBulkTurn(deps, bulkId);
}

/** Processes the next row of a file. @returns the row; `undefined` if no row is pending */
async function processNextRow(deps: BulkProcessingDeps, bulkId: string): Promise<PendingBulkRow | undefined> {
  const claimed: PendingBulkRow[] = [];
  try {
    return await deps.db.transaction(async (tx) => {
      const row = await claimPendingRow(tx, bulkId);
      if (row === undefined) return undefined;
      claimed.push(row);
      await recordRowOutcome(tx, row, await invitePatientOfRow(tx, deps, row));
      return row;
    });
  } catch (error) {
    // A row that fails permanently is recorded as failed, so that it doesn't block the other rows. After a temporary
    // error the row stays pending and is retried.
    const [row] = claimed;
    if (row === undefined || isTemporary(error)) throw error;
    await recordRowOutcome(deps.db, row, { outcome: 'refused', reason: 'failed' });
    return row;
  }
}

/**
 * Tells whether a retry may succeed: the database connection was lost, or two transactions conflicted (SQLSTATE class
 * 40).
 */
const isTemporary = (error: unknown): boolean =>
  toProblem(error).code === 'unavailable' || /^40/.test(String((error as { code?: unknown } | null)?.code));

/**
 * Invites the patient whom a row identifies. Every rejection happens before the first write, so the transaction can
 * continue and record the rejection.
 */
async function invitePatientOfRow(
  tx: Executor,
  deps: BulkProcessingDeps,
  row: PendingBulkRow,
): Promise<BulkRowOutcome> {
  const recordId = await findPatientForRow(tx, row.practiceId, row.given);
  if (typeof recordId === 'string') return { outcome: 'refused', reason: recordId };
  await lockRecordEnrollment(tx, recordId);
  if (await hasOpenInvitation(tx, deps, recordId)) return { outcome: 'refused', reason: 'already-invited', recordId };
  const chart = await readChart(tx, recordId, deps.clock.now());
  const email = row.given.email ?? chart?.emails[0];
  const { createdBy: accountId, visitor } = row;
  const by: EnrollmentActor = { accountId, requestId: `bulk:${row.bulkId}`, visitor };
  const request = { recordId, whom: { kind: 'patient' }, email, language: chart?.language ?? 'en' } as const;
  try {
    const { invitationId } = await inviteInTransaction(tx, deps, by, request);
    return { outcome: 'invited', recordId, invitationId };
  } catch (error) {
    if (!(error instanceof EnrollmentError)) throw error;
    return { outcome: 'refused', reason: error.rejection, recordId };
  }
}

/**
 * Tells whether the patient has an open invitation. Such patients are skipped, so that uploading a file twice neither
 * sends a second email nor invalidates a letter in the mail.
 */
async function hasOpenInvitation(tx: Executor, { clock }: BulkProcessingDeps, recordId: RecordId): Promise<boolean> {
  const invitations = await listInvitations(tx, recordId, clock.now());
  return invitations.some(({ kind, state }) => kind === 'patient' && state === 'open');
}
