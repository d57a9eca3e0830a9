import {
  addReviewNote,
  appendAppEvent,
  approveVersion,
  askDeveloper,
  createOrganisation,
  findPendingVersion,
  lockApp,
  registerApp,
  rejectVersion,
  submitFirstVersion,
  submitVersion,
  suspendApp,
  verifyOrganisation,
  verifyVersion,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { addMadeUpPeople } from '../../identity/index.ts';
import type { ClientId, Clock, OrganisationId, PracticeId, Random } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { MADE_UP_APPS, type MadeUpApp, type MadeUpStep } from './apps.ts';
import { businessDaysAgo } from './business-time.ts';
import { MADE_UP_ORGANIZATIONS, type MadeUpOrganization } from './organizations.ts';
import { MADE_UP_PEOPLE } from './people.ts';

interface FillDeps {
  readonly clock: Clock;
  readonly random: Random;
}

const REVIEWER = MADE_UP_PEOPLE.jordan.accountId;

/**
 * Adds the made-up organizations and apps to the space of a transaction. Apps are registered, submitted and decided
 * about as real ones are, each step with a clock that shows its time.
 */
export async function fillMadeUpReview(tx: Executor, deps: FillDeps): Promise<void> {
  await addMadeUpPeople(tx, deps.clock, Object.values(MADE_UP_PEOPLE));
  const organisationIds = new Map<string, OrganisationId>();
  for (const [key, organization] of Object.entries<MadeUpOrganization>(MADE_UP_ORGANIZATIONS))
    organisationIds.set(key, await addOrganization(tx, deps, organization));
  const practices = await listPractices(tx);
  const sandboxes = practices.filter(({ kind }) => kind === 'sandbox').map(({ practiceId }) => practiceId);
  for (const app of MADE_UP_APPS) {
    const organisationId = organisationIds.get(app.organization);
    if (organisationId !== undefined) await addApp(tx, deps, app, organisationId, sandboxes.slice(0, 1));
  }
}

async function addOrganization(
  tx: Executor,
  { clock, random }: FillDeps,
  { name, domain, founder, createdDaysAgo, verifiedDaysAgo }: MadeUpOrganization,
): Promise<OrganisationId> {
  const organisationId = random.uuid() as OrganisationId;
  await createOrganisation(tx, {
    organisationId,
    name,
    domain,
    website: `https://${domain}`,
    founder: MADE_UP_PEOPLE[founder].accountId,
    now: businessDaysAgo(clock.now(), createdDaysAgo),
  });
  if (verifiedDaysAgo !== undefined) {
    const at = businessDaysAgo(clock.now(), verifiedDaysAgo);
    await verifyOrganisation(tx, at, organisationId, { by: REVIEWER, seen: name });
  }
  return organisationId;
}

async function addApp(
  tx: Executor,
  { clock, random }: FillDeps,
  { organization, terms, dataUse, policyPath, submittedDaysAgo, history }: MadeUpApp,
  organisationId: OrganisationId,
  practiceIds: readonly PracticeId[],
): Promise<void> {
  const now = clock.now();
  const { name: developer, domain, founder } = MADE_UP_ORGANIZATIONS[organization];
  const by = MADE_UP_PEOPLE[founder].accountId;
  const submittedAt = businessDaysAgo(now, submittedDaysAgo);
  const deps = { clock: { now: () => submittedAt }, random };
  const { clientId } = await registerApp(tx, deps, {
    ...terms,
    ...(terms.kind === 'backend' ? { practiceIds } : {}),
    developer,
    dataUse,
    metadata: { policy_uri: `https://${domain}${policyPath}`, client_uri: `https://${domain}` },
    state: 'provisional',
    organisationId,
  });
  await appendAppEvent(tx, deps, { clientId, kind: 'registered', bySide: 'developer', accountId: by });
  await submitFirstVersion(tx, deps, await lockApp(tx, deps.clock, clientId), by);
  for (const [index, { daysAgo, ...step }] of history.entries()) {
    const at = businessDaysAgo(now, daysAgo, index + 1);
    await takeStep(tx, { clock: { now: () => at }, random }, { clientId, developer: by }, step);
  }
}

/** Takes a step with the functions that decisions and submissions of real apps use. */
async function takeStep(
  tx: Executor,
  deps: FillDeps,
  { clientId, developer }: { readonly clientId: ClientId; readonly developer: typeof REVIEWER },
  step: MadeUpStep,
): Promise<void> {
  const version = (await findPendingVersion(tx, clientId))?.version ?? 0;
  const deciding = { clientId, by: REVIEWER, version };
  switch (step.step) {
    case 'verify':
      await verifyVersion(tx, deps, deciding);
      return;
    case 'approve':
    case 'approve-first':
      await approveVersion(tx, deps, { ...deciding, logoVersion: undefined, mayDecide: async () => true });
      return;
    case 'ask':
      await askDeveloper(tx, deps, deciding, step.question);
      return;
    case 'reject':
      await rejectVersion(tx, deps, deciding, step.reason);
      return;
    case 'suspend':
      await suspendApp(tx, deps, deciding, step.reason);
      return;
    case 'change': {
      const app = await lockApp(tx, deps.clock, clientId);
      await submitVersion(tx, { ...deps, toolRedirects: [] }, app, {
        wanted: { ...app, ...defined(step.terms) },
        by: developer,
      });
      return;
    }
    case 'note':
      await addReviewNote(tx, deps, { clientId, accountId: REVIEWER, content: step.content });
  }
}

/** Returns the entries of an object that have a value. */
const defined = <Value>(given: Readonly<Record<string, Value | undefined>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, Value] => entry[1] !== undefined));
