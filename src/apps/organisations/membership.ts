import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';

/**
 * Roles in an organization: an administrator may do everything, a developer creates and changes apps,
 * a reader only reads.
 */
const ORGANISATION_ROLES = ['administrator', 'developer', 'reader'] as const;
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

export interface OrganisationMembership {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly role: OrganisationRole;
  /** Whether an administrator of the installation verified the organization. */
  readonly verified: boolean;
}

const listOfAccount = statement(
  'registry.membership.of',
  { organisation_id: 'uuid', name: 'text', role: 'text', verified_at: 'timestamptz?' },
  `select m.organisation_id, o.name, m.role, o.verified_at
   from membership m join organisation o using (organisation_id)
   where m.account_id = $1 order by o.name, m.organisation_id`,
);

/**
 * Reads the role of a member and locks the membership. Removing the member or reducing the role
 * waits until the transaction ends.
 */
const lockMembershipRow = statement(
  'registry.membership.hold',
  { role: 'text' },
  `select m.role from membership m join account a on a.account_id = m.account_id and a.locked_at is null and a.closed_at is null
   where m.organisation_id = $1 and m.account_id = $2 for share of m`,
);

/**
 * Returns the role of an account in an organization, and locks the membership until `tx` ends.
 * Returns undefined if the account isn't a member, or if the account is locked or closed.
 */
export async function lockMembership(
  tx: Executor,
  organisationId: OrganisationId,
  accountId: AccountId,
): Promise<OrganisationRole | undefined> {
  return (await tx.query(lockMembershipRow, [organisationId, accountId]))[0]?.role as OrganisationRole | undefined;
}

/**
 * Returns a SQL condition that an account administers an organization.
 * @param organisationId SQL expression of the organization's id
 * @param accountId SQL expression of the account's id
 */
export const isOrganisationAdministratorSql = (organisationId: string, accountId: string): string =>
  `exists (select from membership m where m.organisation_id = ${organisationId} and m.account_id = ${accountId}
     and m.role = 'administrator')`;

/** Returns the organizations that an account belongs to. */
export async function listMemberships(db: Executor, accountId: AccountId): Promise<readonly OrganisationMembership[]> {
  const rows = await db.query(listOfAccount, [accountId]);
  return rows.map((row) => ({
    organisationId: row.organisation_id as OrganisationId,
    organisationName: row.name,
    role: row.role as OrganisationRole,
    verified: row.verified_at !== null,
  }));
}

/**
 * Returns whether a role has all permissions of another one. Each role in `ORGANISATION_ROLES` has
 * the permissions of all roles after it.
 */
export const includesRole = (current: OrganisationRole, needed: OrganisationRole): boolean =>
  ORGANISATION_ROLES.indexOf(current) <= ORGANISATION_ROLES.indexOf(needed);
