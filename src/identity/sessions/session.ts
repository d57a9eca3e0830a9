import { deleteInBatches, type Executor, ROWS_PER_DELETE, type RowOf, statement } from '../../database/index.ts';
import type { AccountKind, SessionUser } from '../../domain/index.ts';
import {
  type AccountId,
  type Clock,
  hours,
  later,
  minutes,
  type Random,
  randomSecret,
  sha256,
} from '../../kernel/index.ts';

/**
 * Milliseconds of inactivity after which a person must sign in again. The session itself lasts until `SESSION_LIFETIME`
 * after sign-in or until sign-out.
 */
const IDLE_TIMEOUT = minutes(30);
const SESSION_LIFETIME = hours(12);
/**
 * Milliseconds after the password was verified within which a person must complete the sign-in, with the second factor
 * or its setup.
 */
const STEP_TIMEOUT = minutes(10);
/** Minimum milliseconds between two updates of a session's time of last use, `seen_at`. */
const TOUCH_INTERVAL = minutes(1);

/**
 * Stage of a sign-in. `full`: signed in. `second-factor`: the password was correct and the second factor is pending.
 * `set-up`: a staff member without a second factor must set one up first.
 */
export type SessionStage = 'full' | 'second-factor' | 'set-up';

export interface Session extends SessionUser {
  /** True for an administrator of the whole installation. Administrators of one practice have a staff role instead. */
  readonly administrator: boolean;
  /**
   * True for a shared sandbox account that reviews made-up apps only. `administrator` is false for it, so that a check
   * of the real role rejects it.
   */
  readonly sandboxAdministrator: boolean;
  /** Time of the last authentication. Changes to the account require a recent one. */
  readonly authenticatedAt: Date;
}

const insertSession = statement(
  'people.session.insert',
  {},
  `insert into session (hash, session_id, account_id, signed_in_at, seen_at, expires_at, stage, device, browser, proved_at)
   values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $4)`,
);
const selectSession = statement(
  'people.session.find',
  {
    session_id: 'uuid',
    account_id: 'uuid',
    display_name: 'text',
    kind: 'text',
    published: 'bool',
    administrator: 'bool',
    sandbox_administrator: 'bool',
    browser: 'bytea?',
    signed_in_at: 'timestamptz',
    proved_at: 'timestamptz?',
    seen_at: 'timestamptz',
  },
  `select s.session_id, s.account_id, a.display_name, a.kind, a.published, a.administrator, a.sandbox_administrator,
     s.browser, s.signed_in_at, s.proved_at, s.seen_at
   from session s join account a on a.account_id = s.account_id and a.locked_at is null and a.closed_at is null
   where s.hash = $1 and s.stage = $4 and s.expires_at > $2 and s.seen_at > $3`,
);
const updateSeenAt = statement(
  'people.session.touch',
  {},
  'update session set seen_at = $2 where hash = $1 and seen_at < $2',
);
const deleteSession = statement(
  'people.session.end',
  { account_id: 'uuid' },
  'delete from session where hash = $1 returning account_id',
);
const renew = statement(
  'people.session.renew',
  { session_id: 'uuid' },
  'update session set hash = $2, proved_at = $3 where hash = $1 returning session_id',
);
const LISTED = {
  session_id: 'uuid',
  device: 'text?',
  signed_in_at: 'timestamptz',
  seen_at: 'timestamptz',
} as const;
const selectSessions = statement(
  'people.session.list',
  LISTED,
  `select session_id, device, signed_in_at, seen_at from session
   where account_id = $1 and stage = 'full' and expires_at > $2
   order by session_id = $3 desc, seen_at desc, session_id limit 100`,
);
const deleteById = statement(
  'people.session.end-one',
  { session_id: 'uuid' },
  'delete from session where account_id = $1 and session_id = $2 returning session_id',
);
const deleteOthers = statement(
  'people.session.end-others',
  { session_id: 'uuid' },
  'delete from session where account_id = $1 and session_id <> $2 returning session_id',
);
const deleteAll = statement('people.session.end-all-of', {}, 'delete from session where account_id = $1');
/**
 * Deletes sessions after their full lifetime, not when they become idle, because an app's online access depends on a
 * session even while the person is idle.
 */
const purge = statement(
  'people.session.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from session where expires_at < $1 and hash in (
       select hash from session where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

export interface NewSession {
  readonly accountId: AccountId;
  readonly stage?: SessionStage;
  /** Description of the browser, which the account's owner sees in the list of sessions. */
  readonly device?: string | undefined;
  readonly browser?: Buffer | undefined;
}

/** Starts a session and returns the value of its cookie. The database stores only a hash of the value. */
export async function createSession(
  db: Executor,
  { clock, random }: { clock: Clock; random: Random },
  { accountId, stage = 'full', device, browser }: NewSession,
): Promise<string> {
  const cookie = randomSecret(random);
  const now = clock.now();
  const ends = later(now, stage === 'full' ? SESSION_LIFETIME : STEP_TIMEOUT);
  await db.query(insertSession, [sha256(cookie), random.uuid(), accountId, now, ends, stage, device, browser]);
  return cookie;
}

/**
 * Finds the session that a cookie belongs to. The session must have the given stage and be neither idle nor expired,
 * and its account neither locked nor closed. Updates the time of last use at most once a minute.
 */
export async function findSession(
  db: Executor,
  clock: Clock,
  cookie: string | undefined,
  stage: SessionStage = 'full',
): Promise<Session | undefined> {
  if (cookie === undefined) return undefined;
  const now = clock.now();
  const [row] = await db.query(selectSession, [sha256(cookie), now, later(now, -IDLE_TIMEOUT), stage]);
  if (row === undefined) return undefined;
  if (now.getTime() - row.seen_at.getTime() > TOUCH_INTERVAL) await db.query(updateSeenAt, [sha256(cookie), now]);
  return {
    sessionId: row.session_id,
    accountId: row.account_id as AccountId,
    displayName: row.display_name,
    kind: row.kind as AccountKind,
    published: row.published,
    administrator: row.administrator,
    sandboxAdministrator: row.sandbox_administrator,
    browser: row.browser ?? undefined,
    signedInAt: row.signed_in_at,
    authenticatedAt: row.proved_at ?? row.signed_in_at,
  };
}

/**
 * Ends the session that a cookie belongs to. Returns the session's account, or `undefined` if there was no such
 * session.
 */
export async function endSession(db: Executor, cookie: string): Promise<AccountId | undefined> {
  const [row] = await db.query(deleteSession, [sha256(cookie)]);
  return row?.account_id as AccountId | undefined;
}

/** Ends all sessions of an account. */
export async function endAllSessions(db: Executor, accountId: AccountId): Promise<void> {
  await db.query(deleteAll, [accountId]);
}

/**
 * Records that the person with this session has just authenticated again, and replaces the session's cookie: someone with
 * a copy of the old one can't use what the person has just confirmed.
 * @returns the value of the new cookie; undefined if the session has ended
 */
export async function renewSession(
  db: Executor,
  { clock, random }: { clock: Clock; random: Random },
  cookie: string,
): Promise<string | undefined> {
  const next = randomSecret(random);
  const [renewed] = await db.query(renew, [sha256(cookie), sha256(next), clock.now()]);
  return renewed === undefined ? undefined : next;
}

/**
 * Lists at most 100 sessions of an account: the current one first, then by time of last use. Idle sessions are
 * included, because an app's online access may depend on them although the person must sign in again.
 */
export const listSessions = (
  db: Executor,
  { accountId, sessionId }: Pick<Session, 'accountId' | 'sessionId'>,
  now: Date,
): Promise<RowOf<typeof LISTED>[]> => db.query(selectSessions, [accountId, now, sessionId]);

/** Ends one session of an account. @returns false if the account has no such session */
export async function endSessionById(tx: Executor, accountId: AccountId, sessionId: string): Promise<boolean> {
  return (await tx.query(deleteById, [accountId, sessionId])).length > 0;
}

/** Ends all sessions of an account except the current one. @returns the number of ended sessions */
export async function endOtherSessions(tx: Executor, accountId: AccountId, sessionId: string): Promise<number> {
  return (await tx.query(deleteOthers, [accountId, sessionId])).length;
}

/** Deletes sessions that expired before `now`. */
export async function purgeExpiredSessions(db: Executor, now: Date): Promise<void> {
  await deleteInBatches(db, purge, [now]);
}
