import { type Executor, statement } from '../database/index.ts';

/**
 * Deletes apps that registered themselves and were never authorized, because anyone who reaches the
 * server can create any number of them. Leaves out apps that an operator verified or decided about:
 * only an operator removes these.
 */
const purge = statement(
  'registry.app.sweep-unused',
  { client_id: 'text' },
  `with gone as (
     delete from app a
     where a.registration_hash is not null and a.organisation_id is null and a.verified_at is null
       and a.state in ('provisional', 'active') and a.created_at < $1
       and not exists (select from consent_grant g where g.client_id = a.client_id)
       and not exists (select from app_event e where e.client_id = a.client_id and e.by_side = 'operator')
     returning a.client_id),
   secrets as (delete from app_secret s using gone where s.client_id = gone.client_id),
   versions as (delete from app_version v using gone where v.client_id = gone.client_id),
   events as (delete from app_event e using gone where e.client_id = gone.client_id),
   notes as (delete from review_note n using gone where n.client_id = gone.client_id)
   select client_id from gone`,
);

/**
 * Deletes unused apps that registered themselves before the given time.
 * @returns the number of deleted apps
 */
export async function purgeUnusedApps(db: Executor, before: Date): Promise<number> {
  return (await db.query(purge, [before])).length;
}
