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
import {
  type ClientId,
  type Clock,
  days,
  later,
  type OrganisationId,
  type PracticeId,
  type Random,
} from '../../kernel/index.ts';
import type { MadeUpApp, MadeUpStep } from './apps.ts';
import { businessDaysAgo } from './business-time.ts';
import type { MadeUpOrganization } from './organizations.ts';
import { MADE_UP_PEOPLE } from './people.ts';

export interface FillDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** The organization that develops a made-up app. */
export interface MadeUpOwner {
  readonly organisationId: OrganisationId;
  readonly organization: MadeUpOrganization;
  /** Practices that backend apps may access. */
  readonly practiceIds: readonly PracticeId[];
}

const REVIEWER = MADE_UP_PEOPLE.jordan.accountId;

/** Adds a made-up organization to the space of a transaction. */
export async function addOrganization(
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

/**
 * Adds a made-up app to the space of a transaction. The app is registered, submitted and decided about as real ones
 * are, each step with a clock that shows its time.
 */
export async function addApp(
  tx: Executor,
  { clock, random }: FillDeps,
  { terms, dataUse, policyPath, submittedDaysAgo, history, secret }: MadeUpApp,
  { organisationId, organization, practiceIds }: MadeUpOwner,
): Promise<ClientId> {
  const now = clock.now();
  const { name: developer, domain, founder } = organization;
  const by = MADE_UP_PEOPLE[founder].accountId;
  const submittedAt = businessDaysAgo(now, submittedDaysAgo);
  const deps = { clock: { now: () => submittedAt }, random };
  const { clientId } = await registerApp(tx, deps, {
    ...terms,
    ...(terms.kind === 'backend' ? { practiceIds } : {}),
    developer,
    dataUse,
    metadata: { policy_uri: `https://${domain}${policyPath}`, client_uri: `https://${domain}/` },
    state: 'provisional',
    organisationId,
    ...(secret === undefined
      ? {}
      : { secret: { name: secret.name, expiresAt: later(now, days(secret.expiresInDays)) } }),
  });
  await appendAppEvent(tx, deps, { clientId, kind: 'registered', bySide: 'developer', accountId: by });
  await submitFirstVersion(tx, deps, await lockApp(tx, deps.clock, clientId), by);
  for (const [index, { daysAgo, ...step }] of history.entries()) {
    const at = businessDaysAgo(now, daysAgo, index + 1);
    await takeStep(tx, { clock: { now: () => at }, random }, { clientId, developer: by }, step);
  }
  return clientId;
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
