import { type Scope, uniqueScopes } from '../../access/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { SessionUser } from '../../domain/index.ts';
import type { ClientId, GrantId, PatientId, PracticeId } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { ACTIVE_TOKEN_JOINS, IS_ACTIVE_TOKEN } from './active-token.ts';
import { getCurrentScopes } from './token-response.ts';

const ACTIVE_ACCESS_COLUMNS = {
  grant_id: 'uuid',
  scope: 'text',
  denied: '_text',
  labels: '_text',
  ends: 'timestamptz?',
  since: 'timestamptz',
  away: 'bool',
} as const;
const activeAccessStatement = statement(
  'oauth.grants.live',
  ACTIVE_ACCESS_COLUMNS,
  `select distinct f.grant_id, coalesce(t.scope, f.scope) as scope, f.denied, f.labels, f.expires_at as ends,
     f.created_at as since, f.refresh_seconds is not null and f.session_id is null as away
   from token_family f join token t on t.family_id = f.family_id ${ACTIVE_TOKEN_JOINS}
   where f.grant_id = any($2::uuid[]) and ($3::bytea is null or f.browser = $3)
     and t.used_at is null and t.expires_at > $1 and ${IS_ACTIVE_TOKEN}`,
);

const connectedAppsStatement = statement(
  'oauth.grants.connected-apps',
  { client_id: 'text', grant_id: 'uuid', practice_id: 'int4', patient_id: 'uuid' },
  `select distinct g.client_id, g.grant_id, r.practice_id, r.patient_id
   from token_family f join token t on t.family_id = f.family_id ${ACTIVE_TOKEN_JOINS}
   where g.account_id = $2 and g.subject = 'record' and r.record_id is not null and ($3::bytea is null or f.browser = $3)
     and t.used_at is null and t.expires_at > $1 and ${IS_ACTIVE_TOKEN}
   order by g.client_id, g.grant_id limit 500`,
);

/** The combined access of a grant's active tokens. */
export interface ActiveAccess {
  readonly scopes: readonly Scope[];
  /** Time at which access ends, as the person chose. Undefined if there is no end date. */
  readonly ends: Date | undefined;
  /** Time of the latest consent that still gives access. */
  readonly since: Date;
  /**
   * Whether access continues after the person has signed out: there is a refresh token that isn't bound to their
   * session.
   */
  readonly isOffline: boolean;
  /** Keys of the sensitive security labels that the person allowed. */
  readonly labels: readonly string[];
}

/**
 * Finds the current access of each grant. Grants without an active token are missing from the map.
 * @param browser limits the result to access that was allowed in this browser; undefined: all access
 */
export async function findActiveAccess(
  { db, types }: { readonly db: Executor; readonly types: ServedTypes },
  now: Date,
  grantIds: readonly string[],
  browser: Buffer | undefined = undefined,
): Promise<ReadonlyMap<string, ActiveAccess>> {
  const byGrant = Map.groupBy(
    await db.query(activeAccessStatement, [now, grantIds, browser ?? null]),
    ({ grant_id }) => grant_id,
  );
  return new Map([...byGrant].map(([grantId, rows]) => [grantId, combineAccess(rows, types)]));
}

function combineAccess(rows: readonly RowOf<typeof ACTIVE_ACCESS_COLUMNS>[], types: ServedTypes): ActiveAccess {
  const ends = rows.map((row) => row.ends?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return {
    scopes: uniqueScopes(rows.flatMap((row) => getCurrentScopes(row, types))),
    ends: Number.isFinite(last) ? new Date(last) : undefined,
    since: new Date(Math.max(...rows.map((row) => row.since.getTime()))),
    isOffline: rows.some(({ away }) => away),
    labels: [...new Set(rows.flatMap((row) => row.labels))],
  };
}

/** A grant of an account through which an app can read a record now. */
export interface ConnectedApp {
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly practiceId: PracticeId;
  readonly patientId: PatientId;
}

/**
 * Lists the apps that the signed-in person connected and that can read data now, at most 500 grants. A shared sandbox
 * account sees only what was connected in its own browser.
 */
export async function listConnectedApps(
  db: Executor,
  now: Date,
  { accountId, published, browser }: Pick<SessionUser, 'accountId' | 'published' | 'browser'>,
): Promise<readonly ConnectedApp[]> {
  // Without a browser identifier, a shared account has no connections of its own. An empty identifier matches none.
  const onlyBrowser = published ? (browser ?? Buffer.alloc(0)) : null;
  const rows = await db.query(connectedAppsStatement, [now, accountId, onlyBrowser]);
  return rows.map((row) => ({
    clientId: row.client_id as ClientId,
    grantId: row.grant_id as GrantId,
    practiceId: row.practice_id as PracticeId,
    patientId: row.patient_id as PatientId,
  }));
}
