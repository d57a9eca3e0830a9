import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import type { Role } from '../../people/index.ts';

/** Somebody is asked to work at a practice, or to run the installation. */
export interface StaffInvitation {
  readonly invitationId: string;
  readonly kind: 'staff' | 'administrator';
  /** undefined: the installation. */
  readonly practice: { readonly practiceId: PracticeId; readonly name: string } | undefined;
  /** '': the link is for whoever has it, and they say who they are. */
  readonly name: string;
  /** Where it was mailed; undefined: the link was handed over. */
  readonly email: string | undefined;
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
  readonly expiresAt: Date;
}

export interface NewInvitation extends Omit<StaffInvitation, 'practice'> {
  readonly practiceId: PracticeId | undefined;
  /** SHA-256 of the link's token. */
  readonly hash: Buffer;
  /** undefined: the command line, or the server's first start. */
  readonly createdBy: AccountId | undefined;
  readonly now: Date;
}

const insert = statement(
  'desk.invitation.insert',
  {},
  `insert into invitation (invitation_id, kind, practice_id, name, email, roles, practitioner_id, hash, created_by,
     created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const COLUMNS = {
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
const OPEN = 'i.used_at is null and i.cancelled_at is null';
/**
 * What stands behind an invitation is asked each time: who invited may still do so, and was not removed or locked since.
 * The link of a first start, for whoever has it, is good while nobody runs the installation.
 */
const STANDS = `(i.created_by is null or exists (
    select from account c where c.account_id = i.created_by and c.locked_at is null and c.closed_at is null
      and (c.administrator or exists (
        select from staff w where w.account_id = c.account_id and w.practice_id = i.practice_id
          and 'administrator' = any(w.roles)))))
  and (i.created_by is not null or i.name <> '' or not exists (
    select from account c where c.administrator and c.closed_at is null))`;
const byHash = statement(
  'desk.invitation.by-hash',
  COLUMNS,
  `${SELECT} and i.hash = $1 and ${OPEN} and ${STANDS} and i.expires_at > $2`,
);
const open = statement(
  'desk.invitation.open',
  COLUMNS,
  `${SELECT} and i.practice_id is not distinct from $1 and ${OPEN} and ${STANDS} and i.expires_at > $2
   order by i.created_at, i.invitation_id`,
);
const use = statement(
  'desk.invitation.use',
  { invitation_id: 'uuid' },
  `update invitation i set used_at = $2
   where i.hash = $1 and i.kind in ('staff', 'administrator') and ${OPEN} and ${STANDS} and i.expires_at > $2
   returning i.invitation_id`,
);
const usedBy = statement('desk.invitation.used-by', {}, 'update invitation set used_by = $2 where invitation_id = $1');
const cancel = statement(
  'desk.invitation.cancel',
  { invitation_id: 'uuid' },
  `update invitation i set cancelled_at = $3
   where i.invitation_id = $1 and i.practice_id is not distinct from $2 and i.kind in ('staff', 'administrator')
     and ${OPEN} returning i.invitation_id`,
);
const endFirst = statement(
  'desk.invitation.end-first',
  {},
  `update invitation i set cancelled_at = $1
   where i.kind = 'administrator' and i.created_by is null and i.created_at <= $2 and ${OPEN}`,
);

export async function keepInvitation(tx: Executor, invitation: NewInvitation): Promise<void> {
  const { invitationId, kind, practiceId, name, email, roles, practitionerId, hash, createdBy } = invitation;
  const values = [invitationId, kind, practiceId, name, email, roles, practitionerId, hash, createdBy];
  await tx.query(insert, [...values, invitation.now, invitation.expiresAt]);
}

/** The one that a link opens, while it is good. */
export async function findInvitation(db: Executor, hash: Buffer, now: Date): Promise<StaffInvitation | undefined> {
  const [row] = await db.query(byHash, [hash, now]);
  return row === undefined ? undefined : invitationOf(row);
}

/** @param practiceId undefined: to run the installation */
export async function openInvitations(
  db: Executor,
  practiceId: PracticeId | undefined,
  now: Date,
): Promise<readonly StaffInvitation[]> {
  return (await db.query(open, [practiceId, now])).map(invitationOf);
}

/** Good once. @returns whether it was good */
export const useInvitation = async (tx: Executor, hash: Buffer, now: Date): Promise<boolean> =>
  (await tx.query(use, [hash, now])).length > 0;

export async function keepUser(tx: Executor, invitationId: string, accountId: AccountId): Promise<void> {
  await tx.query(usedBy, [invitationId, accountId]);
}

/** @returns whether there was such an open one of this practice, or of the installation */
export const cancelInvitation = async (
  tx: Executor,
  invitationId: string,
  practiceId: PracticeId | undefined,
  now: Date,
): Promise<boolean> => (await tx.query(cancel, [invitationId, practiceId, now])).length > 0;

/** Links that a start of the server or the command line made until then, and nobody used. */
export async function endFirstInvitations(tx: Executor, now: Date, madeUntil: Date): Promise<void> {
  await tx.query(endFirst, [now, madeUntil]);
}

const invitationOf = (row: RowOf<typeof COLUMNS>): StaffInvitation => ({
  invitationId: row.invitation_id,
  kind: row.kind as StaffInvitation['kind'],
  practice:
    row.practice_id === null ? undefined : { practiceId: row.practice_id as PracticeId, name: row.practice_name ?? '' },
  name: row.name,
  email: row.email ?? undefined,
  roles: row.roles as Role[],
  practitionerId: row.practitioner_id ?? undefined,
  expiresAt: row.expires_at,
});
