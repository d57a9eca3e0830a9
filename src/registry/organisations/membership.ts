import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';

/** What somebody may do for an organisation: everything; make and change apps; look. */
const MEMBER_ROLES = ['administrator', 'developer', 'reader'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export interface Membership {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly role: MemberRole;
  /** Whether an administrator of the installation made sure who the organisation is. */
  readonly verified: boolean;
}

const of = statement(
  'registry.membership.of',
  { organisation_id: 'uuid', name: 'text', role: 'text', verified_at: 'timestamptz?' },
  `select m.organisation_id, o.name, m.role, o.verified_at
   from membership m join organisation o using (organisation_id)
   where m.account_id = $1 order by o.name, m.organisation_id`,
);

/** Whoever removes them, or lets them do less, waits until the transaction ends. */
const hold = statement(
  'registry.membership.hold',
  { role: 'text' },
  `select m.role from membership m join account a on a.account_id = m.account_id and a.locked_at is null and a.closed_at is null
   where m.organisation_id = $1 and m.account_id = $2 for share of m`,
);

/** What somebody is there, and stays until `tx` ends; undefined: nothing. */
export async function holdMembership(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<MemberRole | undefined> {
  return (await tx.query(hold, [organisationId, accountId]))[0]?.role as MemberRole | undefined;
}

/** The organisations that somebody belongs to. */
export async function membershipsOf(db: Executor, accountId: AccountId): Promise<readonly Membership[]> {
  const rows = await db.query(of, [accountId]);
  return rows.map((row) => ({
    organisationId: row.organisation_id as OrganisationId,
    organisationName: row.name,
    role: row.role as MemberRole,
    verified: row.verified_at !== null,
  }));
}

/** Each role may do what those after it may. */
export const mayActAs = (held: MemberRole, needed: MemberRole): boolean =>
  MEMBER_ROLES.indexOf(held) <= MEMBER_ROLES.indexOf(needed);
