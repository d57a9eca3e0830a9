import type { Database } from '../../../src/database/index.ts';

/** Number of access tokens without an audit event of the same time. It must be zero. */
export async function unrecordedTokens(db: Pick<Database, 'queryText'>): Promise<number> {
  const [row] = await db.queryText<{ n: number }>(
    `select count(*)::int as n from token t join token_family f on f.family_id = t.family_id
     where t.kind = 'access' and not exists (
       select from audit_event a
       where a.grant_id = f.grant_id and a.kind = 'token' and a.outcome = 'success' and a.at = t.issued_at)`,
    [],
  );
  return row?.n ?? 0;
}
