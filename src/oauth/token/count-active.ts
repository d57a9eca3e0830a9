import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { ACTIVE_TOKEN_JOINS, IS_ACTIVE_TOKEN } from './active-token.ts';

const countTokensStatement = statement(
  'oauth.token.live-of-app',
  { live: 'int4?' },
  `select count(*)::int as live from token t join token_family f on f.family_id = t.family_id ${ACTIVE_TOKEN_JOINS}
   where g.client_id = $2 and t.kind in ('access', 'refresh') and t.used_at is null and t.expires_at > $1 and ${IS_ACTIVE_TOKEN}`,
);
/**
 * Counts the patients and representatives whose grant to the app hasn't ended or expired, whatever state the app is in.
 */
const countPatientsStatement = statement(
  'oauth.consent.patients-of-app',
  { patients: 'int4?' },
  `select count(distinct g.account_id)::int as patients from consent_grant g
   where g.client_id = $2 and g.subject = 'record' and g.revoked_at is null and exists (
     select from token_family f where f.grant_id = g.grant_id and f.revoked_at is null
       and (f.expires_at is null or f.expires_at > $1))`,
);

/**
 * Counts the active access and refresh tokens of an app, which are those that stop working when an administrator
 * suspends the app.
 */
export async function countActiveTokens(db: Executor, now: Date, clientId: ClientId): Promise<number> {
  return (await db.query(countTokensStatement, [now, clientId]))[0]?.live ?? 0;
}

/** Counts the patients and representatives who currently allow the app to read data, even if the app is suspended. */
export async function countConsentingPatients(db: Executor, now: Date, clientId: ClientId): Promise<number> {
  return (await db.query(countPatientsStatement, [now, clientId]))[0]?.patients ?? 0;
}
