import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { StaffRole } from '../../identity/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';

/** An invitation that asks a person to join a practice as staff, or to become an administrator of the installation. */
export interface StaffInvitation {
  readonly invitationId: string;
  readonly kind: 'staff' | 'administrator';
  /**
   * The practice that the person is invited to join; undefined if the person is invited to administer the whole
   * installation.
   */
  readonly practice: { readonly practiceId: PracticeId; readonly name: string } | undefined;
  /**
   * Name of the invited person. Empty if anyone who has the link may use it; the person who uses the link then enters a
   * name.
   */
  readonly name: string;
  /**
   * Email address to which the invitation link was sent; undefined if the link was given to the person in another way.
   */
  readonly email: string | undefined;
  readonly roles: readonly StaffRole[];
  readonly practitionerId: string | undefined;
  readonly expiresAt: Date;
}

export interface NewStaffInvitationRow extends Omit<StaffInvitation, 'practice'> {
  readonly practiceId: PracticeId | undefined;
  /** SHA-256 of the token in the invitation link. */
  readonly hash: Buffer;
  /**
   * Account of the person who created the invitation; undefined if it was created on the command line, or by the server
   * for the first administrator.
   */
  readonly createdBy: AccountId | undefined;
  readonly now: Date;
}

const insertStatement = statement(
  'desk.invitation.insert',
  {},
  `insert into invitation (invitation_id, kind, practice_id, name, email, roles, practitioner_id, hash, created_by,
     created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const INVITATION_COLUMNS = {
  invitation_id: 'uuid',
  kind: 'text',
  practice_id: 'int4?',
  practice_name: 'text?',
  name: 'text',
  email: 'text?',
  roles: '_text',
  practitioner_id: 'uuid?',
  expires_at: 'timestamptz',
} as const;
const SELECT = `select i.invitation_id, i.kind, i.practice_id, p.name as practice_name, i.name, i.email, i.roles,
    i.practitioner_id, i.expires_at
  from invitation i left join practice p on p.practice_id = i.practice_id
  where i.kind in ('staff', 'administrator')`;
const OPEN_SQL = 'i.used_at is null and i.cancelled_at is null';
/**
 * SQL condition: staff invitation `i` is still authorized. The account that created the invitation must be neither
 * locked nor closed, and must still be an administrator of the installation or of the invitation's practice. The link
 * for the first administrator, which the server prints, has no creator and no name; it is valid only while the
 * installation has no administrator. Statements that find or use up an invitation contain this condition.
 */
const INVITER_AUTHORIZED_SQL = `(i.created_by is null or exists (
    select from account c where c.account_id = i.created_by and c.locked_at is null and c.closed_at is null
      and (c.administrator or exists (
        select from staff w where w.account_id = c.account_id and w.practice_id = i.practice_id
          and 'administrator' = any(w.roles)))))
  and (i.created_by is not null or i.name <> '' or not exists (
    select from account c where c.administrator and c.closed_at is null))`;
const byHashStatement = statement(
  'desk.invitation.by-hash',
  INVITATION_COLUMNS,
  `${SELECT} and i.hash = $1 and ${OPEN_SQL} and ${INVITER_AUTHORIZED_SQL} and i.expires_at > $2`,
);
const openStatement = statement(
  'desk.invitation.open',
  INVITATION_COLUMNS,
  `${SELECT} and i.practice_id is not distinct from $1 and ${OPEN_SQL} and ${INVITER_AUTHORIZED_SQL} and i.expires_at > $2
   order by i.created_at, i.invitation_id`,
);
const useStatement = statement(
  'desk.invitation.use',
  { invitation_id: 'uuid' },
  `update invitation i set used_at = $2
   where i.hash = $1 and i.kind in ('staff', 'administrator') and ${OPEN_SQL} and ${INVITER_AUTHORIZED_SQL} and i.expires_at > $2
   returning i.invitation_id`,
);
const usedByStatement = statement(
  'desk.invitation.used-by',
  {},
  'update invitation set used_by = $2 where invitation_id = $1',
);
const cancelStatement = statement(
  'desk.invitation.cancel',
  { invitation_id: 'uuid' },
  `update invitation i set cancelled_at = $3
   where i.invitation_id = $1 and i.practice_id is not distinct from $2 and i.kind in ('staff', 'administrator')
     and ${OPEN_SQL} returning i.invitation_id`,
);
const lockStatement = statement(
  'desk.invitation.lock',
  { invitation_id: 'uuid' },
  'select invitation_id from invitation where invitation_id = $1 for update',
);
const canceledStatement = statement(
  'desk.invitation.canceled',
  INVITATION_COLUMNS,
  `${SELECT} and i.invitation_id = $1 and i.practice_id is not distinct from $2 and i.cancelled_at > $3
     and not exists (
       select from invitation n
       where n.invitation_id <> i.invitation_id and n.kind = i.kind and n.name = i.name
         and n.practice_id is not distinct from i.practice_id and n.email is not distinct from i.email and n.created_at >= i.cancelled_at)`,
);
const cancelFirstStatement = statement(
  'desk.invitation.end-first',
  {},
  `update invitation i set cancelled_at = $1
   where i.kind = 'administrator' and i.created_by is null and i.created_at <= $2 and ${OPEN_SQL}`,
);

/**
 * Stores a new staff invitation in the caller's transaction. The database gets only a hash of the token, so the caller
 * must email or display the link. Throws a database error if an invitation with the same id or hash exists.
 */
export async function insertStaffInvitation(tx: Executor, invitation: NewStaffInvitationRow): Promise<void> {
  const { invitationId, kind, practiceId, name, email, roles, practitionerId, hash, createdBy } = invitation;
  const values = [invitationId, kind, practiceId, name, email, roles, practitionerId, hash, createdBy];
  await tx.query(insertStatement, [...values, invitation.now, invitation.expiresAt]);
}

/**
 * Finds the invitation to become staff or an administrator by its link. Returns undefined if the invitation was used or
 * canceled, has expired or is no longer authorized.
 * @param hash SHA-256 of the token in the link
 */
export async function findStaffInvitation(db: Executor, hash: Buffer, now: Date): Promise<StaffInvitation | undefined> {
  const [row] = await db.query(byHashStatement, [hash, now]);
  return row === undefined ? undefined : toInvitation(row);
}

/**
 * Lists the invitations with which people can still join a practice as staff, the oldest first.
 * @param practiceId if undefined, lists the invitations to administer the installation instead
 */
export async function listOpenStaffInvitations(
  db: Executor,
  practiceId: PracticeId | undefined,
  now: Date,
): Promise<readonly StaffInvitation[]> {
  return (await db.query(openStatement, [practiceId, now])).map(toInvitation);
}

/** Uses up a staff invitation. @returns false if the invitation is no longer valid */
export const redeemStaffInvitation = async (tx: Executor, hash: Buffer, now: Date): Promise<boolean> =>
  (await tx.query(useStatement, [hash, now])).length > 0;

/**
 * Records which account was created with a staff invitation, or which existing account got its roles with it. Call it
 * in the transaction in which `redeemStaffInvitation` used up the invitation. Does nothing if there is no invitation
 * with this id.
 */
export async function recordStaffInvitationRedeemer(
  tx: Executor,
  invitationId: string,
  accountId: AccountId,
): Promise<void> {
  await tx.query(usedByStatement, [invitationId, accountId]);
}

/**
 * Cancels a staff invitation.
 * @param practiceId practice that the person was invited to join; undefined for an invitation to administer the
 * installation
 * @returns false if there is no such invitation, or it was already used or canceled
 */
export const cancelStaffInvitation = async (
  tx: Executor,
  invitationId: string,
  practiceId: PracticeId | undefined,
  now: Date,
): Promise<boolean> => (await tx.query(cancelStatement, [invitationId, practiceId, now])).length > 0;

/**
 * Finds an invitation that was canceled, so that the person can be invited again. Returns undefined if the person was
 * invited again since.
 * @param practiceId practice that the person was invited to join; undefined for an invitation to administer the
 * installation
 * @param canceledSince finds only an invitation that was canceled after this time
 */
export async function findCanceledStaffInvitation(
  db: Executor,
  invitationId: string,
  practiceId: PracticeId | undefined,
  canceledSince: Date,
): Promise<StaffInvitation | undefined> {
  const [row] = await db.query(canceledStatement, [invitationId, practiceId, canceledSince]);
  return row === undefined ? undefined : toInvitation(row);
}

/** Makes other transactions that lock the invitation wait until this one ends. */
export async function lockStaffInvitation(tx: Executor, invitationId: string): Promise<void> {
  await tx.query(lockStatement, [invitationId]);
}

/**
 * Cancels unused administrator invitations that no account created, such as the link for the first administrator that
 * the server prints.
 * @param madeUntil cancels only invitations that were created at or before this time
 */
export async function cancelFirstAdministratorInvitations(tx: Executor, now: Date, madeUntil: Date): Promise<void> {
  await tx.query(cancelFirstStatement, [now, madeUntil]);
}

const toInvitation = (row: RowOf<typeof INVITATION_COLUMNS>): StaffInvitation => ({
  invitationId: row.invitation_id,
  kind: row.kind as StaffInvitation['kind'],
  practice:
    row.practice_id === null ? undefined : { practiceId: row.practice_id as PracticeId, name: row.practice_name ?? '' },
  name: row.name,
  email: row.email ?? undefined,
  roles: row.roles as StaffRole[],
  practitionerId: row.practitioner_id ?? undefined,
  expiresAt: row.expires_at,
});
