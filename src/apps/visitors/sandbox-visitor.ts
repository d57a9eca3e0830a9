import { type Database, type Executor, enterMadeUpSpace, statement } from '../../database/index.ts';
import { type AccountId, type Clock, later, minutes, type Random } from '../../kernel/index.ts';

/**
 * Maximum number of visitors whose copies are stored. Anyone can sign in with a shared sandbox account, so the number
 * must have a limit. The visitor who was idle for the longest time makes room for a new one.
 */
export const MAX_VISITORS = 200;
/** Minimum milliseconds between two updates of the time of last use. */
const TOUCH_INTERVAL = minutes(5);
/** Number of the advisory lock that is held while a visitor is added, so that concurrent ones are counted correctly. */
const LOCK = 58_025;

const find = statement(
  'registry.sandbox-visitor.find',
  { visitor_id: 'uuid', used_at: 'timestamptz' },
  'select visitor_id, used_at from sandbox_visitor where account_id = $1 and browser = $2',
);
const touch = statement(
  'registry.sandbox-visitor.touch',
  {},
  'update sandbox_visitor set used_at = $2 where visitor_id = $1',
);
const lock = statement('registry.sandbox-visitor.lock', {}, 'select from pg_advisory_xact_lock($1)');
const insert = statement(
  'registry.sandbox-visitor.insert',
  { visitor_id: 'uuid' },
  `insert into sandbox_visitor (visitor_id, account_id, browser, created_at, used_at) values ($1, $2, $3, $4, $4)
   on conflict (account_id, browser) do nothing returning visitor_id`,
);

/**
 * Deletes visitors and everything that belongs to their copies. Names the tables instead of the views, because the
 * visitors have different spaces.
 * @param condition SQL condition of the visitors to delete
 */
const deleteSql = (condition: string): string =>
  `with gone as (delete from sandbox_visitor where ${condition} returning visitor_id),
   organisations as (
     delete from stored_organisation o using gone where o.space = gone.visitor_id::text
     returning o.organisation_id),
   members as (delete from membership m using organisations o where m.organisation_id = o.organisation_id),
   notices as (delete from notification n using organisations o where n.organisation_id = o.organisation_id),
   apps as (delete from stored_app a using gone where a.space = gone.visitor_id::text returning a.client_id),
   secrets as (delete from app_secret s using apps where s.client_id = apps.client_id),
   versions as (delete from app_version v using apps where v.client_id = apps.client_id),
   events as (delete from app_event e using apps where e.client_id = apps.client_id),
   notes as (delete from review_note n using apps where n.client_id = apps.client_id),
   requests as (delete from made_up_request r using apps where r.client_id = apps.client_id),
   usage as (delete from made_up_usage u using apps where u.client_id = apps.client_id)
   select visitor_id from gone`;
const DELETED = { visitor_id: 'uuid' } as const;
const purge = statement('registry.sandbox-visitor.purge', DELETED, deleteSql('used_at < $1'));
const remove = statement('registry.sandbox-visitor.remove', DELETED, deleteSql('visitor_id = $1'));
const evict = statement(
  'registry.sandbox-visitor.evict',
  DELETED,
  deleteSql('visitor_id in (select v.visitor_id from sandbox_visitor v order by v.used_at desc offset $1)'),
);

/** A browser in which someone is signed in with a shared sandbox account. */
export interface SandboxVisitorKey {
  readonly accountId: AccountId;
  /** SHA-256 of the browser's cookie. */
  readonly browser: Buffer;
}

/** Returns the id of a visitor who has a copy, and records the use. undefined if there is no copy yet. */
export async function findSandboxVisitor(
  db: Executor,
  clock: Clock,
  { accountId, browser }: SandboxVisitorKey,
): Promise<string | undefined> {
  const [row] = await db.query(find, [accountId, browser]);
  if (row === undefined) return undefined;
  const now = clock.now();
  if (row.used_at < later(now, -TOUCH_INTERVAL)) await db.query(touch, [row.visitor_id, now]);
  return row.visitor_id;
}

/**
 * Adds a visitor and fills the visitor's copy in the same transaction. Two requests of a new visitor can arrive at the
 * same time: the second one waits, and finds the copy of the first.
 * @param fill adds made-up organizations and apps; its transaction sees the visitor's rows only
 * @returns the id of the visitor
 */
export function addSandboxVisitor(
  db: Pick<Database, 'transaction'>,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  key: SandboxVisitorKey,
  fill: (tx: Executor) => Promise<void>,
): Promise<string> {
  return db.transaction(async (tx) => {
    await tx.query(lock, [LOCK]);
    const visitorId = random.uuid();
    const added = await tx.query(insert, [visitorId, key.accountId, key.browser, clock.now()]);
    if (added.length === 0) return (await findSandboxVisitor(tx, clock, key)) ?? visitorId;
    await tx.query(evict, [MAX_VISITORS]);
    await enterMadeUpSpace(tx, { visitorId });
    await fill(tx);
    return visitorId;
  });
}

/** Deletes a visitor with their copy. The next request of the browser gets a new copy. */
export async function removeSandboxVisitor(db: Executor, visitorId: string): Promise<void> {
  await db.query(remove, [visitorId]);
}

/** Deletes visitors who were last seen before the given time. */
export async function purgeSandboxVisitors(db: Executor, before: Date): Promise<void> {
  await db.query(purge, [before]);
}
