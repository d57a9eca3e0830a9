import { type Executor, statement } from '../database/index.ts';
import { type AccountId, type Clock, hours, later, minutes, type Random, secretText, sha256 } from '../kernel/index.ts';
import type { AccountKind } from './account.ts';

/** A browser left alone this long has to sign in again; the session itself ends after `LONGEST`, or by signing out. */
const IDLE = minutes(30);
const LONGEST = hours(12);
/** `seen_at` is written at most this often. */
const TOUCH_EVERY = minutes(1);

export interface Session {
  readonly sessionId: string;
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** OpenID Connect Core §2, `auth_time`: a session never outlasts the sign-in it began with. */
  readonly signedInAt: Date;
}

const insert = statement(
  'people.session.insert',
  {},
  `insert into session (hash, session_id, account_id, signed_in_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)`,
);
const find = statement(
  'people.session.find',
  {
    session_id: 'uuid',
    account_id: 'uuid',
    display_name: 'text',
    kind: 'text',
    signed_in_at: 'timestamptz',
    seen_at: 'timestamptz',
  },
  `select s.session_id, s.account_id, a.display_name, a.kind, s.signed_in_at, s.seen_at
   from session s join account a on a.account_id = s.account_id and a.locked_at is null
   where s.hash = $1 and s.expires_at > $2 and s.seen_at > $3`,
);
const touch = statement('people.session.touch', {}, 'update session set seen_at = $2 where hash = $1 and seen_at < $2');
const end = statement(
  'people.session.end',
  { account_id: 'uuid' },
  'delete from session where hash = $1 returning account_id',
);
const endAllOf = statement('people.session.end-all-of', {}, 'delete from session where account_id = $1');
/** Idle ones stay for their whole time: an app's online access hangs on them. */
const sweep = statement('people.session.sweep', {}, 'delete from session where expires_at < $1');

/** Begins a session; answers with the cookie's value, which is stored as a hash only. */
export async function beginSession(
  db: Executor,
  deps: { clock: Clock; random: Random },
  accountId: AccountId,
): Promise<string> {
  const cookie = secretText(deps.random);
  const now = deps.clock.now();
  await db.query(insert, [sha256(cookie), deps.random.uuid(), accountId, now, later(now, LONGEST)]);
  return cookie;
}

export async function findSession(
  db: Executor,
  clock: Clock,
  cookie: string | undefined,
): Promise<Session | undefined> {
  if (cookie === undefined) return undefined;
  const now = clock.now();
  const [row] = await db.query(find, [sha256(cookie), now, later(now, -IDLE)]);
  if (row === undefined) return undefined;
  if (now.getTime() - row.seen_at.getTime() > TOUCH_EVERY) await db.query(touch, [sha256(cookie), now]);
  return {
    sessionId: row.session_id,
    accountId: row.account_id as AccountId,
    displayName: row.display_name,
    kind: row.kind as AccountKind,
    signedInAt: row.signed_in_at,
  };
}

export async function endSession(db: Executor, cookie: string): Promise<AccountId | undefined> {
  const [row] = await db.query(end, [sha256(cookie)]);
  return row?.account_id as AccountId | undefined;
}

export async function endSessionsOf(db: Executor, accountId: AccountId): Promise<void> {
  await db.query(endAllOf, [accountId]);
}

export async function sweepSessions(db: Executor, now: Date): Promise<void> {
  await db.query(sweep, [now]);
}
