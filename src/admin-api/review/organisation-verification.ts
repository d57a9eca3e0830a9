import {
  approveAutomatically,
  listOrganisationApps,
  listOrganisations,
  lockApp,
  unverifyOrganisation,
  verifyOrganisation,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Session } from '../../identity/index.ts';
import type { OrganisationId } from '../../kernel/index.ts';
import { type PagingQuery, type ReviewedOrganisationsResponse, toTimestamp } from '../../portal-api/index.ts';
import { paginate } from '../paging.ts';
import type { DecisionDeps } from './deps.ts';
import { emailDevelopers } from './review-email.ts';
import { type ListOrder, listOrder } from './review-queue.ts';

interface OrganisationDecisionOrder {
  readonly organisationId: OrganisationId;
  readonly session: Session;
  readonly requestId: string;
}

/**
 * Verifies an organization under the name that the administrator reviewed. If
 * PATIENT_APP_REVIEW=automatic, the organization's pending versions are then approved.
 */
export async function markVerified(
  tx: Executor,
  deps: DecisionDeps,
  order: OrganisationDecisionOrder,
  reviewedName: string,
): Promise<void> {
  const { organisationId, session } = order;
  if (!(await verifyOrganisation(tx, deps.clock.now(), organisationId, { by: session.accountId, seen: reviewedName })))
    return;
  await appendEvent(tx, deps, order, 'verified');
  if (deps.patientAppReview === 'automatic') await approvePending(tx, deps, order);
}

export async function removeVerification(
  tx: Executor,
  deps: DecisionDeps,
  order: OrganisationDecisionOrder,
): Promise<void> {
  if (await unverifyOrganisation(tx, order.organisationId)) await appendEvent(tx, deps, order, 'unverified');
}

async function approvePending(
  tx: Executor,
  deps: DecisionDeps,
  { organisationId, requestId }: OrganisationDecisionOrder,
) {
  for (const { clientId } of await listOrganisationApps(tx, [organisationId])) {
    const app = await lockApp(tx, deps.clock, clientId);
    if (!(await approveAutomatically(tx, deps, app))) continue;
    const isChange = app.state === 'active';
    await emailDevelopers(tx, deps, app, (messages, facts) =>
      isChange ? messages.changeApproved(facts) : messages.approved(facts),
    );
    const detail = { action: 'approved', automatic: true };
    await deps.audit.appendInTransaction(tx, { kind: 'review', outcome: 'success', requestId, clientId, detail });
  }
}

async function appendEvent(
  tx: Executor,
  deps: DecisionDeps,
  order: OrganisationDecisionOrder,
  action: string,
): Promise<void> {
  const { session, requestId, organisationId } = order;
  const detail = { action, organisation: organisationId };
  await deps.audit.appendInTransaction(tx, {
    kind: 'organisation',
    outcome: 'success',
    requestId,
    accountId: session.accountId,
    detail,
  });
}

interface OrganisationFilter extends PagingQuery {
  readonly verified?: boolean;
  readonly text?: string;
  readonly sort?: ListOrder;
}

/** Returns a page of the organizations that match the filters. */
export async function listReviewedOrganisations(
  db: Executor,
  filter: OrganisationFilter,
): Promise<ReviewedOrganisationsResponse> {
  const { verified, text = '', sort = 'name' } = filter;
  const part = text.trim().toLowerCase();
  const all = (await listOrganisations(db))
    .filter((one) => verified === undefined || (one.verifiedAt !== undefined) === verified)
    .filter(({ name, domain = '' }) => `${name} ${domain}`.toLowerCase().includes(part))
    .map((one) => ({
      organisationId: one.organisationId,
      name: one.name,
      domain: one.domain ?? null,
      website: one.website ?? null,
      createdAt: one.createdAt.toISOString(),
      verifiedAt: toTimestamp(one.verifiedAt),
      verifiedBy: one.verifiedBy ?? null,
      people: one.people,
      apps: one.apps,
      versionsToVerify: one.versionsToVerify,
      versionsToEnable: one.versionsToEnable,
    }))
    .sort(listOrder(sort, text));
  const { page, found } = paginate(all, filter);
  return { organisations: page, found };
}
