import { findGrantUsageForStaff } from '../../audit/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import type { Session } from '../../identity/index.ts';
import type { GrantId, RecordId } from '../../kernel/index.ts';

/** An app to which someone gave access to the patient's record. */
export interface PatientConnectedApp {
  readonly grantId: string;
  readonly app: string;
  /** Name of the person who gave the app access. */
  readonly person: string;
  readonly since: Date;
  readonly lastUsed: Date | undefined;
  /** Time since when reads were searched, if the record has too many events to search all. */
  readonly searchedSince: Date | undefined;
}

const APP_COLUMNS = {
  grant_id: 'uuid',
  app: 'text',
  person: 'text',
  granted_at: 'timestamptz',
} as const;
const list = statement(
  'desk.patient.apps',
  APP_COLUMNS,
  `select g.grant_id, a.name as app, u.display_name as person, g.granted_at
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
  const rows = await db.query(list, [recordId, published ? browser : null]);
  const usage = await findGrantUsageForStaff(
    db,
    recordId,
    rows.map(({ grant_id }) => grant_id as GrantId),
  );
  return rows.map((row) => {
    const { last, since } = usage.get(row.grant_id as GrantId) ?? {};
    return {
      grantId: row.grant_id,
      app: row.app,
      person: row.person,
      since: row.granted_at,
      lastUsed: last,
      searchedSince: since,
    };
  });
}
