import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';
import type { OrganisationRole } from './membership.ts';

/**
 * Locks an organization. All changes of its members wait for this lock. Otherwise concurrent
 * changes could leave the organization without an administrator of its own.
 */
const lockOrganisationRow = statement(
  'registry.members.hold',
  { organisation_id: 'uuid' },
  'select organisation_id from organisation where organisation_id = $1 for update',
);
const findMember = statement(
  'registry.members.standing',
  { role: 'text', others: 'int4', other_administrators: 'int4' },
  `select m.role, (select count(*)::int from membership o
       where o.organisation_id = m.organisation_id and o.account_id <> m.account_id) as others,
     (select count(*)::int from membership o where o.organisation_id = m.organisation_id
       and o.account_id <> m.account_id and o.role = 'administrator') as other_administrators
   from membership m where m.organisation_id = $1 and m.account_id = $2`,
);
/**
 * Inserts a member. `for share` waits if the account is being closed at the same time. Otherwise a
 * closed account could count as an administrator of the organization.
 */
const insert = statement(
  'registry.members.insert',
  { account_id: 'uuid' },
  `insert into membership (organisation_id, account_id, role, joined_at)
   select $1::uuid, account_id, $3::text, $4::timestamptz from account where account_id = $2 and closed_at is null for share
   on conflict do nothing returning account_id`,
);
const setRole = statement(
  'registry.members.set-role',
  {},
  'update membership set role = $3 where organisation_id = $1 and account_id = $2',
);
const remove = statement(
  'registry.members.remove',
  {},
  'delete from membership where organisation_id = $1 and account_id = $2',
);

/**
 * Why a member wasn't changed. `missing`: there is no such member. `last`: the member is the
 * organization's only administrator.
 */
export type MemberChangeError = 'missing' | 'last';

/** Locks an organization until `tx` ends, so that no one else changes its members. */
export async function lockOrganisation(tx: Executor, organisationId: OrganisationId): Promise<void> {
  await tx.query(lockOrganisationRow, [organisationId]);
}

/**
 * Locks an organization and adds a member to it.
 * @returns false if the account is already a member or is closed
 */
export async function addMember(
  tx: Executor,
  member: {
    readonly organisationId: OrganisationId;
    readonly accountId: AccountId;
    readonly role: OrganisationRole;
    readonly now: Date;
  },
): Promise<boolean> {
  const { organisationId, accountId, role, now } = member;
  await lockOrganisation(tx, organisationId);
  return (await tx.query(insert, [organisationId, accountId, role, now])).length > 0;
}

/**
 * Locks an organization and changes the role of a member.
 * @returns the previous role, or why it wasn't changed
 */
export async function changeRole(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
  role: OrganisationRole,
): Promise<{ readonly was: OrganisationRole } | MemberChangeError> {
  const found = await lockMember(tx, organisationId, accountId);
  if (found === undefined) return 'missing';
  if (isLastAdministrator(found) && role !== 'administrator') return 'last';
  await tx.query(setRole, [organisationId, accountId, role]);
  return { was: found.role as OrganisationRole };
}

/**
 * Locks an organization and removes a member. The person loses access at once, because every
 * request checks the role.
 */
export async function removeMember(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<'removed' | MemberChangeError> {
  const found = await lockMember(tx, organisationId, accountId);
  if (found === undefined) return 'missing';
  if (isLastAdministrator(found)) return 'last';
  await tx.query(remove, [organisationId, accountId]);
  return 'removed';
}

type MemberStatus = { readonly role: string; readonly others: number; readonly other_administrators: number };

const isLastAdministrator = ({ role, other_administrators }: MemberStatus): boolean =>
  role === 'administrator' && other_administrators === 0;

async function lockMember(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<MemberStatus | undefined> {
  await lockOrganisation(tx, organisationId);
  return (await tx.query(findMember, [organisationId, accountId]))[0];
}
