import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';
import type { MemberRole } from './membership.ts';

/** Whoever changes who belongs to an organisation waits for this: an administrator is left, however many change it at once. */
const hold = statement(
  'registry.members.hold',
  { organisation_id: 'uuid' },
  'select organisation_id from organisation where organisation_id = $1 for update',
);
const standing = statement(
  'registry.members.standing',
  { role: 'text', others: 'int4', other_administrators: 'int4' },
  `select m.role, (select count(*)::int from membership o
       where o.organisation_id = m.organisation_id and o.account_id <> m.account_id) as others,
     (select count(*)::int from membership o where o.organisation_id = m.organisation_id
       and o.account_id <> m.account_id and o.role = 'administrator') as other_administrators
   from membership m where m.organisation_id = $1 and m.account_id = $2`,
);
/** Whoever closes their account at this moment is waited for: a member who is nobody would be counted among administrators. */
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

/** `missing`: no such member; `last`: nobody else administers the organisation. */
export type MemberRefusal = 'missing' | 'last';

/** From now on nobody else changes who belongs to it, or who it is, until `tx` ends. */
export async function holdOrganisation(tx: Executor, organisationId: OrganisationId): Promise<void> {
  await tx.query(hold, [organisationId]);
}

/** @returns whether they were no member yet, and are one now */
export async function addMember(
  tx: Executor,
  member: {
    readonly organisationId: OrganisationId;
    readonly accountId: AccountId;
    readonly role: MemberRole;
    readonly now: Date;
  },
): Promise<boolean> {
  const { organisationId, accountId, role, now } = member;
  await holdOrganisation(tx, organisationId);
  return (await tx.query(insert, [organisationId, accountId, role, now])).length > 0;
}

/** What they were until now. */
export async function changeRole(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
  role: MemberRole,
): Promise<{ readonly was: MemberRole } | MemberRefusal> {
  const found = await heldStanding(tx, organisationId, accountId);
  if (found === undefined) return 'missing';
  if (isLast(found) && role !== 'administrator') return 'last';
  await tx.query(setRole, [organisationId, accountId, role]);
  return { was: found.role as MemberRole };
}

/** No token, page or call of theirs is good for the organisation from now on: each asks what they are there. */
export async function removeMember(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<'removed' | MemberRefusal> {
  const found = await heldStanding(tx, organisationId, accountId);
  if (found === undefined) return 'missing';
  if (isLast(found)) return 'last';
  await tx.query(remove, [organisationId, accountId]);
  return 'removed';
}

type Standing = { readonly role: string; readonly others: number; readonly other_administrators: number };

const isLast = ({ role, other_administrators }: Standing): boolean =>
  role === 'administrator' && other_administrators === 0;

async function heldStanding(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<Standing | undefined> {
  await holdOrganisation(tx, organisationId);
  return (await tx.query(standing, [organisationId, accountId]))[0];
}
