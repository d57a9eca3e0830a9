import { ANY_RECORD_SQL, lastReadSql } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ClientId, PracticeId } from '../../kernel/index.ts';
import { grantedInBrowserSql } from '../shared-account-visibility.ts';
import { findAppCounts } from './count-apps.ts';

/** An app that patients of a practice use, with the number of patients but never their identity. */
export interface UsedApp {
  readonly clientId: ClientId;
  readonly name: string;
  /** Name of the app's developer. undefined when unknown. */
  readonly developer: string | undefined;
  /** Whether an administrator has verified the developer. */
  readonly verified: boolean;
  readonly patients: number;
  /** When the first patient of the practice allowed the app. */
  readonly since: Date;
  /** When the app last read data of any patient of the practice. undefined if it has not read any. */
  readonly usedAt: Date | undefined;
}

const USED_APP_COLUMNS = {
  client_id: 'text',
  name: 'text',
  developer: 'text?',
  verified: 'bool',
  patients: 'int4',
  since: 'timestamptz',
  used_at: 'timestamptz?',
} as const;
/** Describes apps that were counted. */
const listStatement = statement(
  'desk.used-apps',
  USED_APP_COLUMNS,
  `select a.client_id, a.name, m.developer, m.verified_at is not null as verified, w.patients, w.since,
     ${lastReadSql('$1', 'w.client_id')} as used_at
   from unnest($2::text[], $3::int4[], $4::timestamptz[]) w (client_id, patients, since)
   join app a on a.client_id = w.client_id join app_maker m on m.client_id = w.client_id
   order by w.patients desc, a.name, a.client_id`,
);
/**
 * Counts the grants that were made in one browser, for users of shared sandbox accounts. The time of the last read comes
 * from the audit log, of which only the last 400 days are searched.
 */
const sharedListStatement = statement(
  'desk.used-apps.shared',
  USED_APP_COLUMNS,
  `with allowed as (
     select g.client_id, count(distinct g.record_id)::int4 as patients, min(f.created_at) as since
     from consent_grant g
     join record r on r.record_id = g.record_id and r.practice_id = $1 and r.state = 'active'
     join token_family f on f.grant_id = g.grant_id and f.revoked_at is null
       and (f.expires_at is null or f.expires_at > $2) and f.browser = $3
     where g.subject = 'record' and g.revoked_at is null group by g.client_id)
   select a.client_id, a.name, m.developer, m.verified_at is not null as verified, w.patients, w.since, e.at as used_at
   from allowed w join app a on a.client_id = w.client_id join app_maker m on m.client_id = w.client_id
   left join lateral (
     select e.at from recorded_event e join record r on r.record_id = ${ANY_RECORD_SQL} and r.practice_id = $1
     where e.client_id = a.client_id and e.at > $2 - interval '400 days' and e.outcome = 'success'
       and e.kind in ('read', 'search', 'document', 'export') and ${grantedInBrowserSql('$3', 'e.grant_id', 'e.at')}
     order by e.at desc limit 1) e on true
   order by w.patients desc, a.name, a.client_id`,
);

/** The apps that patients of a practice use, by number of patients, highest first. */
export interface UsedApps {
  readonly apps: readonly UsedApp[];
  /** When apps and patients were counted: undefined for now, `never` if they weren't yet. */
  readonly countedAt: Date | 'never' | undefined;
}

/**
 * Lists the apps that patients of a practice use.
 * @param browser limits the list to grants that were made in this browser; undefined: all grants
 */
export async function listUsedApps(
  db: Executor,
  practiceId: PracticeId,
  now: Date,
  browser: Buffer | undefined,
): Promise<UsedApps> {
  if (browser !== undefined) {
    const rows = await db.query(sharedListStatement, [practiceId, now, browser]);
    return { apps: rows.map(toUsedApp), countedAt: undefined };
  }
  const counts = await findAppCounts(db, practiceId, now);
  if (counts === undefined) return { apps: [], countedAt: 'never' };
  const { apps, countedAt } = counts;
  const columns = [apps.map((one) => one.clientId), apps.map((one) => one.patients), apps.map((one) => one.since)];
  return { apps: (await db.query(listStatement, [practiceId, ...columns])).map(toUsedApp), countedAt };
}

const toUsedApp = (row: RowOf<typeof USED_APP_COLUMNS>): UsedApp => ({
  clientId: row.client_id as ClientId,
  name: row.name,
  developer: row.developer ?? undefined,
  verified: row.verified,
  patients: row.patients,
  since: row.since,
  usedAt: row.used_at ?? undefined,
});
