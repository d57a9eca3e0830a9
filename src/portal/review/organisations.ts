import type { Executor } from '../../database/index.ts';
import type { OrganisationId } from '../../kernel/index.ts';
import type { Session } from '../../people/index.ts';
import {
  approveByItself,
  listAppsOf,
  listOrganisations,
  lockApp,
  unverifyOrganisation,
  verifyOrganisation,
} from '../../registry/index.ts';
import type { ReviewedOrganisation } from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { tellDevelopers } from './mail.ts';

interface OrganisationOrder {
  readonly organisationId: OrganisationId;
  readonly session: Session;
  readonly requestId: string;
}

/** Verifies an organization under the reviewed name. In automatic mode its pending versions are then approved. */
export async function markVerified(
  tx: Executor,
  deps: PortalDeps,
  order: OrganisationOrder,
  reviewedName: string,
): Promise<void> {
  const { organisationId, session } = order;
  if (!(await verifyOrganisation(tx, deps.clock.now(), organisationId, { by: session.accountId, seen: reviewedName })))
    return;
  await record(tx, deps, order, 'verified');
  if (deps.patientAppReview === 'automatic') await approveWaiting(tx, deps, order);
}

export async function takeVerification(tx: Executor, deps: PortalDeps, order: OrganisationOrder): Promise<void> {
  if (await unverifyOrganisation(tx, order.organisationId)) await record(tx, deps, order, 'unverified');
}

async function approveWaiting(tx: Executor, deps: PortalDeps, { organisationId, requestId }: OrganisationOrder) {
  for (const { clientId } of await listAppsOf(tx, [organisationId])) {
    const app = await lockApp(tx, deps.clock, clientId);
    if (!(await approveByItself(tx, deps, app))) continue;
    const isChange = app.state === 'active';
    await tellDevelopers(tx, deps, app, (messages, facts) =>
      isChange ? messages.changeApproved(facts) : messages.approved(facts),
    );
    const detail = { action: 'approved', automatic: true };
    await deps.audit.recordWithin(tx, { kind: 'review', outcome: 'success', requestId, clientId, detail });
  }
}

async function record(tx: Executor, deps: PortalDeps, order: OrganisationOrder, action: string): Promise<void> {
  const { session, requestId, organisationId } = order;
  const detail = { action, organisation: organisationId };
  await deps.audit.recordWithin(tx, {
    kind: 'organisation',
    outcome: 'success',
    requestId,
    accountId: session.accountId,
    detail,
  });
}

interface Wanted {
  readonly verified?: boolean;
  readonly text?: string;
}

export async function organisationsFor(db: Executor, { verified, text = '' }: Wanted): Promise<ReviewedOrganisation[]> {
  const part = text.trim().toLowerCase();
  return (await listOrganisations(db))
    .filter((one) => verified === undefined || (one.verifiedAt !== undefined) === verified)
    .filter(({ name, domain = '' }) => `${name} ${domain}`.toLowerCase().includes(part))
    .map((one) => ({
      organisationId: one.organisationId,
      name: one.name,
      domain: one.domain ?? null,
      website: one.website ?? null,
      createdAt: one.createdAt.toISOString(),
      verifiedAt: one.verifiedAt?.toISOString() ?? null,
      verifiedBy: one.verifiedBy ?? null,
      people: one.people,
      apps: one.apps,
    }));
}
