import { isOrganisationAdministratorSql, type OrganisationRole } from '../apps/index.ts';
import { type Executor, statement } from '../database/index.ts';
import { type AccountId, isUuid, type OrganisationId } from '../kernel/index.ts';

const invitations = statement(
  'portal.organisation.invitations',
  {
    sign_up_id: 'uuid',
    email: 'text',
    role: 'text?',
    display_name: 'text?',
    created_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
  `select s.sign_up_id, s.email, s.role, a.display_name, s.created_at, s.expires_at
   from sign_up s left join account a on a.account_id = s.invited_by
   where s.organisation_id = $1 and s.used_at is null and s.expires_at > $2
     and ${isOrganisationAdministratorSql('s.organisation_id', 's.invited_by')}
   order by s.created_at, s.sign_up_id`,
);
const cancel = statement(
  'portal.organisation.take-back-invitation',
  { email: 'text' },
  'delete from sign_up where organisation_id = $1 and sign_up_id = $2 and used_at is null returning email',
);
/**
 * Deletes the unused invitations from an organization to an email address, because a new invitation
 * or a membership replaces them.
 */
const replace = statement(
  'portal.organisation.replace-invitations',
  {},
  'delete from sign_up where organisation_id = $1 and email = $2 and used_at is null',
);

/**
 * Deletes the unused invitations that a former administrator of an organization sent. Otherwise
 * they would be valid again if the person became an administrator again.
 */
const endBy = statement(
  'portal.organisation.end-invitations-by',
  {},
  'delete from sign_up where organisation_id = $1 and invited_by = $2 and used_at is null',
);

const endUnused = statement(
  'portal.sign-up.end-unused',
  { sign_up_id: 'uuid' },
  'update sign_up set used_at = $2 where sign_up_id = $1 and used_at is null returning sign_up_id',
);

/**
 * Ends a sign-up link or an invitation that was used or canceled before the database was restored.
 * @returns whether it would have been valid again
 */
export const endUnusedSignUp = async (tx: Executor, signUpId: string, now: Date): Promise<boolean> =>
  isUuid(signUpId) && (await tx.query(endUnused, [signUpId, now])).length > 0;

export interface PendingInvitation {
  readonly invitationId: string;
  readonly email: string;
  readonly role: OrganisationRole;
  readonly invitedBy: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Returns the invitations that an organization has sent and that can still be accepted. */
export async function listInvitations(
  db: Executor,
  organisationId: OrganisationId,
  now: Date,
): Promise<readonly PendingInvitation[]> {
  return (await db.query(invitations, [organisationId, now])).map((row) => ({
    invitationId: row.sign_up_id,
    email: row.email,
    role: row.role as OrganisationRole,
    invitedBy: row.display_name ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}

/**
 * Cancels an invitation.
 * @returns whether the invitation existed and was unused
 */
export const cancelInvitation = async (
  tx: Executor,
  organisationId: OrganisationId,
  invitationId: string,
): Promise<boolean> => (await tx.query(cancel, [organisationId, invitationId])).length > 0;

/** Ends all unused invitations that were sent by a person who may no longer invite others. */
export async function endInvitationsBy(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<void> {
  await tx.query(endBy, [organisationId, accountId]);
}

/** Ends the unused invitations from an organization to an email address. */
export async function endInvitationsToAddress(
  tx: Executor,
  organisationId: OrganisationId,
  email: string,
): Promise<void> {
  await tx.query(replace, [organisationId, email]);
}
