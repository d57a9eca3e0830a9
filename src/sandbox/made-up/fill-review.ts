import type { Executor } from '../../database/index.ts';
import { addMadeUpPeople } from '../../identity/index.ts';
import { listPractices } from '../../practices/index.ts';
import { addApp, addOrganization, type FillDeps, type MadeUpOwner } from './add-apps.ts';
import { MADE_UP_APPS } from './apps.ts';
import { MADE_UP_ORGANIZATIONS, type MadeUpOrganization } from './organizations.ts';
import { MADE_UP_PEOPLE } from './people.ts';

/** Adds the organizations and apps that the sandbox's administrator reviews to the space of a transaction. */
export async function fillMadeUpReview(tx: Executor, deps: FillDeps): Promise<void> {
  await addMadeUpPeople(tx, deps.clock, Object.values(MADE_UP_PEOPLE));
  const practices = await listPractices(tx);
  const sandboxes = practices.filter(({ kind }) => kind === 'sandbox').map(({ practiceId }) => practiceId);
  const owners = new Map<string, MadeUpOwner>();
  for (const [key, organization] of Object.entries<MadeUpOrganization>(MADE_UP_ORGANIZATIONS)) {
    const organisationId = await addOrganization(tx, deps, organization);
    owners.set(key, { organisationId, organization, practiceIds: sandboxes.slice(0, 1) });
  }
  for (const app of MADE_UP_APPS) {
    const owner = owners.get(app.organization);
    if (owner !== undefined) await addApp(tx, deps, app, owner);
  }
}
