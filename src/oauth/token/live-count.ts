import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { GOOD, JOINS } from './good.ts';

const tokens = statement(
  'oauth.token.live-of-app',
  { live: 'int4?' },
  `select count(*)::int as live from token t join token_family f on f.family_id = t.family_id ${JOINS}
   where g.client_id = $2 and t.kind in ('access', 'refresh') and t.used_at is null and t.expires_at > $1 and ${GOOD}`,
);
/** Counts people regardless of the state of the app, if they allowed access and have not ended it. */
const patients = statement(
  'oauth.consent.patients-of-app',
  { patients: 'int4?' },
  `select count(distinct g.account_id)::int as patients from consent_grant g
   where g.client_id = $2 and g.subject = 'record' and g.revoked_at is null and exists (
     select from token_family f where f.grant_id = g.grant_id and f.revoked_at is null
       and (f.expires_at is null or f.expires_at > $1))`,
);

/** Counts the active access and refresh tokens of an app, which are those that end when the app is suspended. */
export async function countLiveTokens(db: Executor, now: Date, clientId: ClientId): Promise<number> {
  return (await db.query(tokens, [now, clientId]))[0]?.live ?? 0;
}

/** Counts the people who currently allow the app to read. */
export async function countPatientsOf(db: Executor, now: Date, clientId: ClientId): Promise<number> {
  return (await db.query(patients, [now, clientId]))[0]?.patients ?? 0;
}
