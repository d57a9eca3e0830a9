import { type Database, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import type { FhirApi } from '../../domain/index.ts';
import type { GrantId, RecordId } from '../../kernel/index.ts';
import type { LaunchContext } from './launch-context.ts';
import type { OpaqueToken } from './opaque-token.ts';

const insertFamilyStatement = statement(
  'oauth.family.insert',
  {},
  `insert into token_family
     (family_id, grant_id, record_id, scope, context, refresh_seconds, session_id, auth_time, expires_at, created_at,
      labels, browser, audience)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);
const insertCodeStatement = statement(
  'oauth.code.insert',
  {},
  `insert into token (family_id, hash, kind, issued_at, expires_at, redirect_uri, challenge, nonce, jkt)
   values ($1, $2, 'code', $3, $4, $5, $6, $7, $8)`,
);
const revokeFamilyStatement = statement(
  'oauth.family.revoke',
  { family_id: 'text' },
  `update token_family set revoked_at = $2, revoked_for = $3 where family_id = $1 and revoked_at is null
   returning family_id`,
);
const familiesOfGrantStatement = statement(
  'oauth.families.of-grant',
  { family_id: 'text' },
  'select family_id from token_family where grant_id = $1 and ($2::bytea is null or browser = $2)',
);
const endInBrowserStatement = statement(
  'oauth.families.end-in-browser',
  { family_id: 'text' },
  `update token_family set revoked_at = $3, revoked_for = $4 where grant_id = $1 and browser = $2 and revoked_at is null
   returning family_id`,
);
const endTokenStatement = statement(
  'oauth.token.end',
  {},
  'update token set used_at = $3 where family_id = $1 and hash = $2 and used_at is null and expires_at > $3',
);
/**
 * Deletes the next expired tokens in the order of their expiry. Each statement begins where the one before ended, so that
 * it doesn't read the deleted rows again.
 */
const sweepTokensStatement = statement(
  'oauth.token.sweep',
  { looked_at: 'int4', expires_at: 'text', family_id: 'text', hash: 'bytea', families: '_text' },
  `with slice as materialized (
     select family_id, hash, expires_at from token
     where expires_at < $1 and (expires_at, family_id, hash) > ($2::timestamptz, $3, $4::bytea)
     order by expires_at, family_id, hash limit ${ROWS_PER_DELETE}),
   gone as (
     delete from token t using slice s
     where t.family_id = s.family_id and t.hash = s.hash and t.expires_at < $1
     returning t.family_id)
   select (select count(*)::int4 from slice) as looked_at, expires_at::text as expires_at, family_id, hash,
     array(select distinct family_id from gone) as families
   from slice order by slice.expires_at desc, family_id desc, hash desc limit 1`,
);
/**
 * Deletes token families without tokens. There are many such families, because backend apps start one with every token.
 */
const sweepFamiliesStatement = statement(
  'oauth.family.sweep',
  {},
  `delete from token_family f where f.family_id = any($2::text[]) and f.created_at < $1
     and not exists (select from token t where t.family_id = f.family_id)`,
);
/** Position before the first token, in the order of expiry. */
const FIRST_TOKEN: readonly unknown[] = ['-infinity', '', Buffer.alloc(0)];

export interface NewAuthorizationCode {
  readonly code: OpaqueToken;
  readonly expires: Date;
  readonly grantId: GrantId;
  readonly recordId: RecordId | undefined;
  readonly context: LaunchContext;
  /** The API whose base URL the app sent in `aud`. Undefined if it sent none. */
  readonly audience: FhirApi | undefined;
  readonly scope: string;
  /** Keys of the sensitive security labels that the person allowed. */
  readonly labels: readonly string[];
  /**
   * Hash that identifies the browser in which a shared sandbox account allowed access. Undefined for all other
   * accounts.
   */
  readonly browser: Buffer | undefined;
  readonly refreshSeconds: number | null;
  /** Session with which access ends, if the app got `online_access`. Null otherwise. */
  readonly sessionId: string | null;
  readonly authTime: Date;
  /** Time at which access ends, as the person chose. Null means no end date. */
  readonly ends: Date | null;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly nonce: string | null;
  /**
   * Thumbprint of the key that the client must prove when it exchanges the code. Null if the code isn't bound to a key.
   * RFC 9449 §10
   */
  readonly jkt: string | null;
}

/** Reason that is stored when an app revokes its token family. RFC 7009 §2.1 */
export const REVOKED_BY_APP_REASON = 'the app revoked its token';

/** Stores an authorization code and the token family that it starts. */
export async function insertCodeAndFamily(tx: Executor, now: Date, newCode: NewAuthorizationCode): Promise<void> {
  const { familyId, hash } = newCode.code;
  await tx.query(insertFamilyStatement, [
    familyId,
    newCode.grantId,
    newCode.recordId,
    newCode.scope,
    JSON.stringify(newCode.context),
    newCode.refreshSeconds,
    newCode.sessionId,
    newCode.authTime,
    newCode.ends,
    now,
    newCode.labels,
    newCode.browser,
    newCode.audience ?? null,
  ]);
  await tx.query(insertCodeStatement, [
    familyId,
    hash,
    now,
    newCode.expires,
    newCode.redirectUri,
    newCode.challenge,
    newCode.nonce,
    newCode.jkt,
  ]);
}

/** Ends a token family with all its tokens. Returns false if it had ended before. */
export async function endFamily(db: Executor, now: Date, familyId: string, reason: string): Promise<boolean> {
  const rows = await db.query(revokeFamilyStatement, [familyId, now, reason]);
  return rows.length > 0;
}

/**
 * Lists the ids of a grant's token families.
 * @param browser limits the list to families that were allowed in this browser; undefined: all
 */
export async function listFamilyIds(
  db: Executor,
  grantId: GrantId,
  browser: Buffer | undefined = undefined,
): Promise<readonly string[]> {
  return (await db.query(familiesOfGrantStatement, [grantId, browser ?? null])).map(({ family_id }) => family_id);
}

/**
 * Ends the token families that were allowed in one browser, for a shared sandbox account. Families of other browsers
 * stay.
 * @returns the number of ended families
 */
export async function endFamiliesInBrowser(
  tx: Executor,
  now: Date,
  { grantId, browser, reason }: { readonly grantId: GrantId; readonly browser: Buffer; readonly reason: string },
): Promise<number> {
  return (await tx.query(endInBrowserStatement, [grantId, browser, now, reason])).length;
}

/** Revokes an access token. The token is marked as used and thus no longer active. */
export async function revokeAccessToken(db: Executor, now: Date, token: OpaqueToken): Promise<void> {
  await db.query(endTokenStatement, [token.familyId, token.hash, now]);
}

/** Deletes tokens that expired before a time, and token families that are left without tokens. */
export async function deleteExpiredTokens(db: Database, before: Date): Promise<void> {
  let position: readonly unknown[] | undefined = FIRST_TOKEN;
  while (position !== undefined) {
    const from: readonly unknown[] = position;
    position = await db.transaction(async (tx) => {
      const [last] = await tx.query(sweepTokensStatement, [before, ...from]);
      if (last === undefined) return undefined;
      if (last.families.length > 0) await tx.query(sweepFamiliesStatement, [before, last.families]);
      return last.looked_at < ROWS_PER_DELETE ? undefined : [last.expires_at, last.family_id, last.hash];
    });
  }
}
