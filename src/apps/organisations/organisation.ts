import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';

/** An organization that develops apps. */
export interface Organisation {
  readonly organisationId: OrganisationId;
  readonly name: string;
  /**
   * Domain of the email addresses of the organization's members. undefined if its founder uses a
   * public email provider, or if the domain belongs to another organization.
   */
  readonly domain: string | undefined;
  readonly website: string | undefined;
  readonly createdAt: Date;
  /** When an administrator of the installation verified the organization. undefined if it isn't verified. */
  readonly verifiedAt: Date | undefined;
}

const COLUMNS = {
  organisation_id: 'uuid',
  name: 'text',
  domain: 'text?',
  website: 'text?',
  created_at: 'timestamptz',
  verified_at: 'timestamptz?',
} as const;
const SELECT = 'select organisation_id, name, domain, website, created_at, verified_at from organisation';
const byId = statement('registry.organisation.by-id', COLUMNS, `${SELECT} where organisation_id = $1`);
const byDomain = statement('registry.organisation.by-domain', COLUMNS, `${SELECT} where domain = $1`);
const insert = statement(
  'registry.organisation.insert',
  { organisation_id: 'uuid' },
  `insert into organisation (organisation_id, name, domain, website, created_at) values ($1, $2, $3, $4, $5)
   on conflict do nothing returning organisation_id`,
);
const insertFounder = statement(
  'registry.organisation.insert-founder',
  {},
  `insert into membership (organisation_id, account_id, role, joined_at) values ($1, $2, 'administrator', $3)`,
);
/**
 * Changes an organization. A new name removes the verification of the organization, because an
 * administrator verified the old name. It also removes the copies of the verification in the
 * organization's apps, which would otherwise stay verified.
 */
const change = statement(
  'registry.organisation.change',
  COLUMNS,
  `with had as (select name from organisation where organisation_id = $1),
   apps as (update app set verified_at = null from had where app.organisation_id = $1 and had.name <> $2)
   update organisation set name = $2, website = $3,
     verified_at = case when name = $2 then verified_at end, verified_by = case when name = $2 then verified_by end
   where organisation_id = $1 returning organisation_id, name, domain, website, created_at, verified_at`,
);

/** Returns an organization by id; undefined if there is none. */
export async function findOrganisation(
  db: Executor,
  organisationId: OrganisationId,
): Promise<Organisation | undefined> {
  return toOrganisation(await db.query(byId, [organisationId]));
}

/** Returns the organization that owns an email domain; undefined if there is none. */
export async function findOrganisationOfDomain(db: Executor, domain: string): Promise<Organisation | undefined> {
  return toOrganisation(await db.query(byDomain, [domain]));
}

export interface NewOrganisation {
  readonly organisationId: OrganisationId;
  readonly name: string;
  readonly domain: string | undefined;
  readonly website: string | undefined;
  /** Account that becomes the organization's first administrator. */
  readonly founder: AccountId;
  readonly now: Date;
}

/**
 * Creates an organization with its first administrator.
 * @returns false if another organization already has the email domain: of two concurrent calls only
 * the first succeeds
 */
export async function createOrganisation(tx: Executor, wanted: NewOrganisation): Promise<boolean> {
  const { organisationId, name, domain, website, founder, now } = wanted;
  if ((await tx.query(insert, [organisationId, name, domain, website, now])).length === 0) return false;
  await tx.query(insertFounder, [organisationId, founder, now]);
  return true;
}

/** Changes name and website of an organization. A new name removes the organization's verification. */
export async function changeOrganisation(
  tx: Executor,
  organisationId: OrganisationId,
  { name, website }: Pick<Organisation, 'name' | 'website'>,
): Promise<Organisation | undefined> {
  return toOrganisation(await tx.query(change, [organisationId, name, website]));
}

const toOrganisation = ([row]: readonly RowOf<typeof COLUMNS>[]): Organisation | undefined =>
  row === undefined
    ? undefined
    : {
        organisationId: row.organisation_id as OrganisationId,
        name: row.name,
        domain: row.domain ?? undefined,
        website: row.website ?? undefined,
        createdAt: row.created_at,
        verifiedAt: row.verified_at ?? undefined,
      };
