import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, type ClientId, later, type RecordId, seconds } from '../../kernel/index.ts';
import type { LaunchContext } from '../token/launch-context.ts';

/** The data behind a launch token. SMART App Launch 2.2 §2.0.9 */
export interface StoredLaunch {
  readonly clientId: ClientId;
  /** The staff member who launched the app. */
  readonly accountId: AccountId;
  readonly recordId: RecordId;
  readonly context: LaunchContext;
}

export interface NewLaunch extends StoredLaunch {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** A second press on Allow within this time still works, because the browser discarded the response to the first. */
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
const sweepStatement = statement('oauth.launch.sweep', {}, 'delete from launch where expires_at < $1');

export async function createLaunch(tx: Executor, launch: NewLaunch): Promise<void> {
  const { hash, clientId, accountId, recordId, context, expiresAt } = launch;
  await tx.query(insertStatement, [hash, clientId, accountId, recordId, JSON.stringify(context), expiresAt]);
}

/** Returns the launch, or why it can't be used. Undefined when it never existed or was deleted. */
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
 * Marks the launch as used and returns whether that was possible: a launch token is valid once, apart from the retry
 * window above.
 */
export async function consumeLaunch(tx: Executor, hash: Buffer, now: Date): Promise<boolean> {
  return (await tx.query(useStatement, [hash, now, later(now, -RETRY_WINDOW)])).length > 0;
}

/**
 * Deletes launches that expired before a time. A later cutoff keeps recently expired ones, so that an app that comes
 * late gets a precise error.
 * @param before cutoff of the expiry time
 */
export async function deleteExpiredLaunches(db: Executor, before: Date): Promise<void> {
  await db.query(sweepStatement, [before]);
}
