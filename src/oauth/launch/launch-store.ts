import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import { type AccountId, type ClientId, later, type RecordId, seconds } from '../../kernel/index.ts';
import type { LaunchContext } from '../token/launch-context.ts';

/** The launch that a launch token stands for. SMART App Launch 2.2 §2.0.9 */
export interface StoredLaunch {
  readonly clientId: ClientId;
  /** Account of the staff member who launched the app. */
  readonly accountId: AccountId;
  readonly recordId: RecordId;
  readonly context: LaunchContext;
}

export interface NewLaunch extends StoredLaunch {
  /** SHA-256 of the launch token. */
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/**
 * For this long after a launch was used, pressing Allow again still works. When a person presses Allow twice, the
 * browser discards the response to the first press.
 */
const RETRY_WINDOW = seconds(10);

const insertStatement = statement(
  'oauth.launch.insert',
  {},
  `insert into launch (hash, client_id, account_id, record_id, context, expires_at) values ($1, $2, $3, $4, $5, $6)`,
);
const findStatement = statement(
  'oauth.launch.find',
  {
    client_id: 'text',
    account_id: 'uuid',
    record_id: 'int8',
    context: 'jsonb',
    expires_at: 'timestamptz',
    used_at: 'timestamptz?',
  },
  'select client_id, account_id, record_id, context, expires_at, used_at from launch where hash = $1',
);
const useStatement = statement(
  'oauth.launch.use',
  { hash: 'bytea' },
  `update launch set used_at = coalesce(used_at, $2)
   where hash = $1 and expires_at > $2 and (used_at is null or used_at > $3) returning hash`,
);
const sweepStatement = statement(
  'oauth.launch.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from launch where expires_at < $1 and hash in (
       select hash from launch where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

export async function createLaunch(tx: Executor, launch: NewLaunch): Promise<void> {
  const { hash, clientId, accountId, recordId, context, expiresAt } = launch;
  await tx.query(insertStatement, [hash, clientId, accountId, recordId, JSON.stringify(context), expiresAt]);
}

/**
 * Finds the launch with this token hash. Returns `used` or `expired` if it can't be used for that reason, and undefined
 * if it never existed or was deleted.
 */
export async function findLaunch(
  db: Executor,
  hash: Buffer,
  now: Date,
): Promise<StoredLaunch | 'used' | 'expired' | undefined> {
  const [row] = await db.query(findStatement, [hash]);
  if (row === undefined) return undefined;
  if (row.used_at !== null && row.used_at <= later(now, -RETRY_WINDOW)) return 'used';
  if (row.expires_at <= now) return 'expired';
  return {
    clientId: row.client_id as ClientId,
    accountId: row.account_id as AccountId,
    recordId: row.record_id as RecordId,
    context: row.context as LaunchContext,
  };
}

/**
 * Marks the launch as used. Returns false if it has expired or was used before, because a launch token is valid once. A
 * retry within `RETRY_WINDOW` succeeds.
 */
export async function consumeLaunch(tx: Executor, hash: Buffer, now: Date): Promise<boolean> {
  return (await tx.query(useStatement, [hash, now, later(now, -RETRY_WINDOW)])).length > 0;
}

/**
 * Deletes launches that expired before a cutoff. With a cutoff in the past, recently expired launches stay, so that an
 * app that uses one too late gets a precise error.
 * @param before cutoff of the expiry time
 */
export async function deleteExpiredLaunches(db: Executor, before: Date): Promise<void> {
  await deleteInBatches(db, sweepStatement, [before]);
}
