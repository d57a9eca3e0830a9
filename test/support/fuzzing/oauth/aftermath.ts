import { SECRET_PREFIX } from '../invented-secrets.ts';
import type { AttackReport } from './attack.ts';
import type { OAuthWorld } from './oauth-server.ts';
import { KINDS } from './request-draft.ts';
import { findSecrets } from './secrets.ts';

/**
 * Finds secrets of requests and responses in the server's log, in the errors shown to developers, and in the audit log.
 */
export async function findLeakedSecrets({ server, ledger }: OAuthWorld): Promise<readonly string[]> {
  const errorLog = await server.db.queryText<{ text: string }>(
    'select row_to_json(r)::text as text from app_request r',
    [],
  );
  const events = await server.db.queryText<{ text: string }>('select detail::text as text from audit_event', []);
  const lines = [...server.log, ...[...errorLog, ...events].map(({ text }) => text ?? '')];
  const marked = lines.filter((line) => line.toLowerCase().includes(SECRET_PREFIX.toLowerCase()));
  return [...findSecrets(lines, ledger.secrets), ...marked];
}

/**
 * Finds codes that were exchanged twice, and refresh tokens with two successors (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
 */
export function findReusedCodes({ ledger }: OAuthWorld): readonly string[] {
  const codes = [...ledger.exchanged].filter(([, times]) => times > 1).map(([code]) => code);
  const refreshed = [...ledger.successors].filter(([, next]) => next.size > 1).map(([token]) => token);
  return [...codes, ...refreshed];
}

const FORBIDDEN_ROWS: Readonly<Record<string, string>> = {
  'a family with two refresh tokens that were not exchanged': `select family_id from token
    where kind = 'refresh' and used_at is null group by family_id having count(*) > 1`,
  'a code that was not exchanged, with tokens': `select family_id from token code where kind = 'code' and used_at is null
    and exists (select from token t where t.family_id = code.family_id and t.kind <> 'code')`,
  'a token without its family': `select family_id from token t
    where not exists (select from token_family f where f.family_id = t.family_id)`,
  'a family without its grant': `select family_id from token_family f
    where not exists (select from consent_grant g where g.grant_id = f.grant_id)`,
  'a token of an app that is out of use': `select f.family_id from token_family f
    join consent_grant g using (grant_id) join app a using (client_id)
    where a.state in ('suspended', 'retired') and a.registration_hash is null`,
  'two grants for one person, app and record': `select client_id from consent_grant
    group by client_id, account_id, record_id, subject having count(*) > 1`,
};

/** Finds rows that must never be in the database. */
export async function findForbiddenRows({ server, ledger }: OAuthWorld): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [what, sql] of Object.entries(FORBIDDEN_ROWS)) {
    const rows = await server.db.queryText(sql, []);
    if (rows.length > 0) problems.push(`${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  const used = "select from token where kind = 'code' and used_at is not null";
  const { length: exchanged } = await server.db.queryText(used, []);
  const { size: answered } = ledger.exchanged;
  return exchanged === answered
    ? problems
    : [...problems, `${exchanged} codes were exchanged, ${answered} answers had tokens`];
}

/** Kinds of request that didn't succeed often enough, or didn't fail often enough, for the run to prove something. */
export const coverageGaps = ({ tally }: AttackReport, least: number): readonly string[] =>
  KINDS.filter((kind) => tally[kind].success < least || tally[kind].refusal < least).map(
    (kind) => `${kind}: ${JSON.stringify(tally[kind])}`,
  );
