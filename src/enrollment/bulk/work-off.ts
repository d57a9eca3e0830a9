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

/** In one go; a server that is asked to stop waits for no more. */
const AT_ONCE = 200;

type Deps = EnrollmentDeps & { readonly db: Database };

/**
 * Invites for rows that wait, each in a transaction of its own: invitation, mail, audit and outcome are one. Any number
 * of processes may do so at once, and whatever a crash interrupts is done by whoever comes next.
 */
export async function workOff(deps: Deps): Promise<void> {
  for (let count = 0; count < AT_ONCE; count += 1) {
    if (!(await nextRow(deps))) break;
  }
  await finishBulks(deps.db, deps.clock.now());
}

/** @returns whether there was one */
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
    // What fails each time must not hold up the rest; what the next try may mend waits for it.
    const [row] = claimed;
    if (row === undefined || mayPass(error)) throw error;
    await settleRow(deps.db, row, { outcome: 'refused', reason: 'failed' });
    return true;
  }
}

/** The database was lost, or two transactions stood in each other's way (SQLSTATE class 40). */
const mayPass = (error: unknown): boolean =>
  problemOf(error).code === 'unavailable' || /^40/.test(String((error as { code?: unknown } | null)?.code));

/** Refusals come before anything is written, so the transaction goes on after one. */
async function inviteFor(tx: Executor, deps: Deps, row: WaitingRow): Promise<Settled> {
  const recordId = await matchRow(tx, row.practiceId, row.given);
  if (typeof recordId === 'string') return { outcome: 'refused', reason: recordId };
  await settleRecord(tx, recordId);
  if (await isInvited(tx, deps, recordId)) return { outcome: 'refused', reason: 'already-invited', recordId };
  const chart = await readChart(tx, recordId, deps.clock.now());
  const email = row.given.email ?? chart?.emails[0];
  const by: By = { accountId: row.createdBy, requestId: `bulk:${row.bulkId}` };
  const wanted = { recordId, whom: { kind: 'patient' }, email, language: chart?.language ?? 'en' } as const;
  try {
    const { invitationId } = await inviteWithin(tx, deps, by, wanted);
    return { outcome: 'invited', recordId, invitationId };
  } catch (error) {
    if (!(error instanceof EnrollmentFault)) throw error;
    return { outcome: 'refused', reason: error.refusal, recordId };
  }
}

/** A file that is given twice sends nobody a second mail, and makes no letter worthless that is in the post. */
async function isInvited(tx: Executor, { clock }: Deps, recordId: RecordId): Promise<boolean> {
  const invitations = await invitationsOf(tx, recordId, clock.now());
  return invitations.some(({ kind, state }) => kind === 'patient' && state === 'open');
}
