import { type AccessLogReader, listReaderApps, type ReaderApp, type VisibleFamilyIds } from '../../audit/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';

const grantedApps = statement(
  'account.log.granted-apps',
  { client_id: 'text', app: 'text' },
  `select distinct a.client_id, a.name as app from consent_grant g join app a on a.client_id = g.client_id
   where g.record_id = $2
     and exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)
     and ($3::text[] is null or exists (
       select from token_family f where f.grant_id = g.grant_id and f.family_id = any($3)))`,
);

/**
 * Lists the apps by which the access log can be filtered: those that read the record or tried to. If it has so many
 * entries that only the latest were searched, the apps that were given access to it are added.
 */
export async function listAppChoices(
  db: Executor,
  reader: AccessLogReader,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<readonly ReaderApp[]> {
  const { apps, isComplete } = await listReaderApps(db, reader, visibleFamilies);
  if (isComplete) return apps;
  const known = new Set(apps.map(({ clientId }) => clientId));
  const granted = await db.query(grantedApps, [reader.accountId, reader.recordId, visibleFamilies ?? null]);
  const others = granted
    .map(({ client_id, app }): ReaderApp => ({ clientId: client_id as ClientId, app }))
    .filter(({ clientId }) => !known.has(clientId));
  return [...apps, ...others].sort((one, other) => one.app.localeCompare(other.app));
}
