import { ANY_RECORD_SQL } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ClientId, PracticeId } from '../../kernel/index.ts';
import { grantedInBrowserSql } from '../shared-account-visibility.ts';

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
  /** When the app last read data of any patient of the practice. undefined if it has not read any in 400 days. */
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
/**
 * Counts the patients of each app. Grants without an active token family are left out, because they no longer give
 * access. The time of the last read comes from the audit log, of which only the last 400 days are searched.
 */
const listStatement = statement(
  'desk.used-apps',
  USED_APP_COLUMNS,
  `with allowed as (
     select g.client_id, count(distinct g.record_id)::int4 as patients, min(f.created_at) as since
     from consent_grant g
     join record r on r.record_id = g.record_id and r.practice_id = $1 and r.state = 'active'
     join token_family f on f.grant_id = g.grant_id and f.revoked_at is null
       and (f.expires_at is null or f.expires_at > $2) and ($3::bytea is null or f.browser = $3)
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

/**
 * Lists the apps that patients of a practice use, by number of patients, highest first.
 * @param browser limits the list to grants that were made in this browser; undefined: all grants
 */
export async function listUsedApps(
  db: Executor,
  practiceId: PracticeId,
  now: Date,
  browser: Buffer | undefined,
): Promise<readonly UsedApp[]> {
  return (await db.query(listStatement, [practiceId, now, browser ?? null])).map(
    (row: RowOf<typeof USED_APP_COLUMNS>) => ({
      clientId: row.client_id as ClientId,
      name: row.name,
      developer: row.developer ?? undefined,
      verified: row.verified,
      patients: row.patients,
      since: row.since,
      usedAt: row.used_at ?? undefined,
    }),
  );
}
