import { type Executor, statement } from '../database/index.ts';
import { conflictProblem, type OrganisationId } from '../kernel/index.ts';

const MOST_APPS = 50;

const lockOrganisation = statement(
  'registry.app-limit.hold',
  { organisation_id: 'uuid' },
  'select organisation_id from organisation where organisation_id = $1 for update',
);
const countApps = statement(
  'registry.app-limit.count',
  { apps: 'int4' },
  "select count(*)::int as apps from app where organisation_id = $1 and state <> 'retired'",
);

/**
 * Throws `conflict` if an organization already has the maximum number of apps. Locks the
 * organization first, so that concurrent registrations are counted one after another.
 */
export async function requireRoomForApp(tx: Executor, organisationId: OrganisationId): Promise<void> {
  await tx.query(lockOrganisation, [organisationId]);
  const [row] = await tx.query(countApps, [organisationId]);
  if ((row?.apps ?? 0) < MOST_APPS) return;
  const message = `An organization can have at most ${MOST_APPS} apps. Retire one that is no longer used.`;
  throw conflictProblem(message);
}
