import type { Database, Executor } from '../../database/index.ts';
import { problemOf, type RecordId } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { type By, EnrollmentFault } from '../contract.ts';
import { inviteWithin } from '../invitation/invite.ts';
import { settleRecord } from '../invitation/standing.ts';
import { invitationsOf } from '../invitation/store.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { matchRow } from './match.ts';
import { claimRow, finishBulks, type Settled, settleRow, type WaitingRow } from './store.ts';

/** Rows per call, so that a server that is stopping doesn't wait for a whole file. */
const AT_ONCE = 200;

type Deps = EnrollmentDeps & { readonly db: Database };

/**
 * Processes pending rows. Each row is one transaction with its invitation, email, audit event and outcome. Safe to run
 * in several processes: another one picks up the rows of a crashed process.
 */
export async function workOff(deps: Deps): Promise<void> {
  for (let count = 0; count < AT_ONCE; count += 1) {
    if (!(await nextRow(deps))) break;
  }
  await finishBulks(deps.db, deps.clock.now());
}

/** Processes one row. @returns whether there was one */
async function nextRow(deps: Deps): Promise<boolean> {
  const claimed: WaitingRow[] = [];
  try {
    return await deps.db.transaction(async (tx) => {
      const row = await claimRow(tx);
      if (row === undefined) return false;
      claimed.push(row);
      await settleRow(tx, row, await inviteFor(tx, deps, row));
      return true;
    });
  } catch (error) {
    // A row that fails permanently is recorded as failed, so that it doesn't block the others. After a temporary error
    // it stays pending and is retried.
    const [row] = claimed;
    if (row === undefined || isTemporary(error)) throw error;
    await settleRow(deps.db, row, { outcome: 'refused', reason: 'failed' });
    return true;
  }
}

/**
 * The error may not occur again: the database connection was lost, or two transactions conflicted (SQLSTATE class 40).
 */
const isTemporary = (error: unknown): boolean =>
  problemOf(error).code === 'unavailable' || /^40/.test(String((error as { code?: unknown } | null)?.code));

/** Rejections happen before anything is written, so the transaction can continue after one. */
async function inviteFor(tx: Executor, deps: Deps, row: WaitingRow): Promise<Settled> {
  const recordId = await matchRow(tx, row.practiceId, row.given);
  if (typeof recordId === 'string') return { outcome: 'refused', reason: recordId };
  await settleRecord(tx, recordId);
  if (await isInvited(tx, deps, recordId)) return { outcome: 'refused', reason: 'already-invited', recordId };
  const chart = await readChart(tx, recordId, deps.clock.now());
  const email = row.given.email ?? chart?.emails[0];
  const by: By = { accountId: row.createdBy, requestId: `bulk:${row.bulkId}` };
  const request = { recordId, whom: { kind: 'patient' }, email, language: chart?.language ?? 'en' } as const;
  try {
    const { invitationId } = await inviteWithin(tx, deps, by, request);
    return { outcome: 'invited', recordId, invitationId };
  } catch (error) {
    if (!(error instanceof EnrollmentFault)) throw error;
    return { outcome: 'refused', reason: error.refusal, recordId };
  }
}

/**
 * Skips patients with an open invitation, so that uploading a file twice neither sends a second email nor invalidates a
 * letter in the mail.
 */
async function isInvited(tx: Executor, { clock }: Deps, recordId: RecordId): Promise<boolean> {
  const invitations = await invitationsOf(tx, recordId, clock.now());
  return invitations.some(({ kind, state }) => kind === 'patient' && state === 'open');
}
