import type { Executor } from '../../database/index.ts';
import { type AccountId, type ClientId, days, later } from '../../kernel/index.ts';
import {
  approveByItself,
  findOrganisation,
  lockApp,
  type Membership,
  recordAppEvent,
  registerApp,
  requireRoomForApp,
  submitFirst,
} from '../../registry/index.ts';
import { holdMember } from '../api/hold-member.ts';
import type { NewApp } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { termsOfDraft } from './draft.ts';
import { draftFaults, requireNoFaults } from './draft-faults.ts';
import { givenAtFirst } from './given.ts';

export interface Registered {
  readonly clientId: ClientId;
  readonly clientSecret: string | undefined;
}

/** @param daysGood null or undefined: no expiration */
export const expiryAfter = (now: Date, daysGood: number | null | undefined): Date | undefined =>
  daysGood === null || daysGood === undefined ? undefined : later(now, days(daysGood));

/**
 * Registers a provisional app of an organization and submits its first version. Throws
 * `fields-invalid`, and `conflict` if the organization has too many apps.
 */
export async function registerOf(
  tx: Executor,
  deps: PortalDeps,
  { draft, secretDays }: NewApp,
  { membership, by, requestId }: { membership: Membership; by: AccountId; requestId: string },
): Promise<Registered> {
  const { organisationId } = membership;
  await requireRoomForApp(tx, organisationId);
  await holdMember(tx, membership, by, 'developer');
  const organisation = await findOrganisation(tx, organisationId);
  const { name: developer = null, verifiedAt = null } = organisation ?? {};
  const given = { ...(await givenAtFirst(tx, draft)), developer, verifiedAt };
  requireNoFaults(await draftFaults(tx, draft, given, deps));
  const secret = { expiresAt: expiryAfter(deps.clock.now(), secretDays) };
  const terms = termsOfDraft(draft, given);
  const made = await registerApp(tx, deps, { ...terms, state: 'provisional', organisationId, secret });
  const { clientId } = made;
  const app = await lockApp(tx, deps.clock, clientId);
  await recordAppEvent(tx, deps, { clientId, kind: 'registered', bySide: 'developer', accountId: by });
  await submitFirst(tx, deps, app, by);
  await approveByItself(tx, deps, app);
  const detail = { action: 'register', organisationId };
  await deps.audit.recordWithin(tx, { kind: 'app', outcome: 'success', requestId, accountId: by, clientId, detail });
  return { clientId, clientSecret: made.clientSecret };
}
