import { addMadeUpActivity, addMember, claimExpiringSecrets, claimRisingErrors } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { addMadeUpPeople } from '../../identity/index.ts';
import { type AccountId, type ClientId, days, hours, later, minutes, type RecordId } from '../../kernel/index.ts';
import { listActiveRecords } from '../../practices/index.ts';
import { addApp, addOrganization, type FillDeps } from './add-apps.ts';
import { businessDaysAgo } from './business-time.ts';
import { DEVELOPER_APPS, type DeveloperApp } from './developer-apps.ts';
import { incidentHour, makeActivity } from './make-activity.ts';
import { DEVELOPER_ORGANIZATION } from './organizations.ts';
import { MADE_UP_PEOPLE } from './people.ts';

/** Number of sandbox patients who use the made-up apps. */
const PATIENTS = 12;

/**
 * Adds the organization of the sandbox's developer with its apps, their activity and notifications to the space of a
 * transaction. Secrets and errors are reported by the functions that report those of real apps.
 */
export async function fillDeveloperPortal(tx: Executor, deps: FillDeps, developer: AccountId): Promise<void> {
  const { clock, random } = deps;
  const now = clock.now();
  await addMadeUpPeople(tx, clock, Object.values(MADE_UP_PEOPLE));
  const organisationId = await addOrganization(tx, deps, DEVELOPER_ORGANIZATION);
  const joinedAt = businessDaysAgo(now, DEVELOPER_ORGANIZATION.createdDaysAgo);
  await addMember(tx, { organisationId, accountId: developer, role: 'administrator', now: joinedAt });
  const recordIds = await listPatients(tx);
  const owner = { organisationId, organization: DEVELOPER_ORGANIZATION, practiceIds: [] };
  for (const app of DEVELOPER_APPS) {
    const clientId = await addApp(tx, deps, app, owner);
    await addActivity(tx, deps, { ...app, clientId }, recordIds);
    const incident = app.use?.failedRefreshes;
    if (incident === undefined) continue;
    const noticedAt = new Date(incidentHour(incident.hoursAgo, now) + hours(1) + minutes(5));
    await claimRisingErrors(tx, { clock: { now: () => noticedAt }, random }, 'madeUp');
  }
  const noticedAt = later(now, -days(3));
  await claimExpiringSecrets(tx, { clock: { now: () => noticedAt }, random });
}

async function addActivity(
  tx: Executor,
  { clock, random }: FillDeps,
  { clientId, key, use, terms, submittedDaysAgo }: DeveloperApp & { readonly clientId: ClientId },
  recordIds: readonly RecordId[],
): Promise<void> {
  if (use === undefined) return;
  const now = clock.now();
  const activity = makeActivity({ clientId, key, auth: terms.auth ?? 'none', scope: terms.scope }, use, recordIds, now);
  const firstCallAt = later(businessDaysAgo(now, submittedDaysAgo), hours(1));
  await addMadeUpActivity(tx, random, { clientId, firstCallAt }, activity);
}

/** Returns records of sandbox patients. Developers see which test patient a request was about. */
async function listPatients(tx: Executor): Promise<readonly RecordId[]> {
  const records = await listActiveRecords(tx);
  return records
    .filter(({ practiceKind }) => practiceKind === 'sandbox')
    .slice(0, PATIENTS)
    .map(({ recordId }) => recordId);
}
