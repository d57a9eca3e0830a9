import { type Database, type Executor, statement } from '../../database/index.ts';
import { appRegistrant, lockApp } from '../app.ts';
import { appendAppEvent } from '../app-events.ts';
import type { RegistryDeps } from '../register.ts';
import { verificationDeadline } from '../review/business-days.ts';
import { findVersions, insertVersion } from './version-store.ts';

const find = statement(
  'registry.app-version.unversioned',
  { client_id: 'text' },
  `select client_id from app a where state = 'provisional'
     and not exists (select from app_version v where v.client_id = a.client_id)
   order by created_at, client_id`,
);
/**
 * Marks an added version as if administrators had been warned of its deadline, so that no email is
 * sent. The review queue shows that these versions are late, and an email for each would add
 * nothing.
 */
const setWarned = statement(
  'registry.app-version.set-warned',
  {},
  'update app_version set warned_at = $3 where client_id = $1 and version = $2',
);

/**
 * Creates the first version of provisional apps that were registered before apps of their kind were
 * reviewed. The version counts as submitted when the app was registered, so its review deadline
 * runs from then.
 * @returns the number of apps
 */
export async function addMissingVersions(db: Database, deps: RegistryDeps): Promise<number> {
  let adopted = 0;
  for (const { client_id } of await db.query(find)) {
    if (await db.transaction((tx) => addMissingVersion(tx, deps, client_id))) adopted += 1;
  }
  return adopted;
}

/**
 * Creates the first version of an app. Locks the app, so that only one of several starting
 * processes creates the version.
 */
async function addMissingVersion(tx: Executor, deps: RegistryDeps, id: string): Promise<boolean> {
  const app = await lockApp(tx, deps.clock, id);
  const { clientId, createdAt } = app;
  const isTheirs = appRegistrant(app) === 'server' || app.state !== 'provisional';
  if (isTheirs || (await findVersions(tx, clientId)).length > 0) return false;
  const received = { submittedBy: undefined, submittedAt: createdAt, verifyBy: verificationDeadline(createdAt) };
  const version = await insertVersion(tx, { clientId, terms: app, logo: undefined, ...received });
  await tx.query(setWarned, [clientId, version, deps.clock.now()]);
  await appendAppEvent(tx, deps, { clientId, kind: 'submitted', bySide: 'server', version });
  return true;
}
