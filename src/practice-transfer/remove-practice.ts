import { removePracticeFromApps } from '../apps/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Database, Executor } from '../database/index.ts';
import { closeAccount } from '../identity/index.ts';
import { type AccountId, type Clock, OperatorError, type PracticeId } from '../kernel/index.ts';
import { endAllGrantsOfAccount } from '../oauth/index.ts';
import { deletePracticeRow, setPracticeEnabled } from '../practices/index.ts';
import { forPractice } from './read-rows.ts';
import { CONTENT_TABLES, COPIED_TABLES, PRACTICE } from './tables.ts';

/** Records that one transaction removes. */
const RECORDS_AT_ONCE = 20;

/** SQL: rows by record, `$1` is an array of record ids. */
const GRANTS = `(select grant_id from consent_grant where subject = 'record' and record_id = any($1::int8[]))`;
const FAMILIES = `(select family_id from token_family where grant_id in ${GRANTS})`;
const BY_RECORD: readonly (readonly [table: string, condition: string])[] = [
  ['token', `family_id in ${FAMILIES}`],
  ['receipt', `grant_id in ${GRANTS}`],
  ['token_family', `grant_id in ${GRANTS}`],
  ['consent_grant', `grant_id in ${GRANTS}`],
  ...[
    ...['resource', 'resource_history', 'conversion', 'projection', 'document', 'tombstone', 'retraction'],
    ...['record_merge', 'merged_resource', 'made_up_read', 'launch', 'sandbox_enrollment'],
  ].map((table) => [table, 'record_id = any($1::int8[])'] as const),
];
const JOBS = `(select job_id from export_job where ${PRACTICE} = any(practice_ids))`;
const BULKS = `(select bulk_id from bulk_invitation where practice_id = ${PRACTICE})`;
const GROUPS = `(select group_id from patient_group where practice_id = ${PRACTICE})`;
/** Rows of the practice itself, after its records. */
const BY_PRACTICE: readonly (readonly [table: string, condition: string])[] = [
  ['export_chunk', `job_id in ${JOBS}`],
  ['export_job', `${PRACTICE} = any(practice_ids)`],
  ['bulk_invitation_row', `bulk_id in ${BULKS}`],
  ['patient_group_member', `group_id in ${GROUPS}`],
  ['sandbox_email', `invitation_id in (select invitation_id from invitation where practice_id = ${PRACTICE})`],
  ...[
    ...['bulk_invitation', 'patient_group', 'invitation', 'enrollment_declined', 'mail', 'validation_fault'],
    ...['refused_entry', 'intake_day', 'demographics', 'patient_list', 'patient_list_count', 'practice_app_count'],
    ...['record_key', 'resource_key', 'shared_projection', 'shared_resource', 'shared_resource_history'],
    ...['shared_tombstone', 'stored_practice_brand'],
  ].map((table) => [table, `practice_id = ${PRACTICE}`] as const),
];

export interface PracticeRemovalOptions {
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
  readonly reason: string;
  /** Called in the transaction that turns the API of the practice off, before anything is removed. */
  onBegin?(tx: Executor): Promise<void>;
  onProgress?(records: number): void;
}

export interface RemovedPractice {
  /** Number of deleted rows by table, without tables that had none. */
  readonly rows: Readonly<Record<string, number>>;
  /** Number of accounts that were closed, because they had no other practice. */
  readonly accounts: number;
}

/** Counts what `removePractice` would delete. */
export async function countPractice(db: Executor, practiceId: PracticeId): Promise<RemovedPractice> {
  const rows: Record<string, number> = {};
  for (const { name, where } of [...COPIED_TABLES.filter(({ isShared }) => isShared !== true), ...CONTENT_TABLES]) {
    const sql = forPractice(`select count(*)::int8 as count from ${name} t where ${where}`, practiceId);
    const count = (await db.queryText<{ count: number }>(sql, []))[0]?.count ?? 0;
    if (count > 0) rows[name] = count;
  }
  const sql = forPractice(`select count(*)::int4 as count from account a where ${ONLY_HERE}`, practiceId);
  return { rows, accounts: (await db.queryText<{ count: number }>(sql, []))[0]?.count ?? 0 };
}

/** SQL: whether the account `a` has access at this practice and nowhere else. */
const ONLY_HERE = `a.closed_at is null and not a.published and not a.administrator and a.kind <> 'developer'
  and (exists (select from staff s where s.account_id = a.account_id and s.practice_id = ${PRACTICE})
    or exists (select from representation h join record r on r.record_id = h.record_id
      where h.account_id = a.account_id and r.practice_id = ${PRACTICE}))
  and not exists (select from staff s where s.account_id = a.account_id and s.practice_id <> ${PRACTICE})
  and not exists (select from representation h join record r on r.record_id = h.record_id
    where h.account_id = a.account_id and h.ended_at is null and r.practice_id <> ${PRACTICE})`;

/**
 * Removes a practice: its records, grants, settings and staff. The events of the audit log stay. First it turns the API
 * off, then it removes a few records at a time. If it is interrupted, it can be run again.
 * @throws OperatorError for a practice that the server generates
 */
export async function removePractice(
  db: Database,
  practiceId: PracticeId,
  options: PracticeRemovalOptions,
): Promise<RemovedPractice> {
  const { clock, audit, reason } = options;
  const [practice] = await db.queryText<{ name: string; generated: string | null }>(
    'select name, generated from practice where practice_id = $1',
    [practiceId],
  );
  if (practice === undefined) throw new OperatorError('The practice no longer exists.');
  if (practice.generated !== null)
    throw new OperatorError(`The server generates "${practice.name}" again. To close the sandbox, set SANDBOX=off.`);
  const record = (tx: Executor, detail: Record<string, unknown>): Promise<void> =>
    audit.appendInTransaction(tx, {
      kind: 'practice',
      outcome: 'success',
      detail: { ...detail, practice: practiceId, by: 'command line' },
    });
  const counter = createCounter();
  await db.transaction(async (tx) => {
    await setPracticeEnabled(tx, practiceId, false);
    await record(tx, { action: 'remove', reason });
    await options.onBegin?.(tx);
  });
  const endAccess = (tx: Executor, table: string, condition: string, values: readonly unknown[]) =>
    closeUnusedAccounts(tx, clock, counter, { table, condition, values });
  let records = 0;
  for (;;) {
    const removed = await db.transaction(async (tx) => {
      await tx.queryText('set local statement_timeout = 0', []);
      const ids = await lockRecords(tx, practiceId);
      if (ids.length === 0) return 0;
      for (const [table, condition] of BY_RECORD) await counter.remove(tx, table, condition, [ids]);
      await endAccess(tx, 'representation', 'record_id = any($1::int8[])', [ids]);
      await counter.remove(tx, 'record', 'record_id = any($1::int8[])', [ids]);
      return ids.length;
    });
    if (removed === 0) break;
    records += removed;
    options.onProgress?.(records);
  }
  await db.transaction(async (tx) => {
    await tx.queryText('set local statement_timeout = 0', []);
    for (const [table, condition] of BY_PRACTICE)
      await counter.remove(tx, table, forPractice(condition, practiceId), []);
    await endAccess(tx, 'staff', forPractice(`practice_id = ${PRACTICE}`, practiceId), []);
    await removePracticeFromApps(tx, practiceId);
    await deletePracticeRow(tx, practiceId, clock.now());
    await record(tx, { action: 'removed', records, accounts: counter.accounts() });
  });
  return { rows: counter.rows(), accounts: counter.accounts() };
}

async function lockRecords(tx: Executor, practiceId: PracticeId): Promise<readonly number[]> {
  const sql = `select record_id from record where practice_id = $1 order by record_id limit ${RECORDS_AT_ONCE} for update`;
  return (await tx.queryText<{ record_id: number }>(sql, [practiceId])).map(({ record_id }) => record_id);
}

interface RemovalCounter {
  remove(tx: Executor, table: string, condition: string, values: readonly unknown[]): Promise<void>;
  count(table: string, rows: number): void;
  countAccount(): void;
  rows(): Readonly<Record<string, number>>;
  accounts(): number;
}

function createCounter(): RemovalCounter {
  const rows: Record<string, number> = {};
  let accounts = 0;
  const count = (table: string, removed: number): void => {
    if (removed > 0) rows[table] = (rows[table] ?? 0) + removed;
  };
  return {
    async remove(tx, table, condition, values) {
      const sql = `with gone as (delete from ${table} where ${condition} returning 1)
        select count(*)::int8 as count from gone`;
      count(table, (await tx.queryText<{ count: number }>(sql, values))[0]?.count ?? 0);
    },
    count,
    countAccount: () => {
      accounts += 1;
    },
    rows: () => rows,
    accounts: () => accounts,
  };
}

const NO_ACCESS_LEFT = `select a.account_id from account a
  where a.account_id = any($1::uuid[]) and a.closed_at is null and not a.published and not a.administrator
    and a.kind <> 'developer'
    and not exists (select from staff s where s.account_id = a.account_id)
    and not exists (select from representation h where h.account_id = a.account_id and h.ended_at is null)
  order by a.account_id for update`;

/** Deletes rows that give accounts access, and closes the accounts that have no access left. */
async function closeUnusedAccounts(
  tx: Executor,
  clock: Clock,
  counter: RemovalCounter,
  { table, condition, values }: { table: string; condition: string; values: readonly unknown[] },
): Promise<void> {
  const sql = `delete from ${table} where ${condition} returning account_id`;
  const removed = await tx.queryText<{ account_id: string }>(sql, values);
  counter.count(table, removed.length);
  const ids = removed.map(({ account_id }) => account_id);
  if (ids.length === 0) return;
  for (const { account_id } of await tx.queryText<{ account_id: string }>(NO_ACCESS_LEFT, [ids])) {
    await closeAccount(tx, { now: clock.now(), endAppAccess: endAllGrantsOfAccount }, account_id as AccountId);
    counter.countAccount();
  }
}
