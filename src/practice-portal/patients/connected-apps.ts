import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { Session } from '../../identity/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/** An app to which someone gave access to the patient's record. */
export interface PatientConnectedApp {
  readonly grantId: string;
  readonly app: string;
  /** Name of the person who gave the app access. */
  readonly person: string;
  readonly since: Date;
  readonly lastUsed: Date | undefined;
}

const APP_COLUMNS = {
  grant_id: 'uuid',
  app: 'text',
  person: 'text',
  granted_at: 'timestamptz',
  last_used: 'timestamptz?',
} as const;
const list = statement(
  'desk.patient.apps',
  APP_COLUMNS,
  `select g.grant_id, a.name as app, u.display_name as person, g.granted_at,
     (select max(e.at) from recorded_event e
      where e.record_id = g.record_id and e.grant_id = g.grant_id and e.outcome = 'success'
        and e.kind in ('read', 'search', 'document', 'export')) as last_used
   from consent_grant g
   join app a on a.client_id = g.client_id
   join account u on u.account_id = g.account_id
   where g.record_id = $1 and g.subject = 'record' and g.revoked_at is null
     and ($2::bytea is null or exists (select from token_family f where f.grant_id = g.grant_id and f.browser = $2))
   order by g.granted_at desc, a.name`,
);

/**
 * Lists the grants of a record that were not revoked, newest first. The caller must check which of them still give
 * access. A session with shared sandbox credentials sees only grants that were made in the same browser.
 */
export async function listConnectedApps(
  db: Executor,
  recordId: RecordId,
  { published, browser = Buffer.alloc(0) }: Pick<Session, 'published' | 'browser'>,
): Promise<readonly PatientConnectedApp[]> {
  return (await db.query(list, [recordId, published ? browser : null])).map((row: RowOf<typeof APP_COLUMNS>) => ({
    grantId: row.grant_id,
    app: row.app,
    person: row.person,
    since: row.granted_at,
    lastUsed: row.last_used ?? undefined,
  }));
}
