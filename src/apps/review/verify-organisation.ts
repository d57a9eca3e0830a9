import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { type AccountId, conflictProblem, type OrganisationId, Problem } from '../../kernel/index.ts';
import { lockOrganisation } from '../organisations/members.ts';
import { findOrganisation, type Organisation } from '../organisations/organisation.ts';

/** An organization that develops apps, as administrators see it. */
export interface ListedOrganisation extends Organisation {
  readonly verifiedBy: string | undefined;
  readonly people: number;
  readonly apps: number;
  /** Number of pending versions of its apps whose developer an administrator has yet to verify. */
  readonly versionsToVerify: number;
  /** Number of pending versions of its apps that are waiting only for the decision to enable the app. */
  readonly versionsToEnable: number;
}

const COLUMNS = {
  organisation_id: 'uuid',
  name: 'text',
  domain: 'text?',
  website: 'text?',
  created_at: 'timestamptz',
  verified_at: 'timestamptz?',
  verified_by: 'text?',
  people: 'int4?',
  apps: 'int4?',
  to_verify: 'int4?',
  to_enable: 'int4?',
} as const;
const list = statement(
  'registry.review.organisations',
  COLUMNS,
  `select o.organisation_id, o.name, o.domain, o.website, o.created_at, o.verified_at, a.display_name as verified_by,
     (select count(*)::int from membership m where m.organisation_id = o.organisation_id) as people,
     (select count(*)::int from app where app.organisation_id = o.organisation_id) as apps,
     p.to_verify, p.to_enable
   from organisation o left join account a on a.account_id = o.verified_by
     left join (
       select app.organisation_id, (count(*) filter (where v.state = 'waiting'))::int as to_verify,
         (count(*) filter (where v.state = 'verified'))::int as to_enable
       from app_version v join app on app.client_id = v.client_id
       where v.state in ('waiting', 'verified') and app.state <> 'retired'
       group by app.organisation_id) p on p.organisation_id = o.organisation_id
   order by lower(o.name), o.organisation_id`,
);
const verify = statement(
  'registry.review.verify-organisation',
  { organisation_id: 'uuid' },
  `update organisation set verified_at = $2, verified_by = $3 where organisation_id = $1 and verified_at is null
   returning organisation_id`,
);
/** Removes the verification of an organization and the copies of it that the organization's apps have. */
const unverify = statement(
  'registry.review.unverify-organisation',
  { organisation_id: 'uuid' },
  `with done as (
     update organisation set verified_at = null, verified_by = null
     where organisation_id = $1 and verified_at is not null returning organisation_id),
   apps as (update app set verified_at = null from done where app.organisation_id = done.organisation_id)
   select organisation_id from done`,
);

/** Returns all organizations, sorted by name. */
export async function listOrganisations(db: Executor): Promise<readonly ListedOrganisation[]> {
  return (await db.query(list)).map(toListedOrganisation);
}

/**
 * Verifies an organization. Throws `conflict` if its name has changed since the administrator
 * reviewed it.
 * @param seen the reviewed name
 * @returns false if the organization was already verified
 */
export async function verifyOrganisation(
  tx: Executor,
  now: Date,
  organisationId: OrganisationId,
  { by, seen }: { readonly by: AccountId; readonly seen: string },
): Promise<boolean> {
  await lockOrganisation(tx, organisationId);
  const { name } = await requireOrganisation(tx, organisationId);
  if (name !== seen) throw conflictProblem(`The organization is now called ${name}. Reload the page and review it.`);
  return (await tx.query(verify, [organisationId, now, by])).length > 0;
}

/**
 * Removes the verification of an organization. The organization's apps keep working, but later
 * submissions are reviewed by an administrator again.
 * @returns false if the organization was not verified
 */
export async function unverifyOrganisation(tx: Executor, organisationId: OrganisationId): Promise<boolean> {
  await requireOrganisation(tx, organisationId);
  return (await tx.query(unverify, [organisationId])).length > 0;
}

async function requireOrganisation(db: Executor, organisationId: OrganisationId): Promise<Organisation> {
  const found = await findOrganisation(db, organisationId);
  if (found !== undefined) return found;
  throw new Problem('not-found', { status: 404, message: 'This organization doesn’t exist.' });
}

const toListedOrganisation = (row: RowOf<typeof COLUMNS>): ListedOrganisation => ({
  organisationId: row.organisation_id as OrganisationId,
  name: row.name,
  domain: row.domain ?? undefined,
  website: row.website ?? undefined,
  createdAt: row.created_at,
  verifiedAt: row.verified_at ?? undefined,
  verifiedBy: row.verified_by ?? undefined,
  people: row.people ?? 0,
  apps: row.apps ?? 0,
  versionsToVerify: row.to_verify ?? 0,
  versionsToEnable: row.to_enable ?? 0,
});
