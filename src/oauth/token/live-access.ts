import { distinct, type Scope } from '../../access/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ServedTypes } from '../ports.ts';
import { scopesNow } from './answer.ts';
import { GOOD, JOINS } from './good.ts';

const ROW = {
  grant_id: 'uuid',
  scope: 'text',
  denied: '_text',
  labels: '_text',
  ends: 'timestamptz?',
  since: 'timestamptz',
  away: 'bool',
} as const;
const live = statement(
  'oauth.grants.live',
  ROW,
  `select distinct f.grant_id, coalesce(t.scope, f.scope) as scope, f.denied, f.labels, f.expires_at as ends,
     f.created_at as since, f.refresh_seconds is not null and f.session_id is null as away
   from token_family f join token t on t.family_id = f.family_id ${JOINS}
   where f.grant_id = any($2::uuid[]) and ($3::bytea is null or f.browser = $3)
     and t.used_at is null and t.expires_at > $1 and ${GOOD}`,
);

/** The combined access of a grant's active tokens. */
export interface LiveAccess {
  readonly scopes: readonly Scope[];
  /** End that the person chose. Undefined when there is no end date. */
  readonly ends: Date | undefined;
  /** Time of the latest consent. */
  readonly since: Date;
  /**
   * Whether access continues after the person has signed out: there is a refresh token that isn't bound to their
   * session.
   */
  readonly away: boolean;
  /** Keys of the sensitive labels that were allowed. */
  readonly labels: readonly string[];
}

/**
 * Finds the current access of each grant. Grants without an active token are missing from the map.
 * @param browser only access that was allowed in this browser
 */
export async function liveAccess(
  { db, types }: { readonly db: Executor; readonly types: ServedTypes },
  now: Date,
  grantIds: readonly string[],
  browser: Buffer | undefined = undefined,
): Promise<ReadonlyMap<string, LiveAccess>> {
  const byGrant = Map.groupBy(await db.query(live, [now, grantIds, browser ?? null]), ({ grant_id }) => grant_id);
  return new Map([...byGrant].map(([grantId, rows]) => [grantId, together(rows, types)]));
}

function together(rows: readonly RowOf<typeof ROW>[], types: ServedTypes): LiveAccess {
  const ends = rows.map((row) => row.ends?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return {
    scopes: distinct(rows.flatMap((row) => scopesNow(row, types))),
    ends: Number.isFinite(last) ? new Date(last) : undefined,
    since: new Date(Math.max(...rows.map((row) => row.since.getTime()))),
    away: rows.some(({ away }) => away),
    labels: [...new Set(rows.flatMap((row) => row.labels))],
  };
}
