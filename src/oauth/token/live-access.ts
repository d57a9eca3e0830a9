import { distinct, type Scope } from '../../access/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ServedTypes } from '../ports.ts';
import { scopesNow } from './answer.ts';
import { GOOD, JOINS } from './good.ts';

const ROW = { grant_id: 'uuid', scope: 'text', denied: '_text', ends: 'timestamptz?' } as const;
const live = statement(
  'oauth.grants.live',
  ROW,
  `select distinct f.grant_id, coalesce(t.scope, f.scope) as scope, f.denied, f.expires_at as ends
   from token_family f join token t on t.family_id = f.family_id ${JOINS}
   where f.grant_id = any($2::uuid[]) and t.used_at is null and t.expires_at > $1 and ${GOOD}`,
);

/** What the tokens of a grant that are good now come to together. */
export interface LiveAccess {
  readonly scopes: readonly Scope[];
  /** As the person chose; undefined: when it is stopped. */
  readonly ends: Date | undefined;
}

/** A grant that has no token that is good is not among them. */
export async function liveAccess(
  { db, types }: { readonly db: Executor; readonly types: ServedTypes },
  now: Date,
  grantIds: readonly string[],
): Promise<ReadonlyMap<string, LiveAccess>> {
  const byGrant = Map.groupBy(await db.query(live, [now, grantIds]), ({ grant_id }) => grant_id);
  return new Map([...byGrant].map(([grantId, rows]) => [grantId, together(rows, types)]));
}

function together(rows: readonly RowOf<typeof ROW>[], types: ServedTypes): LiveAccess {
  const ends = rows.map((row) => row.ends?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return {
    scopes: distinct(rows.flatMap((row) => scopesNow(row, types))),
    ends: Number.isFinite(last) ? new Date(last) : undefined,
  };
}
