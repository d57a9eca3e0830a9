import type { Executor } from '../../database/index.ts';
import {
  cancelStaffInvitation,
  findCanceledStaffInvitation,
  listOpenStaffInvitations,
  lockStaffInvitation,
  type StaffInvitation,
} from '../../enrollment/index.ts';
import { listPractitioners } from '../../fhir/index.ts';
import { type AccountId, hours, isUuid, later, type PracticeId } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { inviteAdministrator, inviteStaff, type StaffInvitationLink } from './invite.ts';

/** How long a canceled invitation can be renewed without filling in the form again. */
const UNDO_PERIOD = hours(1);

/** The invitation that a page or form is about. */
export interface InvitationReference {
  /** From the path or query string, not yet validated. */
  readonly invitationId: string;
  /** undefined for an invitation to administer the installation. */
  readonly practiceId: PracticeId | undefined;
}

interface Actor {
  readonly accountId: AccountId;
  readonly requestId: string;
}

/**
 * Finds an invitation that can still be accepted.
 * @throws {Problem} `not-found` also for an invitation of another practice
 */
export async function requireOpenInvitation(
  { db, clock }: Pick<PracticeAdminDeps, 'db' | 'clock'>,
  { invitationId, practiceId }: InvitationReference,
): Promise<StaffInvitation> {
  const open = await listOpenStaffInvitations(db, practiceId, clock.now());
  const invitation = open.find((one) => one.invitationId === invitationId);
  if (invitation === undefined) throw notFound();
  return invitation;
}

/**
 * Cancels an invitation, so that its link stops working.
 * @throws {Problem} `not-found` if the invitation was already used or canceled
 */
export async function cancelInvitation(
  { db, clock, audit }: Pick<PracticeAdminDeps, 'db' | 'clock' | 'audit'>,
  { accountId, requestId }: Actor,
  { invitationId, practiceId }: InvitationReference,
): Promise<void> {
  if (!isUuid(invitationId)) throw notFound();
  await db.transaction(async (tx) => {
    if (!(await cancelStaffInvitation(tx, invitationId, practiceId, clock.now()))) throw notFound();
    const practice = practiceId === undefined ? {} : { practice: practiceId };
    const detail = { action: 'cancel-invitation', ...practice, invitation: invitationId };
    await audit.appendInTransaction(tx, { kind: 'staff', outcome: 'success', requestId, accountId, detail });
  });
}

/**
 * Finds an invitation whose cancellation can be undone: it was canceled in the last hour, and the person wasn't invited
 * again since.
 */
export async function findUndoableInvitation(
  { clock }: Pick<PracticeAdminDeps, 'clock'>,
  db: Executor,
  { invitationId, practiceId }: InvitationReference,
): Promise<StaffInvitation | undefined> {
  if (!isUuid(invitationId)) return undefined;
  return findCanceledStaffInvitation(db, invitationId, practiceId, later(clock.now(), -UNDO_PERIOD));
}

export interface RenewedInvitation extends StaffInvitationLink {
  readonly name: string;
  readonly email: string | undefined;
}

/**
 * Undoes the cancellation of an invitation: invites the person again, with a new link. The canceled link stays invalid.
 * @returns undefined if it can't be undone, for example because the person was invited again since, or the practitioner
 * of the invitation is no longer in the practice's directory
 */
export async function renewInvitation(
  tx: Executor,
  deps: PracticeAdminDeps,
  actor: Actor,
  reference: InvitationReference,
): Promise<RenewedInvitation | undefined> {
  if (!isUuid(reference.invitationId)) return undefined;
  // The second of two concurrent requests waits here, and then finds the invitation of the first.
  await lockStaffInvitation(tx, reference.invitationId);
  const canceled = await findUndoableInvitation(deps, tx, reference);
  if (canceled === undefined) return undefined;
  const { name, email, roles, practitionerId } = canceled;
  const { practiceId } = reference;
  if (practiceId === undefined)
    return { ...(await inviteAdministrator(tx, deps, actor, { name, email })), name, email };
  const isListed = async () => (await listPractitioners(tx, practiceId)).some(({ id }) => id === practitionerId);
  if (practitionerId !== undefined && !(await isListed())) return undefined;
  return { ...(await inviteStaff(tx, deps, actor, { practiceId, name, email, roles, practitionerId })), name, email };
}
